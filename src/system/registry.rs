use crate::source::Span;
use crate::topology::Follow;

use super::{Component, Fact, Id, ListenClaim, Unit};

/// A Consul server's membership.
#[derive(Clone, Debug)]
pub struct ConsulClaim {
    /// Who.
    pub unit: Id<Unit>,
    /// The servers it was declared with.
    pub cluster: Id<Component>,
    /// `node_name`.
    pub node: Fact<String>,
    /// `datacenter`.
    pub datacenter: Fact<String>,
    /// `bootstrap_expect`.
    pub bootstrap_expect: Fact<i64>,
    /// `encrypt`, the gossip key; absent: gossip in clear.
    pub gossip: Fact<String>,
}

/// An instance registers itself below a key of a key-value store.
#[derive(Clone, Debug)]
pub struct RegisterClaim {
    /// Who.
    pub unit: Id<Unit>,
    /// In whose store.
    pub registry: Id<Component>,
    /// The folder; `IP:PORT` stands below it.
    pub key: Fact<String>,
    /// Its share of the connections.
    pub weight: Fact<i64>,
    /// Failures until a reader leaves it out for a while.
    pub max_fails: Fact<i64>,
    /// For how long, in milliseconds.
    pub fail_timeout: Fact<u64>,
    /// How long the registration outlives whoever renews it, in milliseconds.
    pub ttl: Fact<u64>,
    /// Time between two looks at the instance, in milliseconds.
    pub check_every: Fact<u64>,
    /// The whole declaration.
    pub span: Span,
}

/// Seconds for which Consul is told to keep a question of upsync, where it would keep it for 5 minutes by itself: a server
/// that dies without a word (its machine lost power) is noticed only at the end of that.
pub const POLL_HOLD: u64 = 20;

/// Seconds after which a server that keeps silent is given up. Consul lengthens the hold by up to a sixteenth
/// (<https://developer.hashicorp.com/consul/api-docs/features/blocking>).
pub const POLL_GIVE_UP: u64 = 25;

/// The servers of a port follow the registered instances of an application.
#[derive(Clone, Debug)]
pub struct FollowClaim {
    /// Who follows.
    pub unit: Id<Unit>,
    /// Whose servers.
    pub listen: Id<ListenClaim>,
    /// The application.
    pub of: Id<Component>,
    /// The store that is read.
    pub registry: Id<Component>,
    /// The folder that is read.
    pub key: Fact<String>,
    /// How.
    pub method: Fact<Follow>,
    /// Milliseconds between two questions.
    pub interval: Fact<u64>,
    /// Milliseconds that one question may wait for a change.
    pub wait: Fact<u64>,
    /// The whole declaration.
    pub span: Span,
}

/// A folder of the key-value store without the slashes at its ends, which are written in many ways and mean the same.
#[must_use]
pub fn key_folder(key: &str) -> &str {
    key.trim_matches('/')
}
