use std::net::Ipv4Addr;

use crate::source::{Span, Spanned};

use super::{Component, Publish, Ref, Version};

/// `haproxy NAME …`: balancers that share one configuration.
#[derive(Clone, Debug)]
pub struct Haproxy {
    /// What every component has.
    pub component: Component,
    /// The release.
    pub version: Spanned<Version>,
    /// Most connections at once, for the whole process.
    pub maxconn: Option<Spanned<i64>>,
    /// Services.
    pub listens: Vec<Listen>,
    /// The statistics page.
    pub stats: Option<Stats>,
    /// Virtual addresses.
    pub vips: Vec<Vip>,
    /// Timeouts of every listen that says none; milliseconds.
    pub timeouts: Timeouts,
}

/// `listen NAME port=N to=REF …`.
#[derive(Clone, Debug)]
pub struct Listen {
    /// Its name.
    pub name: Spanned<String>,
    /// The port it listens on.
    pub port: Spanned<i64>,
    /// `component/port`.
    pub to: Ref,
    /// The balancing algorithm.
    pub balance: Option<Spanned<String>>,
    /// `tcp` or `http`.
    pub mode: Option<Spanned<Mode>>,
    /// Health checks of the servers.
    pub check: Option<Check>,
    /// Timeouts; milliseconds.
    pub timeouts: Timeouts,
    /// Published on the host of each node.
    pub publish: Vec<Publish>,
    /// The whole node.
    pub span: Span,
}

/// Mode of a listen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Bytes.
    Tcp,
    /// Requests.
    Http,
}

/// `check every=… rise=… fall=… timeout=… kind=… path=…`.
#[derive(Clone, Debug, Default)]
pub struct Check {
    /// Interval in milliseconds.
    pub every: Option<Spanned<u64>>,
    /// Successes until a server counts as up.
    pub rise: Option<Spanned<i64>>,
    /// Failures until a server counts as down.
    pub fall: Option<Spanned<i64>>,
    /// Timeout of one check in milliseconds.
    pub timeout: Option<Spanned<u64>>,
    /// What is asked.
    pub kind: Option<Spanned<CheckKind>>,
    /// The path for `kind="http"`.
    pub path: Option<Spanned<String>>,
    /// The whole node.
    pub span: Option<Span>,
}

/// What a health check asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CheckKind {
    /// Whether the broker serves as a member of a majority (brokers only; the default for them).
    Member,
    /// Whether a connection can be opened.
    Tcp,
    /// Whether a request is answered with success.
    Http,
}

/// `timeout connect=… client=… server=… tunnel=… queue=…`; milliseconds.
#[derive(Clone, Debug, Default)]
pub struct Timeouts {
    /// Until a connection to a server must stand.
    pub connect: Option<Spanned<u64>>,
    /// Idle time on the client's side.
    pub client: Option<Spanned<u64>>,
    /// Idle time on the server's side.
    pub server: Option<Spanned<u64>>,
    /// Idle time on both sides once bytes flow both ways.
    pub tunnel: Option<Spanned<u64>>,
}

/// `stats port=N path=… user=… password=SECRET`.
#[derive(Clone, Debug)]
pub struct Stats {
    /// The port of the page.
    pub port: Spanned<i64>,
    /// Its path; `/` where it is not written.
    pub path: Option<Spanned<String>>,
    /// Who may look.
    pub user: Spanned<String>,
    /// The secret that holds the password.
    pub password: Ref,
    /// The whole node.
    pub span: Span,
}

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
    /// `check #false`: VRRP alone, without a look at HAProxy (the short form of the notes).
    pub check: Option<Spanned<bool>>,
    /// Check interval in milliseconds.
    pub check_every: Option<Spanned<u64>>,
    /// Failures until the check counts as failed.
    pub check_fall: Option<Spanned<i64>>,
    /// Successes until it counts as passed.
    pub check_rise: Option<Spanned<i64>>,
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
    /// Whether a better member waits instead of taking the VIP back.
    pub nopreempt: Option<Spanned<bool>>,
    /// Weight of the check; without one a failure is FAULT.
    pub weight: Option<Spanned<i64>>,
    /// Unicast adverts between the members instead of multicast.
    pub unicast: Option<Spanned<bool>>,
    /// The interface; by default found at start by the member's address.
    pub interface: Option<Spanned<String>>,
    /// `vrrp_instance` name.
    pub instance: Option<Spanned<String>>,
}
