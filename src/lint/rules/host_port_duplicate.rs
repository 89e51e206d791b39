use std::collections::{BTreeMap, BTreeSet};
use std::net::Ipv4Addr;

use crate::derive::PortUse;
use crate::lint::members::{Places, names, place};
use crate::lint::{Check, Context, Level, Rule, Sink};

/// A port of a host can be published once; `0.0.0.0` takes it on every address.
pub const RULE: Rule = Rule {
    name: "host-port-duplicate",
    level: Level::Error,
    page: include_str!("../../../docs/rules/host-port-duplicate.md"),
    check: Check::Claims(check),
};

fn check(context: &Context<'_>, sink: &mut Sink) {
    let system = context.system;
    for ((host, port), uses) in &context.derived.host_ports {
        // Docker picks a free port for 0; what is out of range is `port-out-of-range`.
        if uses.len() < 2 || !(1..=65535).contains(port) {
            continue;
        }
        let mut by_address: BTreeMap<Ipv4Addr, Vec<PortUse>> = BTreeMap::new();
        for used in uses {
            by_address.entry(used.bind).or_default().push(*used);
        }
        let clashes = if by_address.contains_key(&Ipv4Addr::UNSPECIFIED) {
            vec![by_address.into_values().flatten().collect()]
        } else {
            by_address.into_values().collect::<Vec<_>>()
        };
        let mut said = BTreeSet::new();
        for mut clash in clashes.into_iter().filter(|clash: &Vec<_>| clash.len() > 1) {
            clash.sort_by_key(|used| (used.publish.is_none(), used.publish, used.listen));
            let binds: BTreeSet<Ipv4Addr> = clash.iter().map(|used| used.bind).collect();
            // A port on the host's own network may take several addresses, and meet the same others on each.
            clash.dedup_by_key(|used| (used.publish, used.listen));
            // Within one program it is `port-listened-twice`: web services may share a port, and whatever else they do
            // there clashes with others once.
            let mut own = BTreeSet::new();
            clash.retain(|used| used.publish.is_some() || own.insert(used.unit));
            let who: Vec<_> = clash.iter().map(|used| (used.publish, used.listen)).collect();
            if clash.len() < 2 || !said.insert(who) {
                continue;
            }
            let host = &system.hosts[*host].name.value;
            let mut places = Places::new();
            let mut binds_at = BTreeMap::new();
            // The first who asks for a port gets it: the later ones stand first.
            for used in clash.iter().rev() {
                let (span, on) = match used.publish.map(|id| &system.publishes[id]) {
                    // A bind that was not written is no place; the port, where it was written, is.
                    Some(publish) if publish.port.is_written() => (publish.port.span(), used.bind.to_string()),
                    Some(publish) => (publish.span, used.bind.to_string()),
                    None => {
                        let declared = system.units[used.unit].name.span;
                        let on = if used.bind.is_unspecified() { "every address of the host" } else { "the host's own network" };
                        (place(&system.listens[used.listen].port, declared), on.to_owned())
                    }
                };
                binds_at.entry(span).or_insert(on);
                places.add(span, &system.units[used.unit].name.value);
            }
            let labels = places.labels(|who| format!("{} {} it", names(who), if who.len() == 1 { "wants" } else { "want" }));
            let labels = labels.into_iter().map(|(span, text)| match binds_at.get(&span) {
                Some(on) => (span, format!("{text} on {on}")),
                None => (span, text),
            });
            let mixed = binds.len() > 1 && binds.contains(&Ipv4Addr::UNSPECIFIED);
            let note = if mixed { "0.0.0.0 takes the port on every address of the host; " } else { "" };
            let published = clash.iter().all(|used| used.publish.is_some());
            let (verb, help) = if published {
                ("published", "give each its own port, or leave the port out: then a free one is chosen and kept")
            } else {
                ("used", "give each its own port, or its own host; on the host's network every port is the host's")
            };
            sink.finding(format!("port {port} of host `{host}` is {verb} {} times", clash.len()))
                .labels(labels)
                .note(format!("{note}the first container gets the port, every other one fails to start"))
                .help(help)
                .emit();
        }
    }
}
