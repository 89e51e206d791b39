use crate::lint::brokers::{clusters, release};
use crate::lint::members::{names, place};
use crate::lint::{Check, Context, Level, Rule, Sink};
use crate::releases::rabbitmq_has;
use crate::system::Coverage;
use crate::topology::NodeKind;

/// The metadata of a cluster belongs on the disks of two brokers at least.
pub const RULE: Rule = Rule {
    name: "too-few-disc-nodes",
    level: Level::Error,
    page: include_str!("../../../docs/rules/too-few-disc-nodes.md"),
    check: Check::Claims(check),
};

fn check(context: &Context<'_>, sink: &mut Sink) {
    let system = context.system;
    if !matches!(system.coverage, Coverage::Closed) {
        return;
    }
    for cluster in clusters(system) {
        // Where there are no RAM nodes, that is the mistake.
        if release(system, cluster.id).is_none_or(|(version, _)| !rabbitmq_has("ram-nodes", version)) {
            continue;
        }
        let (ram, disc): (Vec<_>, Vec<_>) =
            cluster.brokers.iter().partition(|broker| broker.kind.known() == Some(&NodeKind::Ram));
        if ram.is_empty() || disc.len() > 1 {
            continue;
        }
        let name = |broker: &&&crate::system::BrokerClaim| system.units[broker.unit].name.value.as_str();
        let message = match disc.first() {
            Some(broker) => format!("only `{}` of `{}` keeps the metadata on disk", name(&broker), cluster.name),
            None => format!("no broker of `{}` keeps the metadata on disk", cluster.name),
        };
        let label = |broker: &&crate::system::BrokerClaim, text: &str| {
            (place(&broker.kind, system.units[broker.unit].name.span), text.to_owned())
        };
        let labels = ram.iter().map(|broker| label(broker, "in memory only"));
        let labels = labels.chain(disc.iter().map(|broker| label(broker, "on disk")));
        let note = match disc.first() {
            Some(broker) => format!(
                "when {} loses its disk, every queue, user, binding and policy of the cluster is gone; while it is away, \
                 nothing can be declared",
                names(&[name(&broker)])
            ),
            None => "after a power cut the cluster begins anew: without queues, users, bindings and policies".to_owned(),
        };
        sink.finding(message)
            .labels(labels)
            .note(note)
            .help("leave kind= out: RAM nodes help where queues are declared thousands of times a second, and nowhere else")
            .emit();
    }
}
