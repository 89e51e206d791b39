use std::collections::BTreeMap;
use std::net::Ipv4Addr;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::lint::members::{list, name_of, place};
use crate::lint::{Check, Context, Level, Rule, Sink};
use crate::source::Span;
use crate::system::{Host, Id, Place, Segment, System};

/// One address of a network, one holder.
pub const RULE: Rule = Rule {
    name: "address-duplicate",
    level: Level::Error,
    page: include_str!("../../../docs/rules/address-duplicate.md"),
    check: Check::Claims(check),
};

/// Who wants an address: units, or hosts on the network between them.
#[derive(Default)]
struct Wanted {
    units: Vec<(Span, String)>,
    vips: Vec<(Span, String)>,
    taken: Option<(Span, &'static str)>,
}

fn check(context: &Context<'_>, sink: &mut Sink) {
    let system = context.system;
    for ((segment, ip), wanted) in wanted(system) {
        let people = wanted.units.len() + usize::from(!wanted.vips.is_empty());
        if people + usize::from(wanted.taken.is_some()) < 2 {
            continue;
        }
        let network = &system.segments[segment].name.value;
        let mut who: Vec<String> = Vec::new();
        if let Some((_, name)) = wanted.taken {
            who.push(format!("the {name}"));
        }
        if let Some((_, name)) = wanted.vips.first() {
            who.push(name.clone());
        }
        who.extend(wanted.units.iter().map(|(_, name)| name.clone()));
        let lan = system.segments[segment].place == Place::Lan;
        let note = match (wanted.vips.is_empty(), wanted.taken.is_some()) {
            (true, false) if lan => "two machines answer for one address: who asks for it gets now the one, now the other",
            (true, true) if lan => "no machine can have such an address",
            (false, false) if lan => {
                "keepalived takes the address from the machine when it gives the VIP away, and all that runs there with it"
            }
            (true, _) => "Docker refuses the second one with \"Address already in use\" when the containers start",
            (false, false) => {
                "keepalived takes the address from the container without a word, or waits in FAULT where it is its own"
            }
            (false, true) => "the VIP answers for the network itself: it is unreachable, or takes the others off the net",
        };
        // The later one came to a place already taken.
        let units = wanted.units.iter().rev().cloned();
        let vips = wanted.vips.iter().map(|(span, name)| (*span, name.clone()));
        let taken = wanted.taken.iter().map(|(span, name)| (*span, format!("{ip} is the {name} of `{network}`")));
        let mut seen = std::collections::BTreeSet::new();
        let labels = vips.chain(units).chain(taken).filter(|(span, _)| seen.insert(*span)).collect::<Vec<_>>();
        sink.finding(format!("{ip} on network `{network}` is wanted by {}", list(who)))
            .labels(labels)
            .note(note)
            .help(if lan {
                "give each its own address: one a machine, and one that no machine has for the VIP"
            } else {
                "give each its own address, or leave it out: then a free one is chosen and kept"
            })
            .emit();
    }
}

fn wanted(system: &System) -> BTreeMap<(Id<Segment>, Ipv4Addr), Wanted> {
    let mut wanted: BTreeMap<(Id<Segment>, Ipv4Addr), Wanted> = BTreeMap::new();
    // What runs on one host shares its address.
    let mut hosts: FxHashSet<(Id<Segment>, Ipv4Addr, Id<Host>)> = FxHashSet::default();
    for claim in system.addresses.values() {
        let Some(ip) = claim.ip.known() else { continue };
        let unit = &system.units[claim.unit];
        let host = &system.hosts[unit.host].name.value;
        if system.segments[claim.segment].place != Place::Lan {
            let place = (place(&claim.ip, unit.name.span), format!("`{}`", unit.name.value));
            wanted.entry((claim.segment, *ip)).or_default().units.push(place);
        } else if hosts.insert((claim.segment, *ip, unit.host)) {
            let place = (place(&claim.ip, unit.name.span), format!("host `{host}`"));
            wanted.entry((claim.segment, *ip)).or_default().units.push(place);
        }
    }
    let own: FxHashSet<_> = system
        .addresses
        .values()
        .filter_map(|claim| Some((claim.unit, claim.segment, *claim.ip.known()?)))
        .collect();
    for claim in system.vrrps.values() {
        // Priority 255 says: this member owns the address by itself.
        let owner = claim.priority.known() == Some(&255);
        for (vip, ip) in claim.vips.iter().filter_map(|vip| Some((vip, *vip.known()?))) {
            let name = claim.declared.as_deref().map_or_else(
                || format!("a VIP of `{}`", name_of(system, claim)),
                |declared| format!("VIP `{}`", declared.rsplit('/').next().unwrap_or(declared)),
            );
            let entry = wanted.entry((claim.segment, ip)).or_default();
            if owner && own.contains(&(claim.unit, claim.segment, ip)) {
                let unit = &system.units[claim.unit];
                let names = [format!("`{}`", unit.name.value), format!("host `{}`", system.hosts[unit.host].name.value)];
                entry.units.retain(|(_, name)| !names.contains(name));
            }
            let span = place(vip, claim.span);
            if entry.vips.last().is_none_or(|(last, _)| *last != span) {
                entry.vips.push((span, name));
            }
        }
    }
    // Machines on which nothing is attached are on the network all the same.
    let mut machines: FxHashMap<Ipv4Addr, Vec<Id<Host>>> = FxHashMap::default();
    for (id, host) in system.hosts.iter() {
        machines.entry(host.address.known().copied().unwrap_or(Ipv4Addr::UNSPECIFIED)).or_default().push(id);
    }
    let lan = |id: &Id<Segment>| system.segments[*id].place == Place::Lan;
    for ((segment, ip), entry) in wanted.iter_mut().filter(|((segment, _), _)| lan(segment)) {
        for id in machines.get(ip).into_iter().flatten().filter(|id| hosts.insert((*segment, *ip, **id))) {
            let host = &system.hosts[*id];
            entry.units.push((place(&host.address, host.name.span), format!("host `{}`", host.name.value)));
        }
    }
    for (id, segment) in system.segments.iter() {
        let mut take = |ip: Ipv4Addr, span: Span, name: &'static str| {
            if let Some(entry) = wanted.get_mut(&(id, ip)) {
                entry.taken.get_or_insert((span, name));
            }
        };
        if let Some(subnet) = segment.subnet.known().filter(|subnet| subnet.prefix_len() <= 30) {
            let span = place(&segment.subnet, segment.name.span);
            take(subnet.network(), span, "network address");
            take(subnet.broadcast(), span, "broadcast address");
        }
        if let Some(gateway) = segment.gateway.known() {
            take(*gateway, place(&segment.gateway, segment.name.span), "gateway");
        }
    }
    wanted
}
