use std::collections::BTreeMap;
use std::net::Ipv4Addr;

use crate::lint::members::{Places, names};
use crate::lint::{Check, Context, Level, Rule, Sink};
use crate::system::{Id, PublishClaim};

/// A port of a host can be published once; `0.0.0.0` takes it on every address.
pub const RULE: Rule = Rule {
    name: "host-port-duplicate",
    level: Level::Error,
    page: include_str!("../../../docs/rules/host-port-duplicate.md"),
    check: Check::Claims(check),
};

fn check(context: &Context<'_>, sink: &mut Sink) {
    let system = context.system;
    for ((host, port), publishes) in &context.derived.host_ports {
        // Docker picks a free port for 0; what is out of range is `port-out-of-range`.
        if publishes.len() < 2 || !(1..=65535).contains(port) {
            continue;
        }
        let mut by_address: BTreeMap<Ipv4Addr, Vec<Id<PublishClaim>>> = BTreeMap::new();
        for id in publishes {
            if let Some(bind) = system.publishes[*id].bind.known() {
                by_address.entry(*bind).or_default().push(*id);
            }
        }
        let clashes = if by_address.contains_key(&Ipv4Addr::UNSPECIFIED) {
            vec![by_address.into_values().flatten().collect()]
        } else {
            by_address.into_values().collect::<Vec<_>>()
        };
        for mut clash in clashes.into_iter().filter(|clash: &Vec<_>| clash.len() > 1) {
            clash.sort();
            let host = &system.hosts[*host].name.value;
            let mut places = Places::new();
            let mut binds_at = BTreeMap::new();
            // The first who asks for a port gets it: the later ones stand first.
            for id in clash.iter().rev() {
                let publish = &system.publishes[*id];
                // A bind that was not written is no place; the port, where it was written, is.
                let span = if publish.port.is_written() { publish.port.span() } else { publish.span };
                binds_at.entry(span).or_insert(publish.bind.known());
                places.add(span, &system.units[publish.unit].name.value);
            }
            let labels = places.labels(|who| format!("{} wants it", names(who)));
            let labels = labels.into_iter().map(|(span, text)| match binds_at.get(&span) {
                Some(Some(bind)) => (span, format!("{text} on {bind}")),
                _ => (span, text),
            });
            let binds = clash.iter().filter_map(|id| system.publishes[*id].bind.known());
            let mixed = binds.clone().any(|bind| !bind.is_unspecified()) && binds.clone().any(Ipv4Addr::is_unspecified);
            let note = if mixed { "0.0.0.0 takes the port on every address of the host; " } else { "" };
            sink.finding(format!("port {port} of host `{host}` is published {} times", clash.len()))
                .labels(labels)
                .note(format!("{note}the first container gets the port, every other one fails to start"))
                .help("give each its own port, or leave the port out: then a free one is chosen and kept")
                .emit();
        }
    }
}
