use std::net::Ipv4Addr;

use crate::diagnostic::Diagnostic;
use crate::source::Spanned;
use crate::system::{
    AddressClaim, Component, Fact, Host, Id, ListenClaim, Origin, Place, Program, ReleaseClaim, Segment, Transport,
    Unit, Value,
};
use crate::topology::{self, Attach, Topology, Version};

use super::Builder;

/// A component, and what it runs.
struct Declared<'a> {
    program: Program,
    component: &'a topology::Component,
    /// The release; `None` for programs of which hacc knows none.
    version: Option<&'a Spanned<Version>>,
}

impl<'a> Declared<'a> {
    fn all(topology: &'a Topology) -> impl Iterator<Item = Self> {
        let of = |program, component, version| Self { program, component, version };
        (topology.rabbitmqs.iter().map(move |c| of(Program::Rabbitmq, &c.component, Some(&c.version))))
            .chain(topology.haproxies.iter().map(move |c| of(Program::Haproxy, &c.component, Some(&c.version))))
            .chain(topology.nginxes.iter().map(move |c| of(Program::Nginx, &c.component, Some(&c.version))))
            .chain(topology.consuls.iter().map(move |c| of(Program::Consul, &c.component, Some(&c.version))))
            .chain(topology.applications.iter().map(move |c| of(Program::Application, &c.component, None)))
    }

    fn release(&self) -> ReleaseClaim {
        let version = match self.version {
            Some(version) => Fact::written(version.value, version.span),
            None => Fact::absent("application", "version"),
        };
        let image = match (&self.component.image, self.version) {
            (Some(image), _) => Fact::written(image.value.clone(), image.span),
            (None, Some(version)) => Fact::chosen(
                official_image(self.program, version.value),
                self.program.word(),
                "the official image of this version",
                version.span,
            ),
            (None, None) => Fact::absent("application", "image"),
        };
        ReleaseClaim { version, image }
    }
}

impl<'a> Builder<'a> {
    /// Components and their units, with the addresses that are written; the others follow once all of those are known.
    pub(super) fn units(&mut self) {
        for declared in Declared::all(self.topology) {
            let release = declared.release();
            let Declared { program, component: declared, .. } = declared;
            let component = self.system.components.push(Component {
                name: declared.name.clone(),
                program,
                units: Vec::new(),
                release,
                span: declared.span,
            });
            self.components.add(&declared.name, component);
            let host = self.host(&declared.on);
            if declared.nodes.is_empty() {
                let unit = self.unit(component, &declared.name, host, declared.span);
                self.attach(unit, &declared.attach, None, &[]);
                continue;
            }
            for node in &declared.nodes {
                let host = match &node.on {
                    Some(on) => self.host(on),
                    None => host,
                };
                let unit = self.unit(component, &node.name, host, node.span);
                self.attach(unit, &declared.attach, node.address.as_ref(), &node.attach);
            }
        }
    }

    fn unit(
        &mut self,
        component: Id<Component>,
        name: &'a Spanned<String>,
        host: Id<Host>,
        span: crate::source::Span,
    ) -> Id<Unit> {
        let unit = Unit {
            name: name.clone(),
            component,
            host,
            on_host_network: false,
            addresses: Vec::new(),
            listens: Vec::new(),
            span,
        };
        let unit = self.system.units.push(unit);
        self.system.components[component].units.push(unit);
        self.nodes.add(name, unit);
        unit
    }

    /// Claims an address on each network of the component and of the node; `address` is the one on the first network.
    fn attach(
        &mut self,
        unit: Id<Unit>,
        component: &'a [Attach],
        address: Option<&Spanned<Ipv4Addr>>,
        node: &'a [Attach],
    ) {
        let mut first = address;
        for attach in component {
            // A node may say its address on a network of the component by an attach of its own.
            let own = node.iter().find(|own| own.network.value == attach.network.value);
            let address = first.take().or_else(|| own.and_then(|own| own.address.as_ref()));
            self.claim_address(unit, attach, address.or(attach.address.as_ref()));
        }
        for attach in node {
            if component.iter().any(|of_all| of_all.network.value == attach.network.value) {
                continue;
            }
            let address = first.take().or(attach.address.as_ref());
            self.claim_address(unit, attach, address);
        }
    }

    fn claim_address(&mut self, unit: Id<Unit>, attach: &'a Attach, address: Option<&Spanned<Ipv4Addr>>) {
        let segment = self.network(&attach.network);
        let lan = self.system.segments[segment].place == Place::Lan;
        self.system.units[unit].on_host_network |= lan;
        let ip = match address {
            Some(address) => Fact::written(address.value, address.span),
            None if lan => self.host_address(unit, segment),
            // Filled in by `allocate_addresses`.
            None => Fact {
                value: Value::Absent,
                origin: Origin::Allocated { key: String::new(), at: self.system.units[unit].name.span },
            },
        };
        let claim = self.system.addresses.push(AddressClaim { unit, segment, ip });
        self.system.units[unit].addresses.push(claim);
    }

    /// The address of a unit's host on a network between the hosts.
    fn host_address(&mut self, unit: Id<Unit>, segment: Id<Segment>) -> Fact<Ipv4Addr> {
        let host = &self.system.hosts[self.system.units[unit].host];
        let (unit, network) = (&self.system.units[unit].name, &self.system.segments[segment]);
        let (Some(ip), Some(subnet)) = (host.address.known(), network.subnet.known()) else {
            return Fact::absent("host", "address");
        };
        if !subnet.contains(ip) {
            let (network, host_name) = (&network.name, &host.name.value);
            self.problems.push(
                Diagnostic::new("host-not-on-network", format!("host `{host_name}` is not on network `{}`", network.value))
                    .label(self.system.segments[segment].subnet.span(), format!("{ip} is not in it"))
                    .label(host.address.span(), format!("the address of `{host_name}`"))
                    .label(unit.span, format!("`{}` runs there", unit.value))
                    .note("a network without `on=` is the one between the hosts: who is attached to it has its host's address")
                    .help(format!(
                        "write on=\"{host_name}\" if Docker is to make the network there; or give `{}` the address that its \
                         host has on it",
                        unit.value
                    )),
            );
        }
        Fact::chosen(*ip, "host", "the address of its host", host.address.span())
    }

    /// The ports on which each unit listens.
    pub(super) fn listens(&mut self) {
        for rabbitmq in &self.topology.rabbitmqs {
            let Some(component) = self.components.get(&rabbitmq.name.value) else { continue };
            for unit in self.system.components[component].units.clone() {
                for (name, port) in BROKER_PORTS {
                    let at = self.system.units[unit].name.span;
                    self.listen(
                        unit,
                        name,
                        Fact::chosen(*port, "rabbitmq", "the protocol's own port", at),
                        Transport::Tcp,
                    );
                }
            }
        }
        for haproxy in &self.topology.haproxies {
            let Some(component) = self.components.get(&haproxy.name.value) else { continue };
            for unit in self.system.components[component].units.clone() {
                for listen in &haproxy.listens {
                    self.listen(
                        unit,
                        &listen.name.value,
                        Fact::written(listen.port.value, listen.port.span),
                        Transport::Tcp,
                    );
                }
                if let Some(stats) = &haproxy.stats {
                    self.listen(unit, "stats", Fact::written(stats.port.value, stats.port.span), Transport::Tcp);
                }
            }
        }
        for nginx in &self.topology.nginxes {
            let Some(component) = self.components.get(&nginx.name.value) else { continue };
            for unit in self.system.components[component].units.clone() {
                let streams = nginx.streams.iter().map(|stream| (&stream.name, &stream.port));
                for (name, port) in streams.chain(nginx.https.iter().map(|http| (&http.name, &http.port))) {
                    self.listen(unit, &name.value, Fact::written(port.value, port.span), Transport::Tcp);
                }
            }
        }
        for consul in &self.topology.consuls {
            let Some(component) = self.components.get(&consul.name.value) else { continue };
            for unit in self.system.components[component].units.clone() {
                for (name, port, transport) in CONSUL_PORTS {
                    let at = self.system.units[unit].name.span;
                    self.listen(unit, name, Fact::chosen(*port, "consul", "Consul's own port", at), *transport);
                }
            }
        }
        for application in &self.topology.applications {
            for node in &application.nodes {
                let (Some(unit), Some(own)) = (self.nodes.get(&node.name.value), &node.instance) else { continue };
                self.listen(unit, MAIN, Fact::written(own.port.value, own.port.span), Transport::Tcp);
            }
        }
    }

    fn listen(&mut self, unit: Id<Unit>, name: &'a str, port: Fact<i64>, transport: Transport) {
        let claim = self.system.listens.push(ListenClaim { unit, name: name.to_owned(), port, transport });
        self.system.units[unit].listens.push(claim);
        self.listens.insert((unit, name), claim);
    }

    /// The listen of `unit` with this name.
    pub(super) fn listen_named(&self, unit: Id<Unit>, name: &str) -> Option<Id<ListenClaim>> {
        self.listens.get(&(unit, name)).copied()
    }
}

/// The port on which a broker's membership gate answers; see the `health.erl` template.
pub const MEMBER_PORT: i64 = 15_693;

/// Ports of a broker by name.
pub(super) const BROKER_PORTS: &[(&str, i64)] = &[
    ("amqp", 5672),
    ("management", 15672),
    ("prometheus", 15692),
    ("health", MEMBER_PORT),
    ("epmd", 4369),
    ("dist", 25672),
];

/// Ports of a Consul server by name.
const CONSUL_PORTS: &[(&str, i64, Transport)] = &[
    ("http", 8500, Transport::Tcp),
    ("dns", 8600, Transport::TcpAndUdp),
    ("server", 8300, Transport::Tcp),
    ("serf", 8301, Transport::TcpAndUdp),
    ("serf-wan", 8302, Transport::TcpAndUdp),
];

/// The name of an instance's only port.
pub(super) const MAIN: &str = "main";

/// The official image of a version, as Docker Hub names it.
fn official_image(program: Program, version: Version) -> String {
    match program {
        Program::Rabbitmq => format!("rabbitmq:{version}-management"),
        Program::Consul => format!("hashicorp/consul:{version}"),
        Program::Haproxy | Program::Nginx | Program::Application => format!("{}:{version}", program.word()),
    }
}
