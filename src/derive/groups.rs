use std::collections::BTreeMap;
use std::net::Ipv4Addr;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::system::{Component, CookieClaim, Id, Segment, System, Unit, VrrpClaim};

use super::union::Sets;
use super::{Evidence, Group};

/// VRRP members that stand for the same addresses: declared together, or claiming one address on one segment.
pub(super) fn vrrp(system: &System) -> Vec<Group<VrrpClaim>> {
    let ids: Vec<Id<VrrpClaim>> = system.vrrps.iter().map(|(id, _)| id).collect();
    let mut sets = Sets::new(ids.len());
    let mut declared: FxHashMap<&str, usize> = FxHashMap::default();
    let mut holders: FxHashMap<(Ipv4Addr, Id<Segment>), usize> = FxHashMap::default();
    // Addresses that joined members from different declarations, or none: evidence that nobody wrote down.
    let mut shared: Vec<(usize, Ipv4Addr, Id<Segment>)> = Vec::new();
    for (n, claim) in system.vrrps.values().enumerate() {
        if let Some(name) = claim.declared.as_deref() {
            sets.join(*declared.entry(name).or_insert(n), n);
        }
        for ip in claim.vips.iter().filter_map(|vip| vip.known()) {
            let first = *holders.entry((*ip, claim.segment)).or_insert(n);
            let other = &system.vrrps[ids[first]];
            if first != n && (claim.declared.is_none() || claim.declared != other.declared) {
                shared.push((n, *ip, claim.segment));
            }
            sets.join(first, n);
        }
    }
    // A group stands where its first member stands.
    let mut place: FxHashMap<usize, usize> = FxHashMap::default();
    let mut groups: Vec<Group<VrrpClaim>> = Vec::new();
    let mut named: FxHashSet<&str> = FxHashSet::default();
    for (n, claim) in system.vrrps.values().enumerate() {
        let index = *place.entry(sets.find(n)).or_insert(groups.len());
        if index == groups.len() {
            groups.push(Group { members: Vec::new(), because: Vec::new(), coverage: system.coverage.clone() });
        }
        groups[index].members.push(ids[n]);
        if let Some(name) = claim.declared.as_deref()
            && named.insert(name)
        {
            groups[index].because.push(Evidence::Declared(claim.span));
        }
    }
    shared.sort_unstable_by_key(|(n, ip, segment)| (sets.find(*n), *ip, *segment));
    let mut last = None;
    for (n, ip, segment) in shared {
        if last.replace((ip, segment)) != Some((ip, segment))
            && let Some(index) = place.get(&sets.find(n))
        {
            groups[*index].because.push(Evidence::SameVip(ip, segment));
        }
    }
    groups
}

/// Brokers of one cluster.
pub(super) fn cookies(system: &System) -> Vec<Group<CookieClaim>> {
    let clusters: FxHashMap<Id<Unit>, Id<Component>> =
        system.brokers.values().map(|broker| (broker.unit, broker.cluster)).collect();
    let mut groups: BTreeMap<Id<Component>, Vec<Id<CookieClaim>>> = BTreeMap::new();
    for (id, claim) in system.cookies.iter() {
        let cluster = clusters.get(&claim.unit).copied().unwrap_or(system.units[claim.unit].component);
        groups.entry(cluster).or_default().push(id);
    }
    groups
        .into_iter()
        .map(|(cluster, members)| Group {
            members,
            because: vec![Evidence::Declared(system.components[cluster].name.span)],
            coverage: system.coverage.clone(),
        })
        .collect()
}
