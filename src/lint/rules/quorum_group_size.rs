use rustc_hash::FxHashMap;

use crate::lint::brokers::{Cluster, clusters};
use crate::lint::settings::{Settings, whole};
use crate::lint::{Check, Context, Level, Rule, Sink};
use crate::source::Span;
use crate::system::Coverage;

/// Quorum queues with a number of replicas that bears no death, or that the cluster does not have.
pub const RULE: Rule = Rule {
    name: "quorum-group-size",
    level: Level::Warning,
    page: include_str!("../../../docs/rules/quorum-group-size.md"),
    check: Check::Claims(check),
};

/// Settings that say how many replicas a quorum queue has.
const KEYS: [&str; 2] = [
    "quorum_queue.initial_cluster_size",
    "quorum_queue.continuous_membership_reconciliation.target_group_size",
];

fn check(context: &Context<'_>, sink: &mut Sink) {
    let system = context.system;
    if !matches!(system.coverage, Coverage::Closed) {
        return;
    }
    let settings = Settings::of(system);
    let clusters: FxHashMap<_, _> = clusters(system).into_iter().map(|cluster| (cluster.id, cluster)).collect();
    for claim in system.settings.values().filter(|claim| KEYS.contains(&claim.key.value.as_str())) {
        let counts = settings.get(claim.cluster, &claim.key.value).is_some_and(|last| std::ptr::eq(last, claim));
        if let (Some(cluster), Some(is), true) = (clusters.get(&claim.cluster), whole(&claim.value.value), counts) {
            judge(is, claim.value.span, cluster, sink);
        }
    }
    for claim in system.policies.values() {
        let (Some(value), Some(cluster)) = (claim.get("target-group-size"), clusters.get(&claim.cluster)) else { continue };
        if let Some(is) = whole(&value.value) {
            judge(is, value.span, cluster, sink);
        }
    }
}

fn judge(is: i64, at: Span, cluster: &Cluster<'_>, sink: &mut Sink) {
    let size = cluster.size();
    // What is no number of replicas at all is the business of the rules about values.
    if is < 1 || size < 2 {
        return;
    }
    let best = if size < 5 { 3.min(size) } else { 5 };
    let (message, note) = if is > size {
        (
            format!("quorum queues of `{}` want {is} replicas on {size} brokers", cluster.name),
            "there is one replica a broker, and nothing says that some are missing",
        )
    } else if is < 3 && size > 2 {
        (
            format!("quorum queues of `{}` have {is} of {size} replicas that they could have", cluster.name),
            "when one of their brokers dies, they have no majority: nobody publishes and nobody consumes until it is back, and \
             with its disk the messages are gone",
        )
    } else if is % 2 == 0 {
        (
            format!("quorum queues of `{}` have an even number of replicas", cluster.name),
            "the last replica adds a copy of each message and bears no further death",
        )
    } else {
        return;
    };
    sink.finding(message)
        .label(at, if is == 1 { "1 replica".to_owned() } else { format!("{is} replicas") })
        .label(cluster.span, format!("{size} brokers"))
        .note(note)
        .help(format!("write {best}, or leave it out: an odd number that fits is the default here"))
        .emit();
}
