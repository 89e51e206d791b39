//! What follows from the claims: groups with the evidence for each, who can reach whom, the port space of each host.

mod advertised;
mod binds;
/// The claims as a graph.
pub mod graph;
mod groups;
mod ports;
mod reach;
mod union;

use std::collections::BTreeMap;
use std::net::Ipv4Addr;

use rustc_hash::FxHashMap;

use crate::source::Span;
use crate::system::{
    CookieClaim, Coverage, ForwardClaim, Host, Id, ListenClaim, PublishClaim, Segment, System, Unit, VrrpClaim,
};

pub use ports::PortUse;

/// Everything that rules read beside the claims.
#[derive(Clone, Debug, Default)]
pub struct Derived {
    /// Members that stand for the same virtual addresses.
    pub vrrp_groups: Vec<Group<VrrpClaim>>,
    /// Brokers that have to share a cookie.
    pub cookie_groups: Vec<Group<CookieClaim>>,
    /// For each target of each forward, the way to it.
    pub routes: Vec<Route>,
    /// For each port of a unit on its host's own network, the addresses of the host on which it listens; `0.0.0.0` is
    /// all of them.
    pub binds: FxHashMap<Id<ListenClaim>, Vec<Ipv4Addr>>,
    /// The port space of each host: who uses which port.
    pub host_ports: BTreeMap<(Id<Host>, i64), Vec<PortUse>>,
    /// For each registered unit, the address and port that are registered.
    pub advertised: FxHashMap<Id<Unit>, (Ipv4Addr, i64)>,
}

impl Derived {
    /// Derives everything from the claims, in time linear in their number.
    #[must_use]
    pub fn of(system: &System) -> Self {
        let published = reach::published(system);
        let binds = binds::binds(system);
        Self {
            vrrp_groups: groups::vrrp(system),
            cookie_groups: groups::cookies(system),
            routes: reach::routes(system, &published),
            host_ports: ports::space(system, &binds),
            binds,
            advertised: advertised::advertised(system, &published),
        }
    }
}

/// Claims that belong together.
#[derive(Clone, Debug)]
pub struct Group<C> {
    /// The claims, in the order of declaration.
    pub members: Vec<Id<C>>,
    /// Why they belong together.
    pub because: Vec<Evidence>,
    /// Whether there can be members that nobody mentioned.
    pub coverage: Coverage,
}

/// Why claims belong together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Evidence {
    /// Somebody declared them together, here.
    Declared(Span),
    /// They claim this virtual address on this segment.
    SameVip(Ipv4Addr, Id<Segment>),
}

/// The way from a forwarder to one of its targets.
#[derive(Clone, Debug)]
pub struct Route {
    /// The forward.
    pub forward: Id<ForwardClaim>,
    /// Which of its targets.
    pub target: usize,
    /// The way.
    pub way: Way,
}

/// A way to a listener: the one rule of reach.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Way {
    /// A shared segment: the target's own address and port (or the VIP there).
    Direct {
        /// The segment.
        segment: Id<Segment>,
        /// The address on it.
        ip: Ipv4Addr,
        /// The port.
        port: i64,
    },
    /// Over the network between the hosts: the target runs on its host's own network.
    Routed {
        /// The host's address, or the VIP there.
        ip: Ipv4Addr,
        /// The port.
        port: i64,
    },
    /// Through a published port of the target's host.
    Published {
        /// The publish.
        publish: Id<PublishClaim>,
        /// The host's address.
        ip: Ipv4Addr,
        /// The port on the host.
        port: i64,
    },
    /// None. The address that would be right if there were one (what `--force` writes).
    None {
        /// The target's first address, if it has any.
        ip: Option<Ipv4Addr>,
        /// The target's port.
        port: i64,
    },
}
