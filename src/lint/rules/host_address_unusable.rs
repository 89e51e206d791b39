use std::collections::{BTreeMap, BTreeSet};
use std::net::Ipv4Addr;

use crate::lint::members::place;
use crate::lint::{Check, Context, Level, Rule, Sink};
use crate::system::{Host, Place, System};

/// The address of a host leads other machines to it, and to it alone: it is what is registered in Consul, and what balancers
/// of other hosts forward to.
pub const RULE: Rule = Rule {
    name: "host-address-unusable",
    level: Level::Error,
    page: include_str!("../../../docs/rules/host-address-unusable.md"),
    check: Check::Claims(check),
};

fn check(context: &Context<'_>, sink: &mut Sink) {
    let system = context.system;
    let several = system.hosts.len() > 1;
    let mut by_address: BTreeMap<Ipv4Addr, Vec<&Host>> = BTreeMap::new();
    for host in system.hosts.values() {
        let Some(ip) = host.address.known() else { continue };
        by_address.entry(*ip).or_default().push(host);
        let label = if ip.is_unspecified() {
            "no address at all"
        } else if ip.is_multicast() || ip.is_broadcast() {
            "the address of no single machine"
        } else if ip.is_loopback() && several {
            "every machine's own: to another host it is that host"
        } else {
            continue;
        };
        sink.finding(format!("no other machine reaches host `{}` at {ip}", host.name.value))
            .label(place(&host.address, host.name.span), label)
            .note("what runs there is registered in Consul, and forwarded to, under this address: connections end elsewhere, or nowhere")
            .help("write the address that the machine has on the network between the hosts")
            .emit();
    }
    let on_lan = on_lan(system);
    for (ip, hosts) in by_address {
        // On the network between the hosts address-duplicate speaks of it; a wrong address was said to be one.
        if hosts.len() < 2 || on_lan.contains(&ip) || ip.is_unspecified() || ip.is_loopback() || ip.is_multicast() || ip.is_broadcast() {
            continue;
        }
        let labels = hosts.iter().rev().map(|host| (place(&host.address, host.name.span), format!("host `{}`", host.name.value)));
        sink.finding(format!("{} hosts have the address {ip}", hosts.len()))
            .labels(labels)
            .note("whoever connects to the one gets to the other, and one port of the machine is given away twice unseen")
            .help("give each its own address; what runs on one machine belongs to one `host`")
            .emit();
    }
}

/// Addresses that are claimed on a network between the hosts.
fn on_lan(system: &System) -> BTreeSet<Ipv4Addr> {
    let claims = system.addresses.values().filter(|claim| system.segments[claim.segment].place == Place::Lan);
    claims.filter_map(|claim| claim.ip.known().copied()).collect()
}
