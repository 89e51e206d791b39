use std::net::Ipv4Addr;

use crate::source::{Span, Spanned};
use crate::topology::{CheckKind, NodeKind, PolicyValue, Version};

use super::{Component, Fact, Host, Id, Segment, Unit};

/// A unit has an address on a segment.
#[derive(Clone, Debug)]
pub struct AddressClaim {
    /// Who.
    pub unit: Id<Unit>,
    /// Where.
    pub segment: Id<Segment>,
    /// Which.
    pub ip: Fact<Ipv4Addr>,
}

/// A unit listens on a port, on all its addresses.
#[derive(Clone, Debug)]
pub struct ListenClaim {
    /// Who.
    pub unit: Id<Unit>,
    /// The port's name (`amqp`, `management`, `stats`, the name of a listen or stream).
    pub name: String,
    /// The port.
    pub port: Fact<i64>,
    /// TCP alone, or UDP as well.
    pub transport: Transport,
}

/// What a port speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transport {
    /// TCP.
    Tcp,
    /// TCP and UDP under one number.
    TcpAndUdp,
}

/// A port of a unit is published on its host.
#[derive(Clone, Debug)]
pub struct PublishClaim {
    /// Whose port.
    pub unit: Id<Unit>,
    /// Which of its ports.
    pub listen: Id<ListenClaim>,
    /// On which host.
    pub host: Id<Host>,
    /// On which of the host's addresses; `0.0.0.0` is all of them.
    pub bind: Fact<Ipv4Addr>,
    /// Under which port.
    pub port: Fact<i64>,
    /// The whole declaration.
    pub span: Span,
}

/// A broker's Erlang cookie.
#[derive(Clone, Debug)]
pub struct CookieClaim {
    /// Whose.
    pub unit: Id<Unit>,
    /// The cookie (a secret in a topology).
    pub cookie: Fact<String>,
}

/// A broker's membership.
#[derive(Clone, Debug)]
pub struct BrokerClaim {
    /// Who.
    pub unit: Id<Unit>,
    /// Erlang node name (`rabbit@mq3`).
    pub node: Fact<String>,
    /// The cluster it is declared in.
    pub cluster: Id<Component>,
    /// Disc or RAM.
    pub kind: Fact<NodeKind>,
}

/// One key of rabbitmq.conf that somebody gives a value.
#[derive(Clone, Debug)]
pub struct SettingClaim {
    /// The cluster.
    pub cluster: Id<Component>,
    /// The key; where a property says it, at the property's value.
    pub key: Spanned<String>,
    /// Its value.
    pub value: Spanned<PolicyValue>,
    /// The property that says it; `None`: a line of the file.
    pub property: Option<&'static str>,
}

/// Which release a component runs.
#[derive(Clone, Debug)]
pub struct ReleaseClaim {
    /// The version.
    pub version: Fact<Version>,
    /// The image.
    pub image: Fact<String>,
}

/// A listener hands connections on, or a unit connects to something by itself.
#[derive(Clone, Debug)]
pub struct ForwardClaim {
    /// Who forwards.
    pub unit: Id<Unit>,
    /// From which of its ports; `None`: the unit itself is the client (of the registry, say).
    pub listen: Option<Id<ListenClaim>>,
    /// The reference as written.
    pub to: Spanned<String>,
    /// Where to, one a server.
    pub targets: Vec<Target>,
    /// How servers are checked; `None`: not at all.
    pub check: Option<CheckKind>,
}

/// One server of a forward.
#[derive(Clone, Debug)]
pub struct Target {
    /// The listener that shall answer.
    pub listen: Id<ListenClaim>,
    /// The VRRP instances that carry the address, where it is a VIP's.
    pub vip: Option<(Ipv4Addr, Id<Segment>)>,
}
