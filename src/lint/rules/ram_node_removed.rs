use crate::lint::members::place;
use crate::lint::{Check, Context, Fix, Level, Rule, Sink};
use crate::topology::NodeKind;

/// RAM nodes on a release that has none.
pub const RULE: Rule = Rule {
    name: "ram-node-removed",
    level: Level::Error,
    page: include_str!("../../../docs/rules/ram-node-removed.md"),
    check: Check::Claims(check),
};

fn check(context: &Context<'_>, sink: &mut Sink) {
    let system = context.system;
    for broker in system.brokers.values().filter(|broker| broker.kind.known() == Some(&NodeKind::Ram)) {
        let component = &system.components[broker.cluster];
        let release = &component.release.version;
        let Some(version) = release.known().filter(|version| version.at_least(4, 3, 0)) else { continue };
        let unit = &system.units[broker.unit];
        let name = &unit.name.value;
        sink.finding(format!("`{name}` is a RAM node, and RabbitMQ {version} has none"))
            .label(place(&broker.kind, unit.name.span), "removed in 4.3")
            .label(place(release, component.name.span), "the release")
            .note("the configuration stops the boot, and `join_cluster --ram` exits with 64, after which the broker runs alone")
            .help("leave the kind out: every broker of 4.3 keeps the metadata on disk")
            .fix(broker.kind.is_written().then(|| Fix {
                title: format!("make `{name}` a disc node"),
                safe: true,
                edits: vec![(broker.kind.span(), "\"disc\"".to_owned())],
            }))
            .emit();
    }
}
