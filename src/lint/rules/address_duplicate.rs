use std::collections::BTreeMap;
use std::net::Ipv4Addr;

use crate::lint::members::{list, name_of, place};
use crate::lint::{Check, Context, Level, Rule, Sink};
use crate::source::Span;
use crate::system::{Id, Segment, System};

/// One address of a network, one holder.
pub const RULE: Rule = Rule {
    name: "address-duplicate",
    level: Level::Error,
    page: include_str!("../../../docs/rules/address-duplicate.md"),
    check: Check::Claims(check),
};

/// Who wants an address.
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
        who.extend(wanted.units.iter().map(|(_, name)| format!("`{name}`")));
        let note = match (wanted.vips.is_empty(), wanted.taken.is_some()) {
            (true, _) => "Docker refuses the second one with \"Address already in use\" when the containers start",
            (false, false) => {
                "keepalived takes the address from the container without a word, or waits in FAULT where it is its own"
            }
            (false, true) => "the VIP answers for the network itself: it is unreachable, or takes the others off the net",
        };
        // The later one came to a place already taken.
        let units = wanted.units.iter().rev().map(|(span, name)| (*span, format!("`{name}`")));
        let vips = wanted.vips.iter().map(|(span, name)| (*span, name.clone()));
        let taken = wanted.taken.iter().map(|(span, name)| (*span, format!("{ip} is the {name} of `{network}`")));
        let mut seen = std::collections::BTreeSet::new();
        let labels = vips.chain(units).chain(taken).filter(|(span, _)| seen.insert(*span)).collect::<Vec<_>>();
        sink.finding(format!("{ip} on network `{network}` is wanted by {}", list(who)))
            .labels(labels)
            .note(note)
            .help("give each its own address, or leave it out: then a free one is chosen and kept")
            .emit();
    }
}

fn wanted(system: &System) -> BTreeMap<(Id<Segment>, Ipv4Addr), Wanted> {
    let mut wanted: BTreeMap<(Id<Segment>, Ipv4Addr), Wanted> = BTreeMap::new();
    for claim in system.addresses.values() {
        if let Some(ip) = claim.ip.known() {
            let unit = &system.units[claim.unit].name;
            let place = (place(&claim.ip, unit.span), unit.value.clone());
            wanted.entry((claim.segment, *ip)).or_default().units.push(place);
        }
    }
    let own: rustc_hash::FxHashSet<_> = system
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
                let unit = &system.units[claim.unit].name.value;
                entry.units.retain(|(_, name)| name != unit);
            }
            let span = place(vip, claim.span);
            if entry.vips.last().is_none_or(|(last, _)| *last != span) {
                entry.vips.push((span, name));
            }
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
