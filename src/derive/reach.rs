use std::net::Ipv4Addr;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::system::{Id, ListenClaim, Place, PublishClaim, Segment, System, Target, Unit};

use super::{Route, Way};

/// For each port of a unit, the first publish that others can use: the host's address and port.
pub(super) type Published = FxHashMap<Id<ListenClaim>, (Id<PublishClaim>, Ipv4Addr, i64)>;

/// What is published for others than the host itself.
pub(super) fn published(system: &System) -> Published {
    let mut published = FxHashMap::default();
    for (id, publish) in system.publishes.iter() {
        let (Some(bind), Some(port)) = (publish.bind.known(), publish.port.known()) else { continue };
        let host = system.hosts[publish.host].address.known();
        let ip = if bind.is_unspecified() { host } else { Some(bind) };
        // 127.0.0.1 inside a container is the container.
        if let Some(ip) = ip.filter(|_| !bind.is_loopback()) {
            published.entry(publish.listen).or_insert((id, *ip, *port));
        }
    }
    published
}

/// The way to each target of each forward.
pub(super) fn routes(system: &System, published: &Published) -> Vec<Route> {
    let present = system.addresses.values().map(|claim| (claim.unit, claim.segment)).collect();
    let reach = Reach { system, present, published };
    let mut routes = Vec::new();
    for (forward, claim) in system.forwards.iter() {
        for (target, to) in claim.targets.iter().enumerate() {
            routes.push(Route { forward, target, way: reach.way(claim.unit, to) });
        }
    }
    routes
}

struct Reach<'a> {
    system: &'a System,
    present: FxHashSet<(Id<Unit>, Id<Segment>)>,
    published: &'a Published,
}

impl Reach<'_> {
    fn way(&self, from: Id<Unit>, to: &Target) -> Way {
        let system = self.system;
        let listen = &system.listens[to.listen];
        let unit = &system.units[listen.unit];
        // A port that nobody knows cannot be reached; the reason is said elsewhere.
        let port = listen.port.known().copied().unwrap_or_default();
        let near = match to.vip {
            Some((ip, segment)) => self.sees(from, segment).then_some((segment, ip)),
            None => unit.addresses.iter().find_map(|id| {
                let claim = &system.addresses[*id];
                let ip = claim.ip.known()?;
                self.sees(from, claim.segment).then_some((claim.segment, *ip))
            }),
        };
        if let Some((segment, ip)) = near {
            return Way::Direct { segment, ip, port };
        }
        // Hosts reach each other, and containers leave their bridge through their host.
        let routed = match to.vip {
            Some((ip, segment)) => (system.segments[segment].place == Place::Lan).then_some(ip),
            None if unit.on_host_network => {
                let lan = unit.addresses.iter().map(|id| &system.addresses[*id]);
                let mut lan = lan.filter(|claim| system.segments[claim.segment].place == Place::Lan);
                lan.find_map(|claim| claim.ip.known().copied())
            }
            None => None,
        };
        if let Some(ip) = routed {
            return Way::Routed { ip, port };
        }
        if let Some((publish, ip, port)) = self.published.get(&to.listen) {
            return Way::Published { publish: *publish, ip: *ip, port: *port };
        }
        let first = || unit.addresses.first().and_then(|id| system.addresses[*id].ip.known());
        Way::None { ip: to.vip.map(|(ip, _)| ip).or_else(|| first().copied()), port }
    }

    /// Whether a unit is on a segment, or on the network of the host whose bridge it is.
    fn sees(&self, from: Id<Unit>, segment: Id<Segment>) -> bool {
        let unit = &self.system.units[from];
        self.present.contains(&(from, segment))
            || (unit.on_host_network && self.system.segments[segment].host() == Some(unit.host))
    }
}
