use std::net::Ipv4Addr;

use crate::source::Span;
use crate::topology::{AuthType, Tracked};

use super::{Fact, Id, Segment, Unit};

/// One VRRP instance of one member, as its keepalived would run it.
#[derive(Clone, Debug)]
pub struct VrrpClaim {
    /// Who.
    pub unit: Id<Unit>,
    /// The declaration that it comes from (`lb.front`), shared by members declared together; `None` in adopted files.
    pub declared: Option<String>,
    /// Where the VIP as a whole, or this member's part of it, is declared.
    pub span: Span,
    /// The segment on which it speaks.
    pub segment: Id<Segment>,
    /// `vrrp_instance` name.
    pub instance: Fact<String>,
    /// The interface; absent: found at start by the member's address.
    pub interface: Fact<String>,
    /// VRRP version.
    pub version: Fact<i64>,
    /// `virtual_router_id`.
    pub vrid: Fact<i64>,
    /// `priority`.
    pub priority: Fact<i64>,
    /// `state` (a hint only).
    pub state: Fact<String>,
    /// `advert_int` in milliseconds.
    pub advert: Fact<u64>,
    /// Authentication.
    pub auth: AuthClaim,
    /// `auth_type`.
    pub auth_type: Fact<AuthType>,
    /// `nopreempt`.
    pub nopreempt: Fact<bool>,
    /// `preempt_delay` in milliseconds.
    pub preempt_delay: Fact<u64>,
    /// `mcast_src_ip` or `unicast_src_ip`.
    pub source: Fact<Ipv4Addr>,
    /// Whether adverts go by unicast, as far as there are peers.
    pub unicast: Fact<bool>,
    /// `unicast_ttl`.
    pub unicast_ttl: Fact<i64>,
    /// `unicast_peer`; empty: multicast.
    pub peers: Vec<Fact<Ipv4Addr>>,
    /// `router_id`.
    pub router_id: Fact<String>,
    /// `virtual_ipaddress`.
    pub vips: Vec<Fact<Ipv4Addr>>,
    /// Their prefix length; absent where the subnet is not known.
    pub prefix: Fact<i64>,
    /// `strict_mode`.
    pub strict: Fact<bool>,
    /// The program that is told of changes of state.
    pub notify: Fact<String>,
    /// Whether HAProxy is checked.
    pub checked: Fact<bool>,
    /// The tracked check of HAProxy, if any.
    pub check: Option<CheckClaim>,
    /// What else is tracked.
    pub tracks: Vec<TrackClaim>,
    /// Gratuitous ARP.
    pub garp: GarpClaim,
}

impl VrrpClaim {
    /// The weights of everything that is tracked: of the check, then of the rest.
    pub fn weights(&self) -> impl Iterator<Item = &Fact<i64>> {
        self.check.iter().map(|check| &check.weight).chain(self.tracks.iter().map(|track| &track.weight))
    }

    /// The checks that are commands: of HAProxy, then of the rest.
    pub fn commands(&self) -> impl Iterator<Item = &CheckClaim> {
        self.check.iter().chain(self.tracks.iter().filter_map(|track| track.tried.as_ref()))
    }
}

/// `authentication { … }` of one instance.
#[derive(Clone, Debug)]
pub enum AuthClaim {
    /// None.
    Absent,
    /// `auth_pass` is this secret.
    Pass(Fact<String>),
}

/// A tracked command of one instance.
#[derive(Clone, Debug)]
pub struct CheckClaim {
    /// The command; absent: hacc's own, which asks HAProxy through its socket.
    pub script: Fact<String>,
    /// Interval in milliseconds.
    pub every: Fact<u64>,
    /// How long one try may take, in milliseconds.
    pub timeout: Fact<u64>,
    /// Failures until it counts as failed.
    pub fall: Fact<i64>,
    /// Successes until it counts as passed.
    pub rise: Fact<i64>,
    /// Weight; 0: a failure is FAULT.
    pub weight: Fact<i64>,
}

/// Something else that one instance tracks.
#[derive(Clone, Debug)]
pub struct TrackClaim {
    /// What it is.
    pub what: Tracked,
    /// Its command or name.
    pub name: Fact<String>,
    /// Weight; 0: a failure is FAULT.
    pub weight: Fact<i64>,
    /// How it is tried, where it is a command.
    pub tried: Option<CheckClaim>,
    /// The whole declaration.
    pub span: Span,
}

/// How a new holder announces the addresses (gratuitous ARP). Absent: keepalived's own value, or hacc's for all instances.
#[derive(Clone, Debug)]
pub struct GarpClaim {
    /// Time until it is said a second time, in milliseconds.
    pub delay: Fact<u64>,
    /// How many times it is said each time.
    pub repeat: Fact<i64>,
    /// Time after which it is said again, in milliseconds; 0: never.
    pub refresh: Fact<u64>,
}
