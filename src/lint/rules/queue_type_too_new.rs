use crate::lint::brokers::{clusters, release};
use crate::lint::{Check, Confidence, Context, Level, Rule, Sink};
use crate::releases::rabbitmq_has;
use crate::topology::QueueKind;

/// A type of queue that the release does not have, or that it makes with a single replica.
pub const RULE: Rule = Rule {
    name: "queue-type-too-new",
    level: Level::Error,
    page: include_str!("../../../docs/rules/queue-type-too-new.md"),
    check: Check::Claims(check),
};

fn check(context: &Context<'_>, sink: &mut Sink) {
    let system = context.system;
    let sizes: rustc_hash::FxHashMap<_, _> =
        clusters(system).iter().map(|cluster| (cluster.id, cluster.size())).collect();
    for claim in system.queues.values() {
        let Some((version, at)) = release(system, claim.cluster) else { continue };
        let (what, feature, since) = match claim.kind.known() {
            Some(QueueKind::Quorum) => ("quorum queues", "quorum-queues", "3.8"),
            Some(QueueKind::Stream) => ("streams", "streams", "3.9"),
            _ => continue,
        };
        if !rabbitmq_has(feature, version) {
            sink.finding(format!("RabbitMQ {version} has no {what}"))
                .label(claim.kind.span(), format!("from {since} on"))
                .label(at, "the release")
                .note("the argument is ignored or refused: there is a queue with one copy under this name, or none")
                .help(format!("choose {since} or newer, or leave type= out"))
                .emit();
        } else if sizes.get(&claim.cluster).is_some_and(|size| *size > 1)
            && !rabbitmq_has("quorum-membership-reconciliation", version)
        {
            sink.finding(format!("`{}` has one replica", claim.name.value))
                .level(Level::Warning)
                .confidence(Confidence::Likely)
                .label(claim.kind.span(), "made by the first broker, before the others are there")
                .label(at, "does not add replicas by itself; 3.13 does")
                .note("the queue is away whenever its broker is, and gone with its disk, though it looks replicated")
                .help(
                    "let clients declare it once the cluster stands, or run `rabbitmq-queues grow NODE all` for each other \
                     broker after the first start",
                )
                .emit();
        }
    }
}
