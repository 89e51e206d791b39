use crate::lint::brokers::{clusters, release};
use crate::lint::{Check, Context, Level, Rule, Sink};
use crate::releases::rabbitmq_has;
use crate::system::Coverage;

/// An even number of brokers is no safer than one less.
pub const RULE: Rule = Rule {
    name: "even-brokers",
    level: Level::Warning,
    page: include_str!("../../../docs/rules/even-brokers.md"),
    check: Check::Claims(check),
};

fn check(context: &Context<'_>, sink: &mut Sink) {
    let system = context.system;
    if !matches!(system.coverage, Coverage::Closed) {
        return;
    }
    for cluster in clusters(system) {
        let brokers = cluster.brokers.len();
        if brokers == 0 || brokers % 2 == 1 {
            continue;
        }
        let draft = sink.finding(format!("`{}` has {brokers} brokers", cluster.name)).label(cluster.span, "an even number");
        if brokers > 2 {
            draft
                .note(format!(
                    "a majority is {} of them, so {} may die: as many as of {}, and a cut through the middle leaves no side \
                     that serves",
                    brokers / 2 + 1,
                    brokers / 2 - 1,
                    brokers - 1
                ))
                .help(format!("declare {} or {}", brokers - 1, brokers + 1))
                .emit();
            continue;
        }
        let release = release(system, cluster.id);
        match release.filter(|(version, _)| rabbitmq_has("khepri-by-default", *version)) {
            Some((version, at)) => draft
                .level(Level::Error)
                .label(at, "keeps its metadata with Khepri, which needs a majority")
                .note(format!(
                    "a majority of two is both: when either dies, the other of RabbitMQ {version} declares no queue and lets \
                     quorum queues stand, so two fail twice as often as one"
                ))
                .help("declare three, of which one may die, or one")
                .emit(),
            None => draft
                .note(
                    "a quorum queue needs both; and when they lose sight of each other, either both stop or both go on and \
                     one of them forgets what it did meanwhile",
                )
                .help("declare three, of which one may die, or one")
                .emit(),
        }
    }
}
