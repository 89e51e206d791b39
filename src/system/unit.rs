use std::net::Ipv4Addr;

use ipnet::Ipv4Net;

use crate::source::{Span, Spanned};

use super::{AddressClaim, Fact, Id, ListenClaim};

/// Whether what is not claimed does not exist.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Coverage {
    /// A topology says everything.
    Closed,
    /// A folder of files may lack some; what is known to be missing, in words.
    Open {
        /// What is missing.
        missing: Vec<String>,
    },
}

/// A machine.
#[derive(Clone, Debug)]
pub struct Host {
    /// Its name and where it is declared.
    pub name: Spanned<String>,
    /// The address under which other machines reach it.
    pub address: Fact<Ipv4Addr>,
}

/// A network on which its members see each other directly.
#[derive(Clone, Debug)]
pub struct Segment {
    /// Its name and where it is declared.
    pub name: Spanned<String>,
    /// What it is.
    pub place: Place,
    /// Its subnet.
    pub subnet: Fact<Ipv4Net>,
    /// The bridge's own address; absent for the network between the hosts.
    pub gateway: Fact<Ipv4Addr>,
    /// What Docker hands out by itself; absent for the network between the hosts.
    pub pool: Fact<Ipv4Net>,
}

/// What a segment is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// A bridge that somebody declared, confined to this host.
    Bridge(Id<Host>),
    /// The bridge of those on this host who are attached to nothing.
    Default(Id<Host>),
    /// The network between the hosts. Who is on it runs on its host's own network (`network_mode: host`).
    Lan,
}

impl Segment {
    /// The host that it is confined to; `None` for the network between the hosts.
    pub const fn host(&self) -> Option<Id<Host>> {
        match self.place {
            Place::Bridge(host) | Place::Default(host) => Some(host),
            Place::Lan => None,
        }
    }
}

/// Identity of a secret.
pub type SecretId = Id<Secret>;

/// A secret's name; two claims of the same secret agree whatever its value.
#[derive(Clone, Debug)]
pub struct Secret {
    /// Its name and where it is declared.
    pub name: Spanned<String>,
}

/// A named group of units, as declared.
#[derive(Clone, Debug)]
pub struct Component {
    /// Its name and where it is declared.
    pub name: Spanned<String>,
    /// What its units run.
    pub program: Program,
    /// Its units, in the order of declaration.
    pub units: Vec<Id<Unit>>,
    /// The release it was declared with.
    pub release: super::ReleaseClaim,
    /// The declaration as a whole.
    pub span: Span,
}

/// What a unit runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Program {
    /// A RabbitMQ broker.
    Rabbitmq,
    /// HAProxy, with keepalived where it has VIPs.
    Haproxy,
    /// nginx.
    Nginx,
    /// A Consul server.
    Consul,
    /// A program of the user's.
    Application,
}

impl Program {
    /// The word that declares it, also the name of its image and of its folder in the standard library.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Rabbitmq => "rabbitmq",
            Self::Haproxy => "haproxy",
            Self::Nginx => "nginx",
            Self::Consul => "consul",
            Self::Application => "application",
        }
    }
}

/// One member of a component: a container with an own network identity.
#[derive(Clone, Debug)]
pub struct Unit {
    /// Its name and where it is declared.
    pub name: Spanned<String>,
    /// The component it belongs to.
    pub component: Id<Component>,
    /// Where it runs.
    pub host: Id<Host>,
    /// Whether it runs on its host's own network: its ports are the host's.
    pub on_host_network: bool,
    /// Its addresses, first the one on its main network.
    pub addresses: Vec<Id<AddressClaim>>,
    /// Its ports.
    pub listens: Vec<Id<ListenClaim>>,
    /// The declaration as a whole.
    pub span: Span,
}
