use crate::source::Span;
use crate::topology::{CheckKind, Mode};

use super::{Fact, ForwardClaim, Id, ListenClaim, Unit};

/// How a port of a balancer or an nginx hands connections on, as its program runs it.
#[derive(Clone, Debug)]
pub struct ProxyClaim {
    /// Who.
    pub unit: Id<Unit>,
    /// From which of its ports.
    pub listen: Id<ListenClaim>,
    /// Where to.
    pub forward: Id<ForwardClaim>,
    /// What it understands of the traffic.
    pub mode: Fact<Mode>,
    /// How a server is chosen, in the words of HAProxy.
    pub balance: Fact<String>,
    /// Most connections at once on this port; absent: only the process has a limit.
    pub maxconn: Fact<i64>,
    /// Whether connections begin with a line of the PROXY protocol.
    pub accept_proxy: Fact<bool>,
    /// Whether servers get such a line.
    pub send_proxy: Fact<bool>,
    /// The name under which a web service of nginx is asked for; absent: any, or no web service of nginx.
    pub server_name: Fact<String>,
    /// How long it waits.
    pub timeouts: TimeoutClaims,
    /// How servers are checked; `None`: only by what becomes of connections.
    pub check: Option<ProbeClaim>,
    /// Its servers, in the order of the forward's targets.
    pub servers: Vec<ServerClaim>,
    /// The whole declaration.
    pub span: Span,
}

/// Milliseconds that a proxy waits; absent: its program has no such limit.
#[derive(Clone, Debug)]
pub struct TimeoutClaims {
    /// Until a connection to a server stands.
    pub connect: Fact<u64>,
    /// For a silent client.
    pub client: Fact<u64>,
    /// For a silent server.
    pub server: Fact<u64>,
    /// For two silent sides, once both have spoken. Where it is there, the two above count for requests alone.
    pub idle: Fact<u64>,
}

/// Checks of a port's servers.
#[derive(Clone, Debug)]
pub struct ProbeClaim {
    /// What is asked.
    pub kind: Fact<CheckKind>,
    /// Milliseconds between two checks.
    pub every: Fact<u64>,
    /// The same while the state of a server changes.
    pub fast: Fact<u64>,
    /// The same while a server is down.
    pub down: Fact<u64>,
    /// Milliseconds that one check may take.
    pub timeout: Fact<u64>,
    /// Successes until a server counts as up.
    pub rise: Fact<i64>,
    /// Failures until it counts as down.
    pub fall: Fact<i64>,
    /// The path that is asked for.
    pub path: Fact<String>,
    /// The host name that is asked for.
    pub host: Fact<String>,
}

/// One server of a port.
#[derive(Clone, Debug)]
pub struct ServerClaim {
    /// Its share of the connections; absent: as the others.
    pub weight: Fact<i64>,
    /// Whether it serves only while no other one can.
    pub backup: Fact<bool>,
    /// Most connections at once; absent: no limit.
    pub maxconn: Fact<i64>,
    /// Where something is said of it; nowhere, if nothing is.
    pub span: Span,
}

/// What the process of a balancer or an nginx can hold.
#[derive(Clone, Debug)]
pub struct ProcessClaim {
    /// Who.
    pub unit: Id<Unit>,
    /// HAProxy: sessions, two connections each (`maxconn`). nginx: connections of a worker (`worker_connections`).
    pub connections: Fact<i64>,
    /// nginx: processes; absent: one a processor. HAProxy: always one.
    pub workers: Fact<i64>,
    /// HAProxy: milliseconds that connections outlive a reload. nginx: absent, they may stay.
    pub drain: Fact<u64>,
}

/// What a proxy waits where nothing is written, in milliseconds: idle times far above any heartbeat.
pub mod waits {
    /// HAProxy, until a connection to a server stands.
    pub const CONNECT: u64 = 5_000;
    /// HAProxy, for a silent client or server.
    pub const SILENT: u64 = 180_000;
    /// Both, for two silent sides.
    pub const IDLE: u64 = 10_800_000;
    /// nginx, until a connection to a server stands: a dead server costs a client this long.
    pub const NGINX_CONNECT: u64 = 3_000;
    /// nginx, for a silent client or server of a web service.
    pub const NGINX_SILENT: u64 = 60_000;
    /// HAProxy, between two checks.
    pub const CHECK_EVERY: u64 = 5_000;
    /// HAProxy, for the answer to a check.
    pub const CHECK: u64 = 3_000;
    /// HAProxy, for connections that outlive a reload.
    pub const DRAIN: u64 = 1_800_000;
}
