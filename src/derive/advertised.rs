use std::net::Ipv4Addr;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::system::{Id, ListenClaim, Segment, System, Unit};

use super::reach::Published;

/// For each registered unit, the address and port under which all its readers find it: one for all of them, since a
/// registry holds one. The host's where the port is published for others or the unit is on the host's own network, else
/// the unit's own, best on a network on which a reader is.
pub(super) fn advertised(system: &System, published: &Published) -> FxHashMap<Id<Unit>, (Ipv4Addr, i64)> {
    let mut read_on: FxHashMap<Id<ListenClaim>, FxHashSet<Id<Segment>>> = FxHashMap::default();
    let registered: FxHashSet<Id<Unit>> = system.registers.values().map(|claim| claim.unit).collect();
    for forward in system.forwards.values() {
        let here = || system.units[forward.unit].addresses.iter().map(|id| system.addresses[*id].segment);
        for target in forward.targets.iter().filter(|to| registered.contains(&system.listens[to.listen].unit)) {
            read_on.entry(target.listen).or_default().extend(here());
        }
    }
    let mut found = FxHashMap::default();
    for claim in system.registers.values() {
        let unit = &system.units[claim.unit];
        let Some(listen) = unit.listens.first() else { continue };
        let Some(port) = system.listens[*listen].port.known() else { continue };
        if let Some((_, ip, port)) = published.get(listen).filter(|_| !unit.on_host_network) {
            found.insert(claim.unit, (*ip, *port));
            continue;
        }
        let own = unit.addresses.iter().map(|id| &system.addresses[*id]);
        let read = own.clone().find(|claim| read_on.get(listen).is_some_and(|on| on.contains(&claim.segment)));
        if let Some(ip) = read.or(own.clone().next()).and_then(|claim| claim.ip.known()) {
            found.insert(claim.unit, (*ip, *port));
        }
    }
    found
}
