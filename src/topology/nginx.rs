use crate::source::{Span, Spanned};

use super::{Component, Publish, Ref, ServerSettings, Timeouts, Version};

/// `nginx NAME …`: an nginx, or several that share one configuration.
#[derive(Clone, Debug)]
pub struct Nginx {
    /// What every component has.
    pub component: Component,
    /// The release.
    pub version: Spanned<Version>,
    /// Worker processes; one a processor where none is written.
    pub workers: Option<Spanned<i64>>,
    /// Connections of each worker, two a session.
    pub connections: Option<Spanned<i64>>,
    /// Memory limit of each container in bytes.
    pub memory: Option<Spanned<u64>>,
    /// TCP services.
    pub streams: Vec<Stream>,
    /// Web services.
    pub https: Vec<Http>,
}

/// `stream NAME port=N to=REF via=…`.
#[derive(Clone, Debug)]
pub struct Stream {
    /// Its name.
    pub name: Spanned<String>,
    /// The port it listens on.
    pub port: Spanned<i64>,
    /// `component/port`.
    pub to: Ref,
    /// The way to it.
    pub via: Option<Spanned<Via>>,
    /// The balancing algorithm.
    pub balance: Option<Spanned<Balance>>,
    /// What is said of single servers.
    pub servers: Vec<ServerSettings>,
    /// How its servers follow the instances of an application.
    pub followed: Option<Followed>,
    /// Whether connections begin with a line of the PROXY protocol.
    pub accept_proxy: Option<Spanned<bool>>,
    /// Whether servers are told by such a line whose connection it is.
    pub send_proxy: Option<Spanned<bool>>,
    /// Timeouts; milliseconds (`connect`, and `client` for the idle time both ways).
    pub timeouts: Timeouts,
    /// Published on the host of each node.
    pub publish: Vec<Publish>,
    /// The whole node.
    pub span: Span,
}

/// `http NAME port=N to=REF …`.
#[derive(Clone, Debug)]
pub struct Http {
    /// Its name.
    pub name: Spanned<String>,
    /// The port it listens on.
    pub port: Spanned<i64>,
    /// `component/port`, or an application.
    pub to: Ref,
    /// The way to it.
    pub via: Option<Spanned<Via>>,
    /// The name under which it is asked for; `_` (any) where none is written.
    pub server_name: Option<Spanned<String>>,
    /// The balancing algorithm.
    pub balance: Option<Spanned<Balance>>,
    /// What is said of single servers.
    pub servers: Vec<ServerSettings>,
    /// How its servers follow the instances of an application.
    pub followed: Option<Followed>,
    /// Timeouts; milliseconds (`connect`, `client`, `server`).
    pub timeouts: Timeouts,
    /// Published on the host of each node.
    pub publish: Vec<Publish>,
    /// The whole node.
    pub span: Span,
}

/// `through=REGISTRY follow=… key=… interval=… wait=…`: servers that come and go with what is registered.
#[derive(Clone, Debug)]
pub struct Followed {
    /// The Consul servers.
    pub through: Ref,
    /// How; upsync where nothing is written.
    pub method: Option<Spanned<Follow>>,
    /// The folder of the key-value store; the application's where none is written.
    pub key: Option<Spanned<String>>,
    /// Milliseconds between two questions; 500 where none is written.
    pub interval: Option<Spanned<u64>>,
    /// Milliseconds that one question may wait for a change; 6 minutes where none is written.
    pub wait: Option<Spanned<u64>>,
}

/// How instances are followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Follow {
    /// By nginx-upsync-module, from the key-value store.
    Upsync,
    /// By name, from Consul's DNS.
    Dns,
}

/// How nginx chooses a server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Balance {
    /// The one with the fewest connections.
    Leastconn,
    /// One after the other.
    Roundrobin,
    /// By the client's address.
    Source,
    /// The less busy of two that are drawn.
    Random,
}

impl Balance {
    /// Its word in a topology.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Leastconn => "leastconn",
            Self::Roundrobin => "roundrobin",
            Self::Source => "source",
            Self::Random => "random",
        }
    }
}

/// The way to a component that has a VIP.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Via {
    /// `via="nodes"`: each node by its own address.
    Nodes,
    /// `via="NAME"`: that VIP.
    Vip(String),
}
