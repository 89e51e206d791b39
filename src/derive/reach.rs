use std::net::Ipv4Addr;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::system::{Id, ListenClaim, PublishClaim, Segment, System, Target, Unit};

use super::{Route, Way};

/// The way to each target of each forward.
pub(super) fn routes(system: &System) -> Vec<Route> {
    let reach = Reach::new(system);
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
    /// For each port of a unit, the first publish that other containers can use.
    published: FxHashMap<Id<ListenClaim>, (Id<PublishClaim>, Ipv4Addr, i64)>,
}

impl<'a> Reach<'a> {
    fn new(system: &'a System) -> Self {
        let present = system.addresses.values().map(|claim| (claim.unit, claim.segment)).collect();
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
        Self { system, present, published }
    }

    fn way(&self, from: Id<Unit>, to: &Target) -> Way {
        let listen = &self.system.listens[to.listen];
        // A port that nobody knows cannot be reached; the reason is said elsewhere.
        let port = listen.port.known().copied().unwrap_or_default();
        let near = match to.vip {
            Some((ip, segment)) => self.present.contains(&(from, segment)).then_some((segment, ip)),
            None => self.system.units[listen.unit].addresses.iter().find_map(|id| {
                let claim = &self.system.addresses[*id];
                let ip = claim.ip.known()?;
                self.present.contains(&(from, claim.segment)).then_some((claim.segment, *ip))
            }),
        };
        if let Some((segment, ip)) = near {
            return Way::Direct { segment, ip, port };
        }
        if let Some((publish, ip, port)) = self.published.get(&to.listen) {
            return Way::Published { publish: *publish, ip: *ip, port: *port };
        }
        let first =
            || self.system.units[listen.unit].addresses.first().and_then(|id| self.system.addresses[*id].ip.known());
        Way::None { ip: to.vip.map(|(ip, _)| ip).or_else(|| first().copied()), port }
    }
}
