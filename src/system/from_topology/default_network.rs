use std::collections::BTreeMap;
use std::net::Ipv4Addr;

use ipnet::Ipv4Net;
use rustc_hash::FxHashSet;

use crate::diagnostic::Diagnostic;
use crate::source::Spanned;
use crate::system::{AddressClaim, Fact, Host, Id, Origin, Place, Segment, Unit, Value};

use super::{Builder, allocate};

/// Bits of a default network: two thousand static addresses, and as many for Docker.
const PREFIX: u8 = 20;

impl Builder<'_> {
    /// Puts every unit that is attached to nothing on a bridge of its host that hacc makes.
    pub(super) fn default_networks(&mut self) {
        let mut alone: BTreeMap<Id<Host>, Vec<Id<Unit>>> = BTreeMap::new();
        for (id, unit) in self.system.units.iter() {
            if unit.addresses.is_empty() {
                alone.entry(unit.host).or_default().push(id);
            }
        }
        if alone.is_empty() {
            return;
        }
        let names: FxHashSet<&str> = self.topology.networks.iter().map(|network| network.name.value.as_str()).collect();
        let mut taken = Taken::new(self);
        for (host, units) in alone {
            let declared = self.system.hosts[host].name.clone();
            let mut name = format!("{}-default", declared.value);
            while names.contains(name.as_str()) {
                name.push_str("-default");
            }
            let locked = self.lock.subnets.get(&declared.value).copied().filter(|subnet| taken.is_free(*subnet));
            let Some(subnet) = locked.or_else(|| taken.first_free()) else {
                self.problems.push(
                    Diagnostic::new(
                        "no-subnet-left",
                        format!("no private subnet is left for host `{}`", declared.value),
                    )
                    .label(declared.span, "what runs here without `attach` needs a network")
                    .help("declare a `network` on this host, and attach it"),
                );
                continue;
            };
            self.new_lock.subnets.insert(declared.value.clone(), subnet);
            let segment = self.default_segment(host, name, subnet);
            for unit in units {
                // Filled in by `allocate_addresses`.
                let at = self.system.units[unit].name.span;
                let ip = Fact { value: Value::Absent, origin: Origin::Allocated { key: String::new(), at } };
                let claim = self.system.addresses.push(AddressClaim { unit, segment, ip });
                self.system.units[unit].addresses.push(claim);
            }
        }
    }

    fn default_segment(&mut self, host: Id<Host>, name: String, subnet: Ipv4Net) -> Id<Segment> {
        let declared = &self.system.hosts[host].name;
        let (key, at) = (declared.value.clone(), declared.span);
        let why = "as of a declared network";
        self.system.segments.push(Segment {
            name: Spanned::new(name, at),
            place: Place::Default(host),
            subnet: Fact::allocated(subnet, key, at),
            gateway: Fact::chosen(allocate::first_address(subnet), "network", why, at),
            pool: Fact::chosen(allocate::upper_half(subnet), "network", why, at),
        })
    }
}

/// What a default network must not overlap: declared networks, and the hosts themselves. Default networks of two hosts
/// never meet, so they may be alike.
struct Taken {
    subnets: Vec<Ipv4Net>,
    hosts: Vec<Ipv4Addr>,
    /// What the last search found: nothing is added meanwhile.
    first: Option<Ipv4Net>,
}

impl Taken {
    fn new(builder: &Builder<'_>) -> Self {
        let subnets = builder.topology.networks.iter().map(|network| network.subnet.value).collect();
        let hosts = builder.topology.hosts.iter().map(|host| host.address.value).collect();
        Self { subnets, hosts, first: None }
    }

    fn is_free(&self, subnet: Ipv4Net) -> bool {
        let meets = |other: &Ipv4Net| other.contains(&subnet) || subnet.contains(other);
        !self.subnets.iter().any(meets) && !self.hosts.iter().any(|host| subnet.contains(host))
    }

    /// The first of 172.31.0.0/20 downwards to 172.16.0.0/20, then 10.255.0.0/20 downwards: away from what Docker
    /// takes first by itself.
    fn first_free(&mut self) -> Option<Ipv4Net> {
        if self.first.is_none() {
            let private = (16..=31).rev().map(|second| (172, second));
            let mut all = private.chain((0..=255).rev().map(|second| (10, second)));
            self.first = all.find_map(|(first, second)| {
                let subnet = Ipv4Net::new(Ipv4Addr::new(first, second, 0, 0), PREFIX).ok()?;
                self.is_free(subnet).then_some(subnet)
            });
        }
        self.first
    }
}
