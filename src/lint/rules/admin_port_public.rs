use std::collections::BTreeMap;

use crate::lint::members::{Places, names, place};
use crate::lint::proxies::{Hops, program};
use crate::lint::{Check, Confidence, Context, Fix, Level, Rule, Sink};
use crate::source::Span;
use crate::system::{Id, ListenClaim, Program, ProxyClaim, System};

/// What is for operators, on every address of a host. Docker opens published ports past the rules of ufw and firewalld
/// (docs.docker.com, "Packet filtering and firewalls").
pub const RULE: Rule = Rule {
    name: "admin-port-public",
    level: Level::Warning,
    page: include_str!("../../../docs/rules/admin-port-public.md"),
    check: Check::Claims(check),
};

fn check(context: &Context<'_>, sink: &mut Sink) {
    let system = context.system;
    let mut hops = Hops::of(context);
    let proxies: rustc_hash::FxHashMap<Id<ListenClaim>, &ProxyClaim> =
        system.proxies.values().map(|proxy| (proxy.listen, proxy)).collect();
    // One publish line of a port speaks for all nodes.
    let mut found: BTreeMap<(Span, &'static str, bool), Places<'_>> = BTreeMap::new();
    for claim in system.publishes.values() {
        let everywhere = claim.bind.known().is_some_and(std::net::Ipv4Addr::is_unspecified);
        // On the host's own network nothing is published.
        if !everywhere || !claim.bind.is_written() || system.units[claim.unit].on_host_network {
            continue;
        }
        let own = what(system, &system.listens[claim.listen]);
        let mut through =
            || proxies.get(&claim.listen).and_then(|proxy| hops.end(proxy)).and_then(|end| what(system, end));
        let Some((what, direct)) = own.map(|what| (what, true)).or_else(|| through().map(|what| (what, false))) else {
            continue;
        };
        let at = place(&claim.bind, claim.span);
        let places = found.entry((at, what, direct)).or_insert_with(Places::new);
        places.add(at, &system.units[claim.unit].name.value);
    }
    for ((at, what, direct), places) in found {
        let confidence = if direct { Confidence::Certain } else { Confidence::Likely };
        sink.finding(format!("{what} is open to everybody who reaches the host"))
            .labels(places.labels(|who| format!("{}: every address of the host", names(who))))
            .confidence(confidence)
            .note("the port speaks HTTP in clear, passwords with it, and Docker opens it past the host's own firewall rules (ufw, \
                 firewalld)")
            .help("write bind=\"127.0.0.1\" and come through ssh -L, or the address of the host on a network of operators")
            .fix(Some(Fix {
                title: "publish it for the host alone".to_owned(),
                safe: false,
                edits: vec![(at, "\"127.0.0.1\"".to_owned())],
            }))
            .emit();
    }
}

/// What operators see behind a port, if it is for them.
fn what(system: &System, listen: &ListenClaim) -> Option<&'static str> {
    match (program(system, listen.unit), listen.name.as_str()) {
        (Program::Rabbitmq, "management") => Some("RabbitMQ's management"),
        (Program::Rabbitmq, "prometheus") => Some("what RabbitMQ tells of itself (metrics)"),
        (Program::Haproxy, "stats") => Some("HAProxy's statistics page"),
        _ => None,
    }
}
