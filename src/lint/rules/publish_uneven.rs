use std::collections::{BTreeMap, BTreeSet};

use crate::lint::members::{Places, names};
use crate::lint::{Check, Confidence, Context, Level, Rule, Sink};
use crate::system::{Component, Host, Id};

/// A port for clients that is open on one host and not on another.
pub const RULE: Rule = Rule {
    name: "publish-uneven",
    level: Level::Warning,
    page: include_str!("../../../docs/rules/publish-uneven.md"),
    check: Check::Claims(check),
};

/// A port of a component, by name.
type Port<'a> = (Id<Component>, &'a str);

fn check(context: &Context<'_>, sink: &mut Sink) {
    let system = context.system;
    let entries: rustc_hash::FxHashSet<_> = system.proxies.values().map(|proxy| proxy.listen).collect();
    let mut open: BTreeMap<Port<'_>, (BTreeSet<Id<Host>>, Places<'_>)> = BTreeMap::new();
    for claim in system.publishes.values().filter(|claim| entries.contains(&claim.listen)) {
        if claim.bind.known().is_none_or(std::net::Ipv4Addr::is_loopback) {
            continue;
        }
        let unit = &system.units[claim.unit];
        let name = system.listens[claim.listen].name.as_str();
        let (hosts, places) = open.entry((unit.component, name)).or_insert_with(|| (BTreeSet::new(), Places::new()));
        hosts.insert(claim.host);
        places.add(claim.span, &unit.name.value);
    }
    for ((id, name), (hosts, places)) in open {
        let closed = system.components[id].units.iter().map(|unit| &system.units[*unit]);
        let closed: Vec<_> = closed.filter(|unit| !hosts.contains(&unit.host) && !unit.on_host_network).collect();
        if closed.is_empty() {
            continue;
        }
        let mut without = Places::new();
        for unit in &closed {
            without.add(unit.name.span, &unit.name.value);
        }
        let of = &system.components[id].name.value;
        sink.finding(format!("port `{name}` of `{of}` is open on some of its hosts and closed on others"))
            .labels(without.labels(|who| format!("{}: not published here", names(who))))
            .labels(places.labels(|who| format!("{}: published", names(who))))
            .confidence(Confidence::Likely)
            .note("clients that are led to the other host, by a name with several addresses or after a failover, find nobody there")
            .help(format!("write publish inside `{name}`: it is then open on every host"))
            .emit();
    }
}
