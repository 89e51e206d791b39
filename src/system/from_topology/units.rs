use std::net::Ipv4Addr;

use crate::source::Spanned;
use crate::system::{
    AddressClaim, Component, Fact, Host, Id, ListenClaim, Origin, Program, PublishClaim, ReleaseClaim, Unit, Value,
};
use crate::topology::{Attach, Node, Publish, Ref, Version};

use super::Builder;
use super::names::list;

/// What every component has, whatever it runs.
struct Declaration<'a> {
    program: Program,
    name: &'a Spanned<String>,
    version: &'a Spanned<Version>,
    image: Option<&'a Spanned<String>>,
    on: &'a Ref,
    attach: &'a [Attach],
    nodes: &'a [Node],
    span: crate::source::Span,
}

impl<'a> Builder<'a> {
    fn declarations(&self) -> Vec<Declaration<'a>> {
        let topology = self.topology;
        let rabbitmqs = topology.rabbitmqs.iter().map(|c| Declaration {
            program: Program::Rabbitmq,
            name: &c.name,
            version: &c.version,
            image: c.image.as_ref(),
            on: &c.on,
            attach: &c.attach,
            nodes: &c.nodes,
            span: c.span,
        });
        let haproxies = topology.haproxies.iter().map(|c| Declaration {
            program: Program::Haproxy,
            name: &c.name,
            version: &c.version,
            image: c.image.as_ref(),
            on: &c.on,
            attach: &c.attach,
            nodes: &c.nodes,
            span: c.span,
        });
        let nginxes = topology.nginxes.iter().map(|c| Declaration {
            program: Program::Nginx,
            name: &c.name,
            version: &c.version,
            image: c.image.as_ref(),
            on: &c.on,
            attach: &c.attach,
            nodes: &c.nodes,
            span: c.span,
        });
        rabbitmqs.chain(haproxies).chain(nginxes).collect()
    }

    /// Components and their units, with the addresses that are written; the others follow once all of those are known.
    pub(super) fn units(&mut self) {
        for declared in self.declarations() {
            let version = declared.version;
            let release = ReleaseClaim {
                version: Fact::written(version.value, version.span),
                image: match declared.image {
                    Some(image) => Fact::written(image.value.clone(), image.span),
                    None => Fact::chosen(
                        official_image(declared.program, version.value),
                        declared.program.word(),
                        "the official image of this version",
                        version.span,
                    ),
                },
            };
            let component = self.system.components.push(Component {
                name: declared.name.clone(),
                program: declared.program,
                units: Vec::new(),
                release,
                span: declared.span,
            });
            self.components.add(declared.name, component);
            let host = self.host(declared.on);
            if declared.nodes.is_empty() {
                let unit = self.unit(component, declared.name, host, declared.span);
                self.attach(unit, declared.attach, None, &[]);
                continue;
            }
            for node in declared.nodes {
                let host = match &node.on {
                    Some(on) => self.host(on),
                    None => host,
                };
                let unit = self.unit(component, &node.name, host, node.span);
                self.attach(unit, declared.attach, node.address.as_ref(), &node.attach);
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
        let unit = Unit { name: name.clone(), component, host, addresses: Vec::new(), listens: Vec::new(), span };
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
        let Some(segment) = self.network(&attach.network) else { return };
        let ip = match address {
            Some(address) => Fact::written(address.value, address.span),
            // Filled in by `allocate_addresses`.
            None => Fact {
                value: Value::Absent,
                origin: Origin::Allocated { key: String::new(), at: self.system.units[unit].name.span },
            },
        };
        let claim = self.system.addresses.push(AddressClaim { unit, segment, ip });
        self.system.units[unit].addresses.push(claim);
    }

    /// The ports on which each unit listens.
    pub(super) fn listens(&mut self) {
        for rabbitmq in &self.topology.rabbitmqs {
            let Some(component) = self.components.get(&rabbitmq.name.value) else { continue };
            for unit in self.system.components[component].units.clone() {
                for (name, port) in BROKER_PORTS {
                    let at = self.system.units[unit].name.span;
                    self.listen(unit, name, Fact::chosen(*port, "rabbitmq", "the protocol's own port", at));
                }
            }
        }
        for haproxy in &self.topology.haproxies {
            let Some(component) = self.components.get(&haproxy.name.value) else { continue };
            for unit in self.system.components[component].units.clone() {
                for listen in &haproxy.listens {
                    self.listen(unit, &listen.name.value, Fact::written(listen.port.value, listen.port.span));
                }
                if let Some(stats) = &haproxy.stats {
                    self.listen(unit, "stats", Fact::written(stats.port.value, stats.port.span));
                }
            }
        }
        for nginx in &self.topology.nginxes {
            let Some(component) = self.components.get(&nginx.name.value) else { continue };
            for unit in self.system.components[component].units.clone() {
                for stream in &nginx.streams {
                    self.listen(unit, &stream.name.value, Fact::written(stream.port.value, stream.port.span));
                }
            }
        }
    }

    fn listen(&mut self, unit: Id<Unit>, name: &'a str, port: Fact<i64>) {
        let claim = self.system.listens.push(ListenClaim { unit, name: name.to_owned(), port });
        self.system.units[unit].listens.push(claim);
        self.listens.insert((unit, name), claim);
    }

    /// The listen of `unit` with this name.
    pub(super) fn listen_named(&self, unit: Id<Unit>, name: &str) -> Option<Id<ListenClaim>> {
        self.listens.get(&(unit, name)).copied()
    }

    /// What is published on which host. Ports that are left open are allocated once all written ones are known.
    pub(super) fn publishes(&mut self) {
        let mut open = Vec::new();
        for declared in self.declarations() {
            for node in declared.nodes {
                let Some(unit) = self.nodes.get(&node.name.value) else { continue };
                for publish in &node.publish {
                    let Some(name) = &publish.name else { continue };
                    self.publish(unit, &name.value, publish, &mut open);
                }
            }
        }
        for haproxy in &self.topology.haproxies {
            let Some(component) = self.components.get(&haproxy.name.value) else { continue };
            for listen in &haproxy.listens {
                self.publish_on_all(component, &listen.name.value, &listen.publish, &mut open);
            }
        }
        for nginx in &self.topology.nginxes {
            let Some(component) = self.components.get(&nginx.name.value) else { continue };
            for stream in &nginx.streams {
                self.publish_on_all(component, &stream.name.value, &stream.publish, &mut open);
            }
        }
        self.allocate_ports(&open);
    }

    fn publish_on_all(
        &mut self,
        component: Id<Component>,
        name: &str,
        publishes: &'a [Publish],
        open: &mut Vec<Id<PublishClaim>>,
    ) {
        for publish in publishes {
            for unit in self.system.components[component].units.clone() {
                self.publish(unit, name, publish, open);
            }
        }
    }

    fn publish(&mut self, unit: Id<Unit>, name: &str, publish: &Publish, open: &mut Vec<Id<PublishClaim>>) {
        let Some(listen) = self.listen_named(unit, name) else {
            let known: Vec<&str> =
                self.system.units[unit].listens.iter().map(|id| self.system.listens[*id].name.as_str()).collect();
            let span = publish.name.as_ref().map_or(publish.span, |name| name.span);
            let unit = &self.system.units[unit].name.value;
            let help = match crate::suggest::closest(name, known.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("its ports are {}", list(&known)),
            };
            self.problems.push(
                crate::diagnostic::Diagnostic::new("unknown-port", format!("`{unit}` has no port `{name}`"))
                    .label(span, "no such port")
                    .help(help),
            );
            return;
        };
        let at = publish.span;
        let local = Ipv4Addr::LOCALHOST;
        let bind = super::written_or(publish.bind.as_ref(), local, "publish", "nothing is public unless told", at);
        let port = match &publish.port {
            Some(port) => Fact::written(port.value, port.span),
            None => Fact { value: Value::Absent, origin: Origin::Allocated { key: String::new(), at } },
        };
        let is_open = publish.port.is_none();
        let host = self.system.units[unit].host;
        let claim = self.system.publishes.push(PublishClaim { unit, listen, host, bind, port, span: at });
        if is_open {
            open.push(claim);
        }
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

/// The official image of a version, as Docker Hub names it.
fn official_image(program: Program, version: Version) -> String {
    match program {
        Program::Rabbitmq => format!("rabbitmq:{version}-management"),
        Program::Haproxy | Program::Nginx => format!("{}:{version}", program.word()),
    }
}
