use std::net::Ipv4Addr;

use crate::source::{Span, Spanned};

use super::Ref;

/// `vip NAME ADDRESS… { … }`: addresses that live on one member at a time.
#[derive(Clone, Debug)]
pub struct Vip {
    /// Its name.
    pub name: Spanned<String>,
    /// The addresses.
    pub addresses: Vec<Spanned<Ipv4Addr>>,
    /// The member that holds it when all are well.
    pub prefer: Option<Ref>,
    /// What all members claim unless they say otherwise.
    pub settings: VrrpSettings,
    /// What single members claim.
    pub members: Vec<VipMember>,
    /// The whole node.
    pub span: Span,
}

/// `member NODE …` of a VIP.
#[derive(Clone, Debug)]
pub struct VipMember {
    /// The node.
    pub node: Ref,
    /// Its own address list, where it differs.
    pub addresses: Vec<Spanned<Ipv4Addr>>,
    /// Its priority.
    pub priority: Option<Spanned<i64>>,
    /// `MASTER` or `BACKUP`.
    pub state: Option<Spanned<String>>,
    /// `router_id`.
    pub router_id: Option<Spanned<String>>,
    /// `mcast_src_ip` or `unicast_src_ip`.
    pub source: Option<Spanned<Ipv4Addr>>,
    /// `unicast_peer`.
    pub peers: Vec<Spanned<Ipv4Addr>>,
    /// What else it claims for itself.
    pub settings: VrrpSettings,
    /// The whole node.
    pub span: Span,
}

/// What can be said of VRRP for a whole VIP or for one member.
#[derive(Clone, Debug, Default)]
pub struct VrrpSettings {
    /// Virtual router id; 1..=255 works.
    pub vrid: Option<Spanned<i64>>,
    /// VRRP version, 2 or 3.
    pub version: Option<Spanned<i64>>,
    /// Advertisement interval in milliseconds.
    pub advert: Option<Spanned<u64>>,
    /// The secret for `auth_pass`.
    pub auth: Option<Ref>,
    /// `auth_type`.
    pub auth_type: Option<Spanned<AuthType>>,
    /// Whether a better member waits instead of taking the VIP back.
    pub nopreempt: Option<Spanned<bool>>,
    /// How long it waits at least, in milliseconds.
    pub preempt_delay: Option<Spanned<u64>>,
    /// Weight of the check; without one a failure is FAULT.
    pub weight: Option<Spanned<i64>>,
    /// Unicast adverts between the members instead of multicast.
    pub unicast: Option<Spanned<bool>>,
    /// `unicast_ttl`; 1..=255 works.
    pub unicast_ttl: Option<Spanned<i64>>,
    /// The interface; by default found at start by the member's address.
    pub interface: Option<Spanned<String>>,
    /// `vrrp_instance` name.
    pub instance: Option<Spanned<String>>,
    /// Prefix length of the addresses; by default the subnet's.
    pub prefix: Option<Spanned<i64>>,
    /// `strict_mode`.
    pub strict: Option<Spanned<bool>>,
    /// The program that is told of changes.
    pub notify: Option<Spanned<String>>,
    /// How HAProxy is checked.
    pub check: VipCheck,
    /// What else is tracked.
    pub tracks: Vec<Track>,
    /// How the addresses are announced to the network.
    pub garp: Garp,
}

/// `check [#false] every=… timeout=… fall=… rise=… script=…`.
#[derive(Clone, Debug, Default)]
pub struct VipCheck {
    /// `check #false`: VRRP alone, without a look at HAProxy (the short form of the notes).
    pub switch: Option<Spanned<bool>>,
    /// How it is tried.
    pub tried: Tried,
    /// Another command than hacc's own.
    pub script: Option<Spanned<String>>,
}

/// How a command is tried.
#[derive(Clone, Debug, Default)]
pub struct Tried {
    /// Interval in milliseconds.
    pub every: Option<Spanned<u64>>,
    /// How long one try may take, in milliseconds.
    pub timeout: Option<Spanned<u64>>,
    /// Failures until it counts as failed.
    pub fall: Option<Spanned<i64>>,
    /// Successes until it counts as passed.
    pub rise: Option<Spanned<i64>>,
}

/// `track script=|interface=|process= weight=…`.
#[derive(Clone, Debug)]
pub struct Track {
    /// What is tracked.
    pub what: Tracked,
    /// Its command or name.
    pub name: Spanned<String>,
    /// How a command is tried.
    pub tried: Tried,
    /// Weight; without one a failure is FAULT.
    pub weight: Option<Spanned<i64>>,
    /// The whole node.
    pub span: Span,
}

/// What keepalived can watch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tracked {
    /// A command that succeeds.
    Script,
    /// An interface that is up.
    Interface,
    /// A process that runs.
    Process,
}

/// `auth_type`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum AuthType {
    /// The password in clear.
    Pass,
    /// The authentication header of `IPsec`.
    Ah,
}

/// `garp delay=… repeat=… refresh=…`.
#[derive(Clone, Debug, Default)]
pub struct Garp {
    /// Time until a new holder says it a second time, in milliseconds.
    pub delay: Option<Spanned<u64>>,
    /// How many times it is said each time.
    pub repeat: Option<Spanned<i64>>,
    /// Time after which it is said again, in milliseconds; 0: never.
    pub refresh: Option<Spanned<u64>>,
}
