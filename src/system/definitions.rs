use crate::source::{Span, Spanned};
use crate::topology::{Permission, PolicyValue, QueueKind};

use super::{Component, Fact, Id};

/// A virtual host of a cluster of brokers.
#[derive(Clone, Debug)]
pub struct VhostClaim {
    /// The cluster.
    pub cluster: Id<Component>,
    /// Its name.
    pub name: Spanned<String>,
}

/// A user is mentioned: for the whole cluster, or in one virtual host.
#[derive(Clone, Debug)]
pub struct UserClaim {
    /// The cluster.
    pub cluster: Id<Component>,
    /// The user's name.
    pub name: Spanned<String>,
    /// The password (a secret in a topology); absent: another mention has it.
    pub password: Fact<String>,
    /// Tags, separated by commas; absent: another mention has them, or nobody.
    pub tags: Fact<String>,
    /// The virtual host in which the user stands.
    pub vhost: Option<String>,
    /// What the user may do there.
    pub permission: Option<Permission>,
}

/// A policy of a virtual host.
#[derive(Clone, Debug)]
pub struct PolicyClaim {
    /// The cluster.
    pub cluster: Id<Component>,
    /// The virtual host.
    pub vhost: String,
    /// The policy's name and place.
    pub policy: Spanned<String>,
    /// To which names it applies.
    pub pattern: Fact<String>,
    /// To which kinds.
    pub apply_to: Fact<String>,
    /// Of several that match, the highest counts.
    pub priority: Fact<i64>,
    /// Its keys and their values.
    pub definition: Vec<(Spanned<String>, Spanned<PolicyValue>)>,
    /// The whole declaration.
    pub span: Span,
}

impl PolicyClaim {
    /// The value of a key, and where it stands.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Spanned<PolicyValue>> {
        self.definition.iter().find(|(known, _)| known.value == key).map(|(_, value)| value)
    }

    /// Where a key is written.
    #[must_use]
    pub fn place_of(&self, key: &str) -> Option<Span> {
        self.definition.iter().find(|(known, _)| known.value == key).map(|(known, _)| known.span)
    }
}

/// A queue that the brokers of a cluster hold from the start.
#[derive(Clone, Debug)]
pub struct QueueClaim {
    /// The cluster.
    pub cluster: Id<Component>,
    /// Its name.
    pub name: Spanned<String>,
    /// Its type; absent: the cluster's default.
    pub kind: Fact<QueueKind>,
    /// Whether it outlives a restart of its broker.
    pub durable: Fact<bool>,
    /// Whether it goes with its last consumer.
    pub auto_delete: Fact<bool>,
    /// Its arguments.
    pub arguments: Vec<(Spanned<String>, Spanned<PolicyValue>)>,
}

/// An exchange that the brokers of a cluster hold from the start.
#[derive(Clone, Debug)]
pub struct ExchangeClaim {
    /// The cluster.
    pub cluster: Id<Component>,
    /// Its name.
    pub name: Spanned<String>,
    /// How it chooses.
    pub kind: Fact<String>,
}

/// A plugin is enabled on every broker of a cluster.
#[derive(Clone, Debug)]
pub struct PluginClaim {
    /// The cluster.
    pub cluster: Id<Component>,
    /// The plugin.
    pub name: Spanned<String>,
}
