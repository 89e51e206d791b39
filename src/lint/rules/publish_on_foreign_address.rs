use std::collections::BTreeSet;
use std::net::Ipv4Addr;

use rustc_hash::FxHashMap;

use crate::lint::members::place;
use crate::lint::{Check, Context, Level, Rule, Sink};
use crate::source::Span;
use crate::system::{Host, Id};

/// A port published on an address that the host has not, or not always: another host's, or a VIP.
pub const RULE: Rule = Rule {
    name: "publish-on-foreign-address",
    level: Level::Error,
    page: include_str!("../../../docs/rules/publish-on-foreign-address.md"),
    check: Check::Claims(check),
};

fn check(context: &Context<'_>, sink: &mut Sink) {
    let system = context.system;
    let mut hosts: FxHashMap<Ipv4Addr, Vec<Id<Host>>> = FxHashMap::default();
    for (id, host) in system.hosts.iter() {
        if let Some(ip) = host.address.known() {
            hosts.entry(*ip).or_default().push(id);
        }
    }
    let mut vips: FxHashMap<Ipv4Addr, Span> = FxHashMap::default();
    for claim in system.vrrps.values() {
        for (vip, ip) in claim.vips.iter().filter_map(|vip| Some((vip, *vip.known()?))) {
            vips.entry(ip).or_insert_with(|| place(vip, claim.span));
        }
    }
    // One line speaks for all nodes. On the host's own network nothing is published, and another rule says so.
    let mut seen = BTreeSet::new();
    for publish in system.publishes.values().filter(|publish| !system.units[publish.unit].on_host_network) {
        let Some(bind) = publish.bind.known().filter(|ip| !ip.is_unspecified() && !ip.is_loopback()) else { continue };
        let here = &system.hosts[publish.host].name.value;
        let owners = hosts.get(bind);
        let at = place(&publish.bind, publish.span);
        if owners.is_some_and(|owners| owners.contains(&publish.host)) || !seen.insert((publish.host, at)) {
            continue;
        }
        let unit = &system.units[publish.unit].name.value;
        let draft = if let Some(vip) = vips.get(bind) {
            sink.finding(format!("`{unit}` is published on {bind}, which is a VIP"))
                .label(at, format!("on host `{here}`"))
                .label(*vip, "a VIP: on one machine at a time")
                .note("Docker binds when the container starts (\"cannot assign requested address\" where the VIP is not): the container does not start, and none follows when the VIP moves")
                .help("write bind=\"0.0.0.0\"; or put the balancers on a network between the hosts, where they listen on the VIP by themselves")
        } else if let Some(owner) = owners.and_then(|owners| owners.first()) {
            let owner = &system.hosts[*owner];
            sink.finding(format!("`{unit}` runs on `{here}` and is published on the address of `{}`", owner.name.value))
                .label(at, format!("on host `{here}`"))
                .label(place(&owner.address, owner.name.span), format!("the address of `{}`", owner.name.value))
                .note("Docker says \"cannot assign requested address\", and the container does not start")
                .help("write the address of the host on which it runs, or bind=\"0.0.0.0\" for all that it has")
        } else {
            continue;
        };
        draft.emit();
    }
}
