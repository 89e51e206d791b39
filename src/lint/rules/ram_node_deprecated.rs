use crate::lint::brokers::release;
use crate::lint::members::place;
use crate::lint::{Check, Context, Fix, Level, Rule, Sink};
use crate::releases::rabbitmq_has;
use crate::topology::NodeKind;

/// RAM nodes on a release that says they will go.
pub const RULE: Rule = Rule {
    name: "ram-node-deprecated",
    level: Level::Warning,
    page: include_str!("../../../docs/rules/ram-node-deprecated.md"),
    check: Check::Claims(check),
};

fn check(context: &Context<'_>, sink: &mut Sink) {
    let system = context.system;
    for broker in system.brokers.values().filter(|broker| broker.kind.known() == Some(&NodeKind::Ram)) {
        let Some((version, at)) = release(system, broker.cluster) else { continue };
        if !rabbitmq_has("ram-nodes-deprecated", version) || !rabbitmq_has("ram-nodes", version) {
            continue;
        }
        let unit = &system.units[broker.unit];
        let name = &unit.name.value;
        sink.finding(format!("`{name}` is a RAM node, which RabbitMQ {version} warns of"))
            .label(place(&broker.kind, unit.name.span), "removed in 4.3")
            .label(at, "the release")
            .note("the broker logs a warning at each start; after the upgrade to 4.3 it does not boot any more")
            .help("leave the kind out while there is time: each broker then keeps the metadata on disk")
            .fix(broker.kind.is_written().then(|| Fix {
                title: format!("make `{name}` a disc node"),
                safe: true,
                edits: vec![(broker.kind.span(), "\"disc\"".to_owned())],
            }))
            .emit();
    }
}
