use crate::source::{Span, Spanned};

use super::{Component, Ref, Version};

/// `rabbitmq NAME …`: a cluster of brokers.
#[derive(Clone, Debug)]
pub struct Rabbitmq {
    /// What every component has.
    pub component: Component,
    /// The release.
    pub version: Spanned<Version>,
    /// The release that the cluster runs now, while it is upgraded.
    pub upgrade_from: Option<Spanned<Version>>,
    /// The Erlang cookie of every node that names none.
    pub cookie: Ref,
    /// Users of the whole cluster.
    pub users: Vec<User>,
    /// Virtual hosts.
    pub vhosts: Vec<Vhost>,
    /// Plugins to enable beside those that hacc needs.
    pub plugins: Vec<Spanned<String>>,
    /// `set KEY VALUE`: lines of rabbitmq.conf.
    pub settings: Vec<Setting>,
    /// The heartbeat that the broker suggests to clients, in milliseconds.
    pub heartbeat: Option<Spanned<u64>>,
    /// `cluster_partition_handling`.
    pub partition_handling: Option<Spanned<String>>,
    /// Absolute memory watermark in bytes.
    pub memory_watermark: Option<Spanned<u64>>,
    /// Absolute free disk limit in bytes.
    pub disk_free_limit: Option<Spanned<u64>>,
    /// Memory limit of each container in bytes.
    pub memory: Option<Spanned<u64>>,
}

/// Whether a broker keeps the cluster's metadata on disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NodeKind {
    /// On disk.
    Disc,
    /// In memory only (removed in RabbitMQ 4.3).
    Ram,
}

/// `user NAME password=SECRET tags="…" configure=… write=… read=…`.
#[derive(Clone, Debug)]
pub struct User {
    /// The user's name.
    pub name: Spanned<String>,
    /// The secret that holds the password; one mention of the user must have it.
    pub password: Option<Ref>,
    /// Tags, separated by commas (`administrator`, `monitoring`, …).
    pub tags: Option<Spanned<String>>,
    /// Permissions in the vhost where the user stands.
    pub permission: Option<Permission>,
    /// The whole node.
    pub span: Span,
}

/// Three regular expressions over names of queues and exchanges.
#[derive(Clone, Debug)]
pub struct Permission {
    /// What may be declared and deleted.
    pub configure: Spanned<String>,
    /// Where may be published.
    pub write: Spanned<String>,
    /// From where may be consumed.
    pub read: Spanned<String>,
}

/// `vhost NAME { … }`.
#[derive(Clone, Debug)]
pub struct Vhost {
    /// The name; `/` is the default one.
    pub name: Spanned<String>,
    /// Users with permissions here.
    pub users: Vec<User>,
    /// Policies.
    pub policies: Vec<Policy>,
    /// Queues that are there from the start.
    pub queues: Vec<Queue>,
    /// Exchanges that are there from the start.
    pub exchanges: Vec<Exchange>,
    /// What exchanges hand on.
    pub bindings: Vec<Binding>,
    /// The whole node.
    pub span: Span,
}

/// `queue NAME type=… durable=… auto-delete=… { ARGUMENT VALUE }`.
#[derive(Clone, Debug)]
pub struct Queue {
    /// Its name.
    pub name: Spanned<String>,
    /// Its type; the cluster's default where none is written.
    pub kind: Option<Spanned<QueueKind>>,
    /// Whether it outlives a restart of its broker; yes where nothing is written.
    pub durable: Option<Spanned<bool>>,
    /// Whether it goes with its last consumer; no where nothing is written.
    pub auto_delete: Option<Spanned<bool>>,
    /// Its arguments.
    pub arguments: Vec<(Spanned<String>, Spanned<PolicyValue>)>,
    /// The whole node.
    pub span: Span,
}

/// The type of a queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QueueKind {
    /// One copy.
    Classic,
    /// Replicas that agree (from 3.8 on).
    Quorum,
    /// A log (from 3.9 on).
    Stream,
}

impl QueueKind {
    /// The value of `x-queue-type`.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Classic => "classic",
            Self::Quorum => "quorum",
            Self::Stream => "stream",
        }
    }
}

/// `exchange NAME type=… durable=… auto-delete=… internal=… { ARGUMENT VALUE }`.
#[derive(Clone, Debug)]
pub struct Exchange {
    /// Its name.
    pub name: Spanned<String>,
    /// Its type; `direct` where none is written.
    pub kind: Option<Spanned<String>>,
    /// Whether it outlives a restart; yes where nothing is written.
    pub durable: Option<Spanned<bool>>,
    /// Whether it goes with the last thing bound to it; no where nothing is written.
    pub auto_delete: Option<Spanned<bool>>,
    /// Whether clients may not publish to it; no where nothing is written.
    pub internal: Option<Spanned<bool>>,
    /// Its arguments.
    pub arguments: Vec<(Spanned<String>, Spanned<PolicyValue>)>,
    /// The whole node.
    pub span: Span,
}

/// `bind EXCHANGE queue=… key=…` or `bind EXCHANGE exchange=… key=…`.
#[derive(Clone, Debug)]
pub struct Binding {
    /// The exchange that hands on.
    pub from: Spanned<String>,
    /// Who gets it.
    pub to: BindingTarget,
    /// The routing key; empty where none is written.
    pub key: Option<Spanned<String>>,
    /// The whole node.
    pub span: Span,
}

/// Who gets what an exchange hands on.
#[derive(Clone, Debug)]
pub enum BindingTarget {
    /// A queue.
    Queue(Spanned<String>),
    /// Another exchange.
    Exchange(Spanned<String>),
}

/// `policy NAME pattern=… apply-to=… priority=… { KEY VALUE }`.
#[derive(Clone, Debug)]
pub struct Policy {
    /// The policy's name.
    pub name: Spanned<String>,
    /// Which queues or exchanges, by name.
    pub pattern: Spanned<String>,
    /// `queues`, `exchanges`, `all`, and from 3.12 on `quorum_queues`, `classic_queues`, `streams`.
    pub apply_to: Option<Spanned<String>>,
    /// The higher wins; 0 where it is not written.
    pub priority: Option<Spanned<i64>>,
    /// Its keys.
    pub definition: Vec<(Spanned<String>, Spanned<PolicyValue>)>,
    /// The whole node.
    pub span: Span,
}

/// A value of a policy's key or of a setting.
#[derive(Clone, Debug, PartialEq)]
pub enum PolicyValue {
    /// Text.
    Text(String),
    /// A whole number.
    Integer(i64),
    /// Yes or no.
    Bool(bool),
    /// A list of texts (`ha-params` of `ha-mode "nodes"`).
    List(Vec<String>),
}

/// `set KEY VALUE`.
#[derive(Clone, Debug)]
pub struct Setting {
    /// A key of rabbitmq.conf.
    pub key: Spanned<String>,
    /// Its value.
    pub value: Spanned<PolicyValue>,
}
