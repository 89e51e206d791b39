//! Units that have to reach each other at their own addresses, and cannot.

use rustc_hash::FxHashMap;

use crate::source::Span;
use crate::system::{Host, Id, Segment, System, Unit};

use super::members::{Places, names};

/// A host, and the network on it where a unit stands.
type Place = (Id<Host>, Option<Id<Segment>>);

/// Where the units of a cluster stand, one place a network with the units on it; `None` where all reach each other: they
/// share a network, or one host on which the bridges' own addresses and the host's lead to each other.
pub(super) fn apart(system: &System, units: &[Id<Unit>]) -> Option<Vec<(Span, String)>> {
    let segments = |unit: Id<Unit>| {
        let claims = system.units[unit].addresses.iter();
        let mut here: Vec<Id<Segment>> = claims.map(|id| system.addresses[*id].segment).collect();
        here.sort_unstable();
        here.dedup();
        here
    };
    let mut on: FxHashMap<Id<Segment>, usize> = FxHashMap::default();
    for segment in units.iter().flat_map(|unit| segments(*unit)) {
        *on.entry(segment).or_default() += 1;
    }
    let (main, most) = on.iter().map(|(id, n)| (*id, *n)).max_by_key(|(id, n)| (*n, std::cmp::Reverse(*id)))?;
    if most == units.len() || on_one_host(system, units, &on) {
        return None;
    }
    // Those that are not where most are stand first.
    let (with, without): (Vec<Id<Unit>>, Vec<Id<Unit>>) =
        units.iter().partition(|unit| segments(**unit).contains(&main));
    let mut groups: Vec<(Place, Vec<Id<Unit>>)> = Vec::new();
    let mut index: FxHashMap<Place, usize> = FxHashMap::default();
    for unit in without.into_iter().chain(with) {
        let here = segments(unit);
        let segment = if here.contains(&main) { Some(main) } else { here.first().copied() };
        let place = (system.units[unit].host, segment);
        let at = *index.entry(place).or_insert(groups.len());
        if at == groups.len() {
            groups.push((place, Vec::new()));
        }
        groups[at].1.push(unit);
    }
    let mut labels = Vec::new();
    for ((host, segment), units) in groups {
        let host = &system.hosts[host].name.value;
        let network = segment.map_or_else(String::new, |id| format!(" on `{}`", system.segments[id].name.value));
        let mut places = Places::new();
        for unit in units {
            places.add(system.units[unit].name.span, &system.units[unit].name.value);
        }
        labels.extend(places.labels(|who| format!("{}:{network} of host `{host}`", names(who))));
    }
    Some(labels)
}

/// Whether all are on one host, on one bridge of it or on the host's own network.
fn on_one_host(system: &System, units: &[Id<Unit>], on: &FxHashMap<Id<Segment>, usize>) -> bool {
    let one = units.windows(2).all(|pair| system.units[pair[0]].host == system.units[pair[1]].host);
    let bridged = on.iter().filter(|(id, _)| system.segments[**id].host().is_some()).map(|(_, n)| *n).max();
    let free = units.iter().filter(|unit| system.units[**unit].on_host_network).count();
    one && free > 0 && bridged.unwrap_or(0) + free >= units.len()
}
