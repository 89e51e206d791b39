use crate::source::Spanned;

use super::{Component, Ref, Version};

/// `consul NAME …`: servers of one cluster.
#[derive(Clone, Debug)]
pub struct Consul {
    /// What every component has.
    pub component: Component,
    /// The release.
    pub version: Spanned<Version>,
    /// What all servers claim unless they say otherwise.
    pub settings: ConsulSettings,
}

/// What a single server says for itself.
#[derive(Clone, Debug, Default)]
pub struct ConsulServer {
    /// `bootstrap_expect`, where it is not the number of servers.
    pub bootstrap_expect: Option<Spanned<i64>>,
    /// The rest.
    pub settings: ConsulSettings,
}

/// What can be said for all servers or for one.
#[derive(Clone, Debug, Default)]
pub struct ConsulSettings {
    /// The secret that is the gossip key: 16, 24 or 32 bytes in base64.
    pub encrypt: Option<Ref>,
    /// The datacenter; `dc1` where none is written.
    pub datacenter: Option<Spanned<String>>,
}
