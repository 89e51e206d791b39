use std::collections::BTreeMap;
use std::net::Ipv4Addr;

use ipnet::Ipv4Net;
use rustc_hash::FxHashMap;

use crate::lint::members::place;
use crate::lint::{Check, Context, Level, Rule, Sink};
use crate::source::Span;
use crate::system::{Host, Id, Segment, System};

/// A bridge on addresses that its host needs for something else: another bridge, the network between the hosts, a host.
pub const RULE: Rule = Rule {
    name: "subnet-overlap",
    level: Level::Error,
    page: include_str!("../../../docs/rules/subnet-overlap.md"),
    check: Check::Claims(check),
};

/// Networks by what they cover. Blocks nest or lie apart, so whoever overlaps a block covers it or is covered: each looks up
/// the at most 33 blocks that cover it, and nobody is compared with everybody.
#[derive(Default)]
struct Blocks {
    lans: FxHashMap<Ipv4Net, Id<Segment>>,
    bridges: FxHashMap<Ipv4Net, Vec<Id<Segment>>>,
    of_host: FxHashMap<(Id<Host>, Ipv4Net), Id<Segment>>,
}

fn check(context: &Context<'_>, sink: &mut Sink) {
    let system = context.system;
    let mut blocks = Blocks::default();
    let mut pairs: BTreeMap<Id<Segment>, Id<Segment>> = BTreeMap::new();
    for (id, segment) in system.segments.iter() {
        let Some(subnet) = segment.subnet.known() else { continue };
        match segment.host() {
            None => {
                blocks.lans.entry(*subnet).or_insert(id);
            }
            Some(host) => {
                blocks.bridges.entry(*subnet).or_default().push(id);
                if let Some(first) = blocks.of_host.get(&(host, *subnet)) {
                    pairs.insert(id, *first);
                }
                blocks.of_host.entry((host, *subnet)).or_insert(id);
            }
        }
    }
    for (id, segment) in system.segments.iter() {
        let Some(subnet) = segment.subnet.known() else { continue };
        for cover in covers(*subnet) {
            match segment.host() {
                Some(host) => {
                    let own = blocks.of_host.get(&(host, cover)).filter(|other| **other != id && cover != *subnet);
                    if let Some(other) = blocks.lans.get(&cover).or(own) {
                        pairs.entry(id).or_insert(*other);
                    }
                }
                // A bridge that covers a network between the hosts.
                None => {
                    for bridge in blocks.bridges.get(&cover).into_iter().flatten() {
                        pairs.entry(*bridge).or_insert(id);
                    }
                }
            }
        }
    }
    for (id, other) in &pairs {
        networks(system, *id, *other, sink);
    }
    hosts(system, &blocks, &pairs, sink);
}

/// The blocks that contain a block, itself among them.
fn covers(subnet: Ipv4Net) -> impl Iterator<Item = Ipv4Net> {
    (0..=subnet.prefix_len()).filter_map(move |length| Ipv4Net::new(subnet.network(), length).ok().map(|net| net.trunc()))
}

fn networks(system: &System, id: Id<Segment>, other: Id<Segment>, sink: &mut Sink) {
    let (bridge, other) = (&system.segments[id], &system.segments[other]);
    let subnet = |segment: &Segment| segment.subnet.known().map_or_else(String::new, ToString::to_string);
    let note = if other.host().is_some() {
        "Docker refuses the second network (\"Pool overlaps with other one on this address space\"), and nothing on it starts"
    } else {
        "from the moment Docker makes the bridge, the host sends what is meant for the other machines into it: it is cut off from them, and \
         from whoever administers it"
    };
    let who = (&bridge.name.value, &other.name.value);
    sink.finding(format!("networks `{}` and `{}` overlap: {} and {}", who.0, who.1, subnet(bridge), subnet(other)))
        .label(place(&bridge.subnet, bridge.name.span), format!("the bridge `{}`", who.0))
        .label(place(&other.subnet, other.name.span), match other.host() {
            Some(_) => format!("the bridge `{}` of the same host", who.1),
            None => format!("`{}`, between the hosts", who.1),
        })
        .note(note)
        .help("give the bridge a block of its own, for instance one of 172.28.0.0/14 or 10.0.0.0/8 that nothing else uses")
        .emit();
}

/// Hosts whose own address lies in a bridge: of their own, or of another host that wants to reach them.
fn hosts(system: &System, blocks: &Blocks, said: &BTreeMap<Id<Segment>, Id<Segment>>, sink: &mut Sink) {
    let mut swallowed: BTreeMap<Id<Segment>, Vec<(Span, String, Ipv4Addr)>> = BTreeMap::new();
    for host in system.hosts.values() {
        let Some(ip) = host.address.known().filter(|ip| !ip.is_unspecified() && !ip.is_loopback()) else { continue };
        let place = place(&host.address, host.name.span);
        for cover in covers(Ipv4Net::from(*ip)) {
            for bridge in blocks.bridges.get(&cover).into_iter().flatten().filter(|id| !said.contains_key(id)) {
                swallowed.entry(*bridge).or_default().push((place, host.name.value.clone(), *ip));
            }
        }
    }
    for (id, hosts) in swallowed {
        let segment = &system.segments[id];
        let network = &segment.name.value;
        let who: Vec<&str> = hosts.iter().map(|(_, name, _)| name.as_str()).collect();
        sink.finding(format!("network `{network}` has the address of host {}", crate::lint::members::names(&who)))
            .label(place(&segment.subnet, segment.name.span), "the bridge's addresses")
            .labels(hosts.iter().take(4).map(|(span, name, ip)| (*span, format!("host `{name}` is {ip}"))))
            .note("what is meant for that host ends in the bridge: the machine with the bridge reaches it no more, and if it is its own, nobody reaches it")
            .help("give the bridge a block of its own, for instance one of 172.28.0.0/14 or 10.0.0.0/8 that nothing else uses")
            .emit();
    }
}
