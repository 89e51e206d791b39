//! What is claimed, per member: the one model that rules, the proof, plans and diffs read, whether the facts come
//! from a topology or from files that people wrote.
//!
//! Nothing here is shared between members by construction. A VRRP group does not *have* a VRID: each member claims
//! one, and a mistake is a disagreement between claims. Groups are [derived](crate::derive) from claims.

mod arena;
mod claim;
mod container;
mod definitions;
mod fact;
mod from_topology;
mod lock;
mod proxy;
mod registry;
mod unit;
mod vrrp;

pub use arena::{Arena, Id};
pub use claim::{
    AddressClaim, BrokerClaim, CookieClaim, ForwardClaim, ListenClaim, PublishClaim, ReleaseClaim, SettingClaim,
    Target, Transport,
};
pub use container::{ContainerClaim, OPEN_FILES, SPARE_FILES};
pub use definitions::{ExchangeClaim, PluginClaim, PolicyClaim, QueueClaim, UserClaim, VhostClaim};
pub use fact::{Fact, Origin, Value};
pub use from_topology::{Built, MEMBER_PORT, build};
pub use lock::Lock;
pub use proxy::{ProbeClaim, ProcessClaim, ProxyClaim, ServerClaim, TimeoutClaims, waits};
pub use registry::{ConsulClaim, FollowClaim, POLL_GIVE_UP, POLL_HOLD, RegisterClaim, key_folder};
pub use unit::{Component, Coverage, Host, Place, Program, Secret, SecretId, Segment, Unit};
pub use vrrp::{AuthClaim, CheckClaim, GarpClaim, TrackClaim, VrrpClaim};

use crate::source::Spanned;

/// Everything that is claimed.
#[derive(Clone, Debug)]
pub struct System {
    /// Prefix of container, volume and network names.
    pub name: Spanned<String>,
    /// Whether what is not claimed does not exist.
    pub coverage: Coverage,
    /// Machines.
    pub hosts: Arena<Host>,
    /// Networks: places where members see each other directly.
    pub segments: Arena<Segment>,
    /// Secrets, by name; values are elsewhere.
    pub secrets: Arena<Secret>,
    /// Named groups of units that were declared together.
    pub components: Arena<Component>,
    /// Containers or machines that run one program (or two that belong together).
    pub units: Arena<Unit>,
    /// Who has which address where.
    pub addresses: Arena<AddressClaim>,
    /// Who listens where.
    pub listens: Arena<ListenClaim>,
    /// What is published on which host.
    pub publishes: Arena<PublishClaim>,
    /// VRRP instances.
    pub vrrps: Arena<VrrpClaim>,
    /// Erlang cookies.
    pub cookies: Arena<CookieClaim>,
    /// Membership in broker clusters.
    pub brokers: Arena<BrokerClaim>,
    /// Virtual hosts of brokers.
    pub vhosts: Arena<VhostClaim>,
    /// Users of brokers, one claim a mention.
    pub users: Arena<UserClaim>,
    /// Broker policies.
    pub policies: Arena<PolicyClaim>,
    /// Queues that brokers hold from the start.
    pub queues: Arena<QueueClaim>,
    /// Exchanges that brokers hold from the start.
    pub exchanges: Arena<ExchangeClaim>,
    /// Plugins of brokers.
    pub plugins: Arena<PluginClaim>,
    /// Keys of rabbitmq.conf that somebody gives a value.
    pub settings: Arena<SettingClaim>,
    /// Who forwards to whom.
    pub forwards: Arena<ForwardClaim>,
    /// How they do that.
    pub proxies: Arena<ProxyClaim>,
    /// What the processes of proxies can hold.
    pub processes: Arena<ProcessClaim>,
    /// How containers are kept.
    pub containers: Arena<ContainerClaim>,
    /// Consul servers.
    pub consuls: Arena<ConsulClaim>,
    /// Who registers where.
    pub registers: Arena<RegisterClaim>,
    /// Whose servers follow what is registered.
    pub follows: Arena<FollowClaim>,
}

/// The fact that a value is this secret, as written at `span`.
pub(crate) const fn secret_fact(id: SecretId, span: crate::source::Span) -> Fact<String> {
    Fact { value: Value::Opaque(id), origin: Origin::Written(span) }
}
