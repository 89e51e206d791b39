use crate::lint::brokers::{clusters, release};
use crate::lint::settings::{Settings, text};
use crate::lint::{Check, Confidence, Context, Fix, Level, Rule, Sink};
use crate::releases::rabbitmq_has;

/// Brokers that go on apart from each other, for ever.
pub const RULE: Rule = Rule {
    name: "partition-handling-ignore",
    level: Level::Warning,
    page: include_str!("../../../docs/rules/partition-handling-ignore.md"),
    check: Check::Claims(check),
};

fn check(context: &Context<'_>, sink: &mut Sink) {
    let system = context.system;
    let settings = Settings::of(system);
    for cluster in clusters(system).iter().filter(|cluster| cluster.size() > 1) {
        let Some(claim) = settings.get(cluster.id, "cluster_partition_handling") else { continue };
        let heeded = release(system, cluster.id)
            .is_some_and(|(version, _)| rabbitmq_has("cluster-partition-handling", version));
        if !heeded || text(&claim.value.value) != "ignore" {
            continue;
        }
        let better = if cluster.size() > 2 { "pause_minority" } else { "autoheal" };
        sink.finding(format!("nobody mends `{}` after a partition", cluster.name))
            .confidence(Confidence::Likely)
            .label(claim.value.span, "both sides go on, and stay apart")
            .note(
                "one short interruption of the network, and the brokers serve as clusters of their own until somebody notices \
                 and restarts one side: clients see other queues depending on where they are connected",
            )
            .help(format!("write {better}, or leave it out: it is the default here"))
            .fix(Some(Fix {
                title: format!("write {better}"),
                safe: false,
                edits: vec![(claim.value.span, format!("\"{better}\""))],
            }))
            .emit();
    }
}
