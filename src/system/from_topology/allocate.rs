use std::collections::BTreeMap;
use std::net::Ipv4Addr;

use ipnet::Ipv4Net;
use rustc_hash::FxHashSet;

use crate::diagnostic::Diagnostic;
use crate::system::{Fact, Id, PublishClaim, Segment, Unit};

use super::Builder;
use super::names::list;

/// Host ports for publishes that name none; below Linux's ephemeral range (32768 and up).
const PORTS: std::ops::RangeInclusive<i64> = 20_000..=29_999;

/// The first usable address; Docker gives it to the bridge.
pub(super) fn first_address(subnet: Ipv4Net) -> Ipv4Addr {
    subnet.hosts().next().unwrap_or_else(|| subnet.network())
}

/// The upper half of a subnet; all of it where it has no halves.
pub(super) fn upper_half(subnet: Ipv4Net) -> Ipv4Net {
    subnet.subnets(subnet.prefix_len() + 1).ok().and_then(Iterator::last).unwrap_or(subnet)
}

impl<'a> Builder<'a> {
    /// Gives an address to every unit that declares none: the lock's where it is still free, else the lowest one.
    pub(super) fn allocate_addresses(&mut self) {
        let vips = self.written_vips();
        let mut taken: Vec<FxHashSet<Ipv4Addr>> = Vec::with_capacity(self.system.segments.len());
        for segment in self.system.segments.values() {
            taken.push(segment.gateway.known().copied().into_iter().collect());
        }
        for claim in self.system.addresses.values() {
            taken[claim.segment.index()].extend(claim.ip.known().copied());
        }
        // A VIP is kept clear on every network: one set for all of them.
        let is_free = |taken: &[FxHashSet<Ipv4Addr>], segment: Id<Segment>, ip: &Ipv4Addr| {
            !vips.contains(ip) && !taken[segment.index()].contains(ip)
        };
        let was = self.former_names();
        let mut open = Vec::new();
        for (id, claim) in self.system.addresses.iter() {
            if claim.ip.known().is_none() {
                open.push((id, claim.unit, claim.segment));
            }
        }
        // What the lock holds goes first, so that a new node never takes the address of an old one.
        let mut rest = Vec::new();
        for (id, unit, segment) in open {
            let key = self.address_key(segment, unit);
            let former = was.get(&unit).map(|name| format!("{}/{name}", self.system.segments[segment].name.value));
            let locked = self.lock.addresses.get(&key).or_else(|| self.lock.addresses.get(&former?));
            match locked.copied().filter(|ip| self.usable(segment, *ip) && is_free(&taken, segment, ip)) {
                Some(ip) => {
                    taken[segment.index()].insert(ip);
                    self.set_address(id, key, ip);
                }
                None => rest.push((id, key, segment)),
            }
        }
        let mut cursors = vec![None; self.system.segments.len()];
        let mut without: BTreeMap<Id<Segment>, Vec<Id<Unit>>> = BTreeMap::new();
        for (id, key, segment) in rest {
            let Some(subnet) = self.system.segments[segment].subnet.known().copied() else { continue };
            let hosts = cursors[segment.index()].get_or_insert_with(|| subnet.hosts());
            let free = hosts.by_ref().find(|ip| self.usable(segment, *ip) && is_free(&taken, segment, ip));
            match free {
                Some(ip) => self.set_address(id, key, ip),
                None => without.entry(segment).or_default().push(self.system.addresses[id].unit),
            }
        }
        for (segment, units) in without {
            self.no_address_left(segment, &units);
        }
    }

    fn set_address(&mut self, id: Id<crate::system::AddressClaim>, key: String, ip: Ipv4Addr) {
        let at = self.system.units[self.system.addresses[id].unit].name.span;
        self.system.addresses[id].ip = Fact::allocated(ip, key.clone(), at);
        self.new_lock.addresses.insert(key, ip);
    }

    fn address_key(&self, segment: Id<Segment>, unit: Id<Unit>) -> String {
        format!("{}/{}", self.system.segments[segment].name.value, self.system.units[unit].name.value)
    }

    /// Whether hacc may give this address to a unit.
    fn usable(&self, segment: Id<Segment>, ip: Ipv4Addr) -> bool {
        let segment = &self.system.segments[segment];
        let Some(subnet) = segment.subnet.known() else { return false };
        let reserved = subnet.prefix_len() < 31 && (ip == subnet.network() || ip == subnet.broadcast());
        // A pool as large as the subnet would leave nothing.
        let in_pool = segment.pool.known().is_some_and(|pool| pool.contains(&ip) && pool != subnet);
        subnet.contains(&ip) && !reserved && !in_pool
    }

    fn no_address_left(&mut self, segment: Id<Segment>, units: &[Id<Unit>]) {
        /// More labels than this help nobody.
        const SHOWN: usize = 4;
        let segment = &self.system.segments[segment];
        let names: Vec<&str> = units.iter().map(|unit| self.system.units[*unit].name.value.as_str()).collect();
        let message = format!("network `{}` has no address left for {}", segment.name.value, list(&names));
        let mut report =
            Diagnostic::new("no-address-left", message).label(segment.subnet.span(), "this subnet is full");
        for unit in units.iter().take(SHOWN) {
            report = report.label(self.system.units[*unit].name.span, "needs an address");
        }
        let pool = segment.pool.known().map_or_else(String::new, |pool| format!(" ({pool} here)"));
        self.problems.push(
            report
                .note(format!(
                    "Docker's own pool{pool} is left to Docker; without `pool=` it is the upper half of the subnet"
                ))
                .help("widen the subnet, or give the network a smaller `pool=`"),
        );
    }

    fn written_vips(&self) -> FxHashSet<Ipv4Addr> {
        let vips = self.topology.haproxies.iter().flat_map(|haproxy| &haproxy.vips);
        vips.flat_map(|vip| vip.addresses.iter().chain(vip.members.iter().flat_map(|member| &member.addresses)))
            .map(|address| address.value)
            .collect()
    }

    /// `was=` of each unit that has one.
    fn former_names(&self) -> rustc_hash::FxHashMap<Id<Unit>, &'a str> {
        let nodes = self.topology.components().flat_map(|component| &component.nodes);
        nodes.filter_map(|node| Some((self.nodes.get(&node.name.value)?, node.was.as_ref()?.value.as_str()))).collect()
    }

    /// Gives a host port to every publish that names none: the lock's, else the port's own number, else one of
    /// [`PORTS`].
    pub(super) fn allocate_ports(&mut self, open: &[Id<PublishClaim>]) {
        if open.is_empty() {
            return;
        }
        let mut taken: FxHashSet<(usize, i64)> = FxHashSet::default();
        for claim in self.system.publishes.values() {
            taken.extend(claim.port.known().map(|port| (claim.host.index(), *port)));
        }
        let was = self.former_names();
        let mut rest = Vec::new();
        let mut chosen = Vec::new();
        for id in open {
            let claim = &self.system.publishes[*id];
            let name = &self.system.listens[claim.listen].name;
            let key = format!("{}/{name}", self.system.units[claim.unit].name.value);
            let former = was.get(&claim.unit).map(|unit| format!("{unit}/{name}"));
            let locked = self.lock.ports.get(&key).or_else(|| self.lock.ports.get(&former?)).copied();
            match locked.filter(|port| taken.insert((claim.host.index(), *port))) {
                Some(port) => chosen.push((*id, key, port)),
                None => rest.push((*id, key)),
            }
        }
        let mut next = vec![*PORTS.start(); self.system.hosts.len()];
        for (id, key) in rest {
            let claim = &self.system.publishes[id];
            let host = claim.host.index();
            let own = self.system.listens[claim.listen].port.known().copied();
            let own = own.filter(|port| (1..=65_535).contains(port) && taken.insert((host, *port)));
            let port = own.or_else(|| {
                let free = (next[host]..=*PORTS.end()).find(|port| taken.insert((host, *port)))?;
                next[host] = free + 1;
                Some(free)
            });
            match port {
                Some(port) => chosen.push((id, key, port)),
                None => self.problems.push(
                    Diagnostic::new("no-port-left", "no host port is left to allocate")
                        .label(claim.span, "names no port")
                        .help("write `port=`"),
                ),
            }
        }
        for (id, key, port) in chosen {
            let at = self.system.publishes[id].span;
            self.system.publishes[id].port = Fact::allocated(port, key.clone(), at);
            self.new_lock.ports.insert(key, port);
        }
    }
}
