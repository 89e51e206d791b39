//! What the user declared: typed, spanned, complete; names still unresolved.
//!
//! Nothing here is judged. Numbers stay wide (a VRID of 0 or a priority of 500 can be said), so that the rules can
//! point at them. `None` always means "not written".

mod application;
mod common;
mod component;
mod consul;
mod container;
mod haproxy;
mod include;
mod load;
mod lower;
mod nginx;
mod rabbitmq;
mod servers;
mod version;
mod vip;

pub use application::{Application, Init, Instance, Register, Variable, VariableValue};
pub use common::{
    Allow, Attach, Host, Network, Node, Publish, Ref, Scope, Secret, SecretForm, SecretSource, Templates,
};
pub use component::Component;
pub use consul::{Consul, ConsulServer, ConsulSettings};
pub use container::{Container, Log, Restart};
pub use haproxy::{Check, CheckKind, Haproxy, Listen, Mode, Stats, Timeouts};
pub use include::is_secret_store;
pub use load::{Read, load, read};
pub use lower::lower;
pub use nginx::{Balance, Follow, Followed, Http, Nginx, Stream, Via};
pub use rabbitmq::{
    Binding, BindingTarget, Exchange, NodeKind, Permission, Policy, PolicyValue, Queue, QueueKind, Rabbitmq, Setting,
    User, Vhost,
};
pub use servers::ServerSettings;
pub use version::Version;
pub use vip::{AuthType, Garp, Track, Tracked, Tried, Vip, VipCheck, VipMember, VrrpSettings};

use crate::source::{Span, Spanned};

/// One whole topology: the file and everything it includes.
#[derive(Clone, Debug)]
pub struct Topology {
    /// `topology "NAME"`: prefix of container, volume and network names.
    pub name: Spanned<String>,
    /// `host` nodes.
    pub hosts: Vec<Host>,
    /// `network` nodes.
    pub networks: Vec<Network>,
    /// `secret` nodes.
    pub secrets: Vec<Secret>,
    /// `rabbitmq` nodes.
    pub rabbitmqs: Vec<Rabbitmq>,
    /// `haproxy` nodes.
    pub haproxies: Vec<Haproxy>,
    /// `nginx` nodes.
    pub nginxes: Vec<Nginx>,
    /// `consul` nodes.
    pub consuls: Vec<Consul>,
    /// `application` nodes.
    pub applications: Vec<Application>,
    /// `allow` nodes at the top and inside others, and comments that allow.
    pub allows: Vec<Allow>,
    /// `templates "DIR"`.
    pub templates: Option<Templates>,
    /// The span of the `topology` node.
    pub span: Span,
}

impl Topology {
    /// Takes out hosts, networks, secrets and components whose whole node `keep` does not want.
    pub fn retain(&mut self, keep: impl Fn(Span) -> bool) {
        self.hosts.retain(|host| keep(host.span));
        self.networks.retain(|network| keep(network.span));
        self.secrets.retain(|secret| keep(secret.span));
        self.rabbitmqs.retain(|of| keep(of.span));
        self.haproxies.retain(|of| keep(of.span));
        self.nginxes.retain(|of| keep(of.span));
        self.consuls.retain(|of| keep(of.span));
        self.applications.retain(|of| keep(of.span));
    }

    /// What every component has: brokers first, then those who forward to them, then the rest; each kind in the order of
    /// declaration.
    pub fn components(&self) -> impl Iterator<Item = &Component> {
        (self.rabbitmqs.iter().map(|of| &of.component))
            .chain(self.haproxies.iter().map(|of| &of.component))
            .chain(self.nginxes.iter().map(|of| &of.component))
            .chain(self.consuls.iter().map(|of| &of.component))
            .chain(self.applications.iter().map(|of| &of.component))
    }
}
