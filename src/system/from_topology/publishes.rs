use std::net::Ipv4Addr;

use rustc_hash::FxHashSet;

use crate::diagnostic::Diagnostic;
use crate::suggest::closest;
use crate::system::{Component, Fact, Id, ListenClaim, Origin, Program, PublishClaim, Unit, Value};
use crate::topology::Publish;

use super::names::list;
use super::{Builder, written_or};

impl<'a> Builder<'a> {
    /// What is published on which host. Ports that are left open are allocated once all written ones are known.
    pub(super) fn publishes(&mut self) {
        let mut open = Vec::new();
        for component in self.topology.components() {
            for node in &component.nodes {
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
            for http in &nginx.https {
                self.publish_on_all(component, &http.name.value, &http.publish, &mut open);
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
            let help = match closest(name, known.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("its ports are {}", list(&known)),
            };
            self.problems.push(
                Diagnostic::new("unknown-port", format!("`{unit}` has no port `{name}`"))
                    .label(span, "no such port")
                    .help(help),
            );
            return;
        };
        let at = publish.span;
        let local = Ipv4Addr::LOCALHOST;
        let bind = written_or(publish.bind.as_ref(), local, "publish", "nothing is public unless told", at);
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

    /// Instances whose readers run on another host are published under their own port: nobody could read them otherwise,
    /// and nobody declares an instance in order not to be read.
    pub(super) fn publish_to_readers(&mut self) {
        let published: FxHashSet<Id<ListenClaim>> = self.system.publishes.values().map(|claim| claim.listen).collect();
        let mut wanted = FxHashSet::default();
        let mut order = Vec::new();
        for forward in self.system.forwards.values() {
            for target in &forward.targets {
                let unit = &self.system.units[self.system.listens[target.listen].unit];
                let program = self.system.components[unit.component].program;
                let elsewhere = unit.host != self.system.units[forward.unit].host;
                if program == Program::Application
                    && elsewhere
                    && !unit.on_host_network
                    && !published.contains(&target.listen)
                    && wanted.insert(target.listen)
                {
                    order.push(target.listen);
                }
            }
        }
        for listen in order {
            let claim = &self.system.listens[listen];
            let unit = &self.system.units[claim.unit];
            let at = claim.port.span();
            let Some(port) = claim.port.known().copied() else { continue };
            let why = "its readers run on another host";
            self.system.publishes.push(PublishClaim {
                unit: claim.unit,
                listen,
                host: unit.host,
                bind: Fact::chosen(Ipv4Addr::UNSPECIFIED, "application", why, at),
                port: Fact::chosen(port, "application", why, at),
                span: at,
            });
        }
    }
}
