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
    /// The host that it is confined to.
    pub host: Id<Host>,
    /// Its subnet.
    pub subnet: Fact<Ipv4Net>,
    /// The bridge's own address.
    pub gateway: Fact<Ipv4Addr>,
    /// What Docker hands out by itself.
    pub pool: Fact<Ipv4Net>,
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
}

impl Program {
    /// The word that declares it, also the name of its image and of its folder in the standard library.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Rabbitmq => "rabbitmq",
            Self::Haproxy => "haproxy",
            Self::Nginx => "nginx",
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
    /// Its addresses, first the one on its main network.
    pub addresses: Vec<Id<AddressClaim>>,
    /// Its ports.
    pub listens: Vec<Id<ListenClaim>>,
    /// The declaration as a whole.
    pub span: Span,
}
