use std::net::Ipv4Addr;

use crate::diagnostic::Diagnostic;
use crate::source::{Span, Spanned};
use crate::suggest::closest;
use crate::system::{Component, Fact, FollowClaim, ForwardClaim, Id, Program, Segment, Target};
use crate::topology::{CheckKind, Follow, Followed, Listen, Mode, Via, Vip};

use super::applications::{HTTP, key_of};
use super::names::list;
use super::units::{BROKER_PORTS, MAIN};
use super::{Builder, written_or};

/// Servers of a reference, and what runs there.
struct Resolved {
    program: Program,
    port: String,
    targets: Vec<Target>,
}

/// The reason why there is nothing: it is among the problems already.
struct Reported;

impl<'a> Builder<'a> {
    /// Who hands connections on to whom.
    pub(super) fn forwards(&mut self) {
        for haproxy in &self.topology.haproxies {
            let Some(component) = self.components.get(&haproxy.name.value) else { continue };
            for listen in &haproxy.listens {
                let Some(resolved) = self.resolve_service(&listen.to, None) else { continue };
                let check = check_kind(listen, &resolved);
                self.forward(component, &listen.name.value, &listen.to, &resolved.targets, Some(check));
            }
        }
        for nginx in &self.topology.nginxes {
            let Some(component) = self.components.get(&nginx.name.value) else { continue };
            for stream in &nginx.streams {
                let Some(resolved) = self.resolve_service(&stream.to, stream.via.as_ref()) else { continue };
                self.forward(component, &stream.name.value, &stream.to, &resolved.targets, None);
                self.follow(component, &stream.name.value, &stream.to, stream.followed.as_ref(), stream.span);
            }
            for http in &nginx.https {
                let Some(resolved) = self.resolve_service(&http.to, http.via.as_ref()) else { continue };
                self.forward(component, &http.name.value, &http.to, &resolved.targets, None);
                self.follow(component, &http.name.value, &http.to, http.followed.as_ref(), http.span);
            }
        }
    }

    fn forward(
        &mut self,
        component: Id<Component>,
        listen: &str,
        to: &Spanned<String>,
        targets: &[Target],
        check: Option<CheckKind>,
    ) {
        for unit in self.system.components[component].units.clone() {
            let Some(listen) = self.listen_named(unit, listen) else { continue };
            self.system.forwards.push(ForwardClaim {
                unit,
                listen: Some(listen),
                to: to.clone(),
                targets: targets.to_vec(),
                check,
            });
        }
    }

    /// The servers of a port follow what is registered: claims of each unit, and that it has to reach the registry.
    fn follow(
        &mut self,
        component: Id<Component>,
        listen: &str,
        to: &Spanned<String>,
        followed: Option<&'a Followed>,
        span: Span,
    ) {
        let Some(followed) = followed else { return };
        let Some(registry) = self.registry(&followed.through) else { return };
        let name = to.value.split('/').next().unwrap_or_default();
        let application = self.applications.get(name).copied();
        let (Some(application), Some(of)) = (application, self.components.get(name)) else {
            self.problems.push(
                Diagnostic::new("not-an-application", format!("`{name}` is no application: it registers nowhere"))
                    .label(to.span, "nothing to follow here")
                    .label(followed.through.span, "asked to follow what is registered here")
                    .help("remove `through=`: servers that are declared need no registry"),
            );
            return;
        };
        let method = written_or(
            followed.method.as_ref(),
            Follow::Upsync,
            "nginx",
            "the key-value store is where it registers",
            span,
        );
        let port = if method.known() == Some(&Follow::Dns) { "dns" } else { HTTP };
        let targets = self.registry_targets(registry, port);
        let key = match &followed.key {
            Some(key) => Fact::written(key.value.clone(), key.span),
            None => key_of(application),
        };
        for unit in self.system.components[component].units.clone() {
            let Some(listen) = self.listen_named(unit, listen) else { continue };
            let or = |written, choice, why| written_or(written, choice, "nginx", why, span);
            self.system.follows.push(FollowClaim {
                unit,
                listen,
                of,
                registry,
                key: key.clone(),
                method: method.clone(),
                interval: or(followed.interval.as_ref(), 500, "a change is seen soon, and Consul is not hammered"),
                wait: or(followed.wait.as_ref(), 360_000, "the module's own, longer than Consul keeps a question"),
                span,
            });
            self.system.forwards.push(ForwardClaim {
                unit,
                listen: None,
                to: followed.through.clone(),
                targets: targets.clone(),
                check: None,
            });
        }
    }

    /// The servers of `component/port`: through its VIP where it has exactly one or `via` names one, else every node.
    fn resolve_service(&mut self, to: &Spanned<String>, via: Option<&Spanned<Via>>) -> Option<Resolved> {
        // An address and a port are joined by a colon elsewhere.
        let (name, port) = to.value.split_once(['/', ':']).unwrap_or((&to.value, ""));
        let port = if to.value.get(name.len()..).is_some_and(|rest| rest.starts_with(':')) { "" } else { port };
        let Some(component) = self.components.get(name) else {
            let problem = self.components.unknown(name, to.span);
            self.problems.push(problem);
            return None;
        };
        // An application has one port.
        let application = self.system.components[component].program == Program::Application;
        let port = if application && name == to.value { MAIN } else { port };
        let first = self.system.components[component].units.first();
        if first.is_none_or(|unit| self.listen_named(*unit, port).is_none()) {
            let ports = self.port_names(component);
            let report = self.unknown_port(to, component, port, &ports);
            self.problems.push(report);
            return None;
        }
        let port = port.to_owned();
        let program = self.system.components[component].program;
        let vip = self.vip_of(component, to, via).ok()?;
        let mut targets = Vec::new();
        for unit in &self.system.components[component].units {
            let Some(listen) = self.listen_named(*unit, &port) else { continue };
            targets.push(Target { listen, vip });
            if vip.is_some() {
                // One address serves for all.
                break;
            }
        }
        Some(Resolved { program, port, targets })
    }

    /// The VIP to go through; `None`: each node by its own address.
    fn vip_of(
        &mut self,
        component: Id<Component>,
        to: &Spanned<String>,
        via: Option<&Spanned<Via>>,
    ) -> Result<Option<(Ipv4Addr, Id<Segment>)>, Reported> {
        let name = &self.system.components[component].name;
        let vips: &[Vip] = self.haproxies.get(name.value.as_str()).map_or(&[], |haproxy| &haproxy.vips);
        let vip = match via.map(|via| &via.value) {
            Some(Via::Nodes) => return Ok(None),
            Some(Via::Vip(wanted)) => {
                let Some(vip) = vips.iter().find(|vip| vip.name.value == *wanted) else {
                    let span = via.map_or(to.span, |via| via.span);
                    let names: Vec<&str> = vips.iter().map(|vip| vip.name.value.as_str()).collect();
                    let mut report = Diagnostic::new("unknown-vip", format!("`{}` has no VIP `{wanted}`", name.value))
                        .label(span, "not declared")
                        .label(name.span, "the component");
                    if let Some(vip) = closest(wanted, names.iter().copied())
                        .and_then(|near| vips.iter().find(|vip| vip.name.value == near))
                    {
                        report = report
                            .label(vip.name.span, "a VIP of that component")
                            .help(format!("did you mean `{}`?", vip.name.value));
                    } else if names.is_empty() {
                        report = report.help("leave `via=` out: the component has no VIP");
                    } else {
                        report =
                            report.help(format!("its VIPs are {}; `via=\"nodes\"` goes around them", list(&names)));
                    }
                    self.problems.push(report);
                    return Err(Reported);
                };
                vip
            }
            None => match vips {
                [] => return Ok(None),
                [only] => only,
                several => {
                    let mut report = Diagnostic::new("ambiguous-vip", format!("`{}` has several VIPs", name.value))
                        .label(to.span, "through which one?");
                    for vip in several.iter().take(4) {
                        report = report.label(vip.name.span, "one of them");
                    }
                    self.problems.push(report.help("name one with `via=`, or write `via=\"nodes\"` for every node"));
                    return Err(Reported);
                }
            },
        };
        // Missing only where the VIP itself was in error.
        let segment = self.vip_segments.get(&format!("{}/{}", name.value, vip.name.value)).copied().ok_or(Reported)?;
        Ok(vip.addresses.first().map(|address| (address.value, segment)))
    }

    fn port_names(&self, component: Id<Component>) -> Vec<&str> {
        let component = &self.system.components[component];
        if component.program == Program::Rabbitmq {
            return BROKER_PORTS.iter().map(|(name, _)| *name).collect();
        }
        let listens = component.units.first().map(|unit| &self.system.units[*unit].listens);
        listens.into_iter().flatten().map(|listen| self.system.listens[*listen].name.as_str()).collect()
    }

    fn unknown_port(&self, to: &Spanned<String>, component: Id<Component>, port: &str, ports: &[&str]) -> Diagnostic {
        let name = &self.system.components[component].name;
        let message = if port.is_empty() {
            format!("`{}` names component `{}`, but none of its ports by name", to.value, name.value)
        } else {
            format!("`{}` has no port `{port}`", name.value)
        };
        let help = match closest(port, ports.iter().copied()) {
            Some(near) if !port.is_empty() => format!("did you mean `{}/{near}`?", name.value),
            _ if ports.is_empty() => format!("`{}` listens on nothing yet", name.value),
            _ => format!("write `{}/PORT`; its ports are {}", name.value, list(ports)),
        };
        Diagnostic::new("unknown-port", message)
            .label(to.span, if port.is_empty() { "the name of a port is missing" } else { "no such port" })
            .label(name.span, "the component")
            .help(help)
    }
}

/// What a listen's servers are asked: brokers for their membership, web servers for a page, others for a connection.
fn check_kind(listen: &Listen, resolved: &Resolved) -> CheckKind {
    let written = listen.check.as_ref().and_then(|check| check.kind.as_ref());
    match written {
        Some(kind) => kind.value,
        None if resolved.program == Program::Rabbitmq && resolved.port == "amqp" => CheckKind::Member,
        None if listen.mode.as_ref().is_some_and(|mode| mode.value == Mode::Http) => CheckKind::Http,
        None => CheckKind::Tcp,
    }
}
