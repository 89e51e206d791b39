use std::collections::{BTreeMap, BTreeSet};
use std::net::Ipv4Addr;

use crate::lint::members::place;
use crate::lint::{Check, Context, Level, Rule, Sink};
use crate::source::Span;
use crate::system::{Host, Id, Place};

/// A port can be published on addresses of its own host alone, and on a VIP only while it is there.
pub const RULE: Rule = Rule {
    name: "bind-elsewhere",
    level: Level::Error,
    page: include_str!("../../../docs/rules/bind-elsewhere.md"),
    check: Check::Claims(check),
};

fn check(context: &Context<'_>, sink: &mut Sink) {
    let system = context.system;
    let mut hosts: BTreeMap<Ipv4Addr, Vec<Id<Host>>> = BTreeMap::new();
    for (id, host) in system.hosts.iter() {
        if let Some(address) = host.address.known() {
            hosts.entry(*address).or_default().push(id);
        }
    }
    let lan = system.vrrps.values().filter(|claim| system.segments[claim.segment].place == Place::Lan);
    let vips: BTreeMap<Ipv4Addr, Span> =
        lan.flat_map(|claim| &claim.vips).filter_map(|vip| Some((*vip.known()?, vip.span()))).collect();
    let mut seen = BTreeSet::new();
    for claim in system.publishes.values().filter(|claim| !system.units[claim.unit].on_host_network) {
        let Some(bind) = claim.bind.known() else { continue };
        let own = &system.hosts[claim.host];
        let at = place(&claim.bind, claim.span);
        if hosts.get(bind).is_some_and(|of| of.contains(&claim.host)) || !seen.insert((claim.host, at)) {
            continue;
        }
        let (whose, span, note) = if let Some(vip) = vips.get(bind) {
            ("a VIP", *vip, "the container starts only where the VIP is at that moment, and the port stays behind when the VIP moves")
        } else if let Some(other) = hosts.get(bind).and_then(|of| of.first()) {
            let span = place(&system.hosts[*other].address, system.hosts[*other].name.span);
            ("another host's address", span, "Docker cannot take it: the container does not start (cannot assign requested address)")
        } else {
            continue;
        };
        sink.finding(format!("a port is published on {bind}, which host `{}` does not have", own.name.value))
            .label(at, format!("on {whose}"))
            .label(span, "this one")
            .label(place(&own.address, own.name.span), format!("the address of `{}`", own.name.value))
            .note(note)
            .help("write the address of the host on which the container runs, 0.0.0.0 for all of them, or 127.0.0.1")
            .emit();
    }
}
