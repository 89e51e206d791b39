use std::collections::{BTreeMap, BTreeSet};

use rustc_hash::FxHashMap;

use crate::lint::members::{How, Places, name_of, names, place};
use crate::lint::{Check, Context, Fix, Level, Rule, Sink};
use crate::source::Span;
use crate::system::{Id, Segment, VrrpClaim};

/// Two VIPs with one VRID on one segment.
pub const RULE: Rule = Rule {
    name: "vrid-duplicate",
    level: Level::Error,
    page: include_str!("../../../docs/rules/vrid-duplicate.md"),
    check: Check::Claims(check),
};

/// Number of a group in `Derived::vrrp_groups`.
type GroupNo = usize;

/// Who claims a VRID on a segment.
type Users = BTreeMap<(Id<Segment>, i64), Vec<(GroupNo, Id<VrrpClaim>)>>;

fn check(context: &Context<'_>, sink: &mut Sink) {
    let system = context.system;
    let mut taken: BTreeMap<Id<Segment>, BTreeSet<i64>> = BTreeMap::new();
    let mut users: Users = BTreeMap::new();
    for (group, members) in context.derived.vrrp_groups.iter().enumerate() {
        for id in &members.members {
            let claim = &system.vrrps[*id];
            if let Some(vrid) = claim.vrid.known().filter(|vrid| (1..=255).contains(*vrid)) {
                taken.entry(claim.segment).or_default().insert(*vrid);
                users.entry((claim.segment, *vrid)).or_default().push((group, *id));
            }
        }
    }
    for ((segment, vrid), users) in users {
        let clashing = clashing(context, segment, &users);
        if clashing.len() < 2 {
            continue;
        }
        let network = &system.segments[segment].name.value;
        // The last group is the one that came to a place already taken.
        let mut places = Places::new();
        let mut written: BTreeMap<GroupNo, Vec<Span>> = BTreeMap::new();
        let mut changeable = true;
        let first = clashing.first().copied();
        let mut named = BTreeSet::new();
        for (group, id) in users.iter().rev().filter(|(group, _)| clashing.contains(group)) {
            let claim = &system.vrrps[*id];
            // A VIP has a name where it was declared; elsewhere its members stand for it.
            let name = claim.declared.as_deref().unwrap_or_else(|| name_of(system, claim));
            let span = place(&claim.vrid, claim.span);
            if named.insert((span, name)) {
                places.add(span, name);
            }
            if Some(*group) != first {
                changeable &= How::of(&claim.vrid) == How::Written && claim.vrid.is_written();
                let spans = written.entry(*group).or_default();
                if spans.last() != Some(&claim.vrid.span()) {
                    spans.push(claim.vrid.span());
                }
            }
        }
        let used = taken.entry(segment).or_default();
        let free: Vec<i64> = (1..=255).filter(|vrid| !used.contains(vrid)).take(written.len()).collect();
        let fix = (changeable && free.len() == written.len()).then(|| {
            let edits = written.values().zip(&free).flat_map(|(spans, vrid)| {
                spans.iter().collect::<BTreeSet<_>>().into_iter().map(|span| (*span, vrid.to_string()))
            });
            Fix { title: format!("take {}", crate::lint::members::list(&free)), safe: true, edits: edits.collect() }
        });
        used.extend(&free);
        let help = match free.first() {
            Some(free) => format!("one VRID a VIP: {free} is free on `{network}`; or leave it out"),
            None => format!("all 255 VRIDs of `{network}` are in use: move a VIP to another network"),
        };
        sink.finding(format!("{} VIPs on network `{network}` share VRID {vrid}", clashing.len()))
            .labels(places.labels(|who| format!("{}: VRID {vrid}", names(who))))
            .note(
                "they take each other's adverts for their own group's: all but the member with the highest priority \
                 stay in BACKUP for ever, and the other VIP is held by nobody",
            )
            .help(help)
            .fix(fix)
            .emit();
    }
}

/// The groups among `users` that hear each other. By multicast all do; by unicast those do of which one names an
/// address of the other as its peer, and disjoint peer groups may well share a VRID.
fn clashing(context: &Context<'_>, segment: Id<Segment>, users: &[(GroupNo, Id<VrrpClaim>)]) -> BTreeSet<GroupNo> {
    let system = context.system;
    let mut groups: BTreeSet<GroupNo> = users.iter().map(|(group, _)| *group).collect();
    if groups.len() < 2 {
        return BTreeSet::new();
    }
    let multicast = users.iter().filter(|(_, id)| system.vrrps[*id].peers.is_empty());
    let multicast: BTreeSet<GroupNo> = multicast.map(|(group, _)| *group).collect();
    let mut heard = if multicast.len() > 1 { multicast } else { BTreeSet::new() };
    let mut owners: FxHashMap<_, Vec<GroupNo>> = FxHashMap::default();
    for (group, id) in users {
        let addresses = system.units[system.vrrps[*id].unit].addresses.iter().map(|id| &system.addresses[*id]);
        for ip in addresses.filter(|claim| claim.segment == segment).filter_map(|claim| claim.ip.known()) {
            let groups = owners.entry(*ip).or_default();
            if groups.last() != Some(group) {
                groups.push(*group);
            }
        }
    }
    for (group, id) in users {
        for peer in system.vrrps[*id].peers.iter().filter_map(|peer| peer.known()) {
            if let Some(other) = owners.get(peer).and_then(|groups| groups.iter().find(|other| *other != group)) {
                heard.extend([*group, *other]);
            }
        }
    }
    groups.retain(|group| heard.contains(group));
    groups
}
