use std::collections::{BTreeMap, BTreeSet};

use crate::lint::members::{Places, list, names};
use crate::lint::{Check, Context, Level, Rule, Sink};
use crate::system::{Component, Id, Segment, Unit};

/// A container is on its host's own network or on bridges, never on both.
pub const RULE: Rule = Rule {
    name: "bridge-and-host-network",
    level: Level::Error,
    page: include_str!("../../../docs/rules/bridge-and-host-network.md"),
    check: Check::Claims(check),
};

/// What stands on both sides, of one component.
#[derive(Default)]
struct Torn {
    units: BTreeSet<Id<Unit>>,
    bridges: BTreeSet<Id<Segment>>,
    lans: BTreeSet<Id<Segment>>,
}

fn check(context: &Context<'_>, sink: &mut Sink) {
    let system = context.system;
    let mut torn: BTreeMap<Id<Component>, Torn> = BTreeMap::new();
    for claim in system.addresses.values() {
        let unit = &system.units[claim.unit];
        if !unit.on_host_network {
            continue;
        }
        let of = torn.entry(unit.component).or_default();
        if system.segments[claim.segment].host().is_some() {
            of.units.insert(claim.unit);
            of.bridges.insert(claim.segment);
        } else {
            of.lans.insert(claim.segment);
        }
    }
    for of in torn.into_values().filter(|of| !of.units.is_empty()) {
        let mut places = Places::new();
        for unit in of.units.iter().map(|id| &system.units[*id].name) {
            places.add(unit.span, &unit.value);
        }
        let who: Vec<&str> = of.units.iter().map(|id| system.units[*id].name.value.as_str()).collect();
        let network = |id: &Id<Segment>| format!("`{}`", system.segments[*id].name.value);
        let (bridges, lans) = (list(of.bridges.iter().map(network)), list(of.lans.iter().map(network)));
        let is = if who.len() == 1 { "is" } else { "are" };
        let place = |id: &Id<Segment>, what: &str| (system.segments[*id].name.span, what.to_owned());
        let bridge = of.bridges.iter().map(|id| place(id, "a bridge")).take(4);
        let lan = of.lans.iter().map(|id| place(id, "the network between the hosts")).take(4);
        sink.finding(format!("{} {is} attached to {bridges} and to {lans}", names(&who)))
            .labels(places.labels(|who| format!("{}: on both", names(who))))
            .labels(bridge.chain(lan))
            .note(
                "Compose refuses a service with both: who runs on its host's own network has no address on a bridge. The \
                 file says network_mode: host alone",
            )
            .help(format!(
                "leave out the attachment to {bridges}: from the host's own network the containers on its bridges can be \
                 reached as it is"
            ))
            .emit();
    }
}
