use crate::source::{Span, Spanned};

use super::{Component, Publish, Ref, ServerSettings, Version, Vip};

/// `haproxy NAME …`: balancers that share one configuration.
#[derive(Clone, Debug)]
pub struct Haproxy {
    /// What every component has.
    pub component: Component,
    /// The release.
    pub version: Spanned<Version>,
    /// Most connections at once, for the whole process.
    pub maxconn: Option<Spanned<i64>>,
    /// Memory limit of each container in bytes.
    pub memory: Option<Spanned<u64>>,
    /// How long connections outlive a reload; milliseconds.
    pub drain: Option<Spanned<u64>>,
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
    /// Most connections at once.
    pub maxconn: Option<Spanned<i64>>,
    /// Whether connections begin with a line of the PROXY protocol.
    pub accept_proxy: Option<Spanned<bool>>,
    /// Whether servers are told by such a line whose connection it is.
    pub send_proxy: Option<Spanned<bool>>,
    /// What is said of single servers.
    pub servers: Vec<ServerSettings>,
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
    /// Interval in milliseconds while the state of a server changes.
    pub fast: Option<Spanned<u64>>,
    /// Interval in milliseconds while a server is down.
    pub down: Option<Spanned<u64>>,
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
    /// The name that is asked for with `kind="http"`.
    pub host: Option<Spanned<String>>,
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
