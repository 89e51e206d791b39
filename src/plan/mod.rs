//! From the system to a tree of artifacts: what each machine needs, as bytes.
//!
//! Every component has a folder here that turns its declaration and its claims into [drafts](draft) (a template and
//! what fills it) and into services of its host's compose file. Components are planned and rendered in [lots], then hosts.

pub mod grammar;
pub mod templates;

mod application;
mod artifact;
mod compose;
mod consul;
mod draft;
mod haproxy;
mod key_path;
mod lots;
mod nginx;
mod rabbitmq;
mod render;
mod tables;
mod tree;

pub(crate) use artifact::check as check_path;
pub use artifact::{Apply, Artifact, Body, Keep, PathError};
pub use tree::{Clash, Tree};

use std::net::Ipv4Addr;

use crate::derive::{Derived, Way};
use crate::diagnostic::Diagnostic;
use crate::secrets::SecretValues;
use crate::source::Spanned;
use crate::system::{Component, ForwardClaim, Host, Id, ListenClaim, MEMBER_PORT, OPEN_FILES, System, Transport, Unit};
use crate::topology::{Application, Consul, Haproxy, Nginx, Rabbitmq, Restart, Topology};

use compose::{Log, Service, ServiceNetwork};
use draft::From;
use grammar::Grammar;
use tables::Tables;
use templates::Templates;

/// What a plan is made of.
#[derive(Clone, Copy)]
pub struct Input<'a> {
    /// What was declared.
    pub topology: &'a Topology,
    /// What is claimed.
    pub system: &'a System,
    /// What follows.
    pub derived: &'a Derived,
    /// Values of secrets.
    pub secrets: &'a SecretValues,
    /// hacc's templates and the user's.
    pub templates: &'a Templates,
}

/// Names of the salts that a plan asks for: one for each password that is hashed.
pub fn salts(topology: &Topology) -> Vec<String> {
    topology.rabbitmqs.iter().flat_map(rabbitmq::salts).collect()
}

/// Makes every file that the machines need.
///
/// # Errors
/// Values that a target grammar cannot hold, and templates that fail; all of them.
pub fn plan(input: &Input<'_>) -> Result<Tree, Vec<Diagnostic>> {
    let tables = Tables::new(input);
    let declared = input.topology;
    let rabbitmqs = declared.rabbitmqs.iter().map(Declared::Rabbitmq);
    let haproxies = declared.haproxies.iter().map(Declared::Haproxy);
    let nginxes = declared.nginxes.iter().map(Declared::Nginx);
    let consuls = declared.consuls.iter().map(Declared::Consul);
    let applications = declared.applications.iter().map(Declared::Application);
    let components: Vec<Declared<'_>> =
        rabbitmqs.chain(haproxies).chain(nginxes).chain(consuls).chain(applications).collect();
    let mut made =
        lots::plan(&components, &tables, input.templates, |planner, drafts, services, component| match component {
            Declared::Rabbitmq(rabbitmq) => planner.rabbitmq(rabbitmq, drafts, services),
            Declared::Haproxy(haproxy) => planner.haproxy(haproxy, drafts, services),
            Declared::Nginx(nginx) => planner.nginx(nginx, drafts, services),
            Declared::Consul(consul) => planner.consul(consul, drafts, services),
            Declared::Application(application) => planner.application(application, drafts, services),
        });
    let mut services: Vec<Vec<Service>> = vec![Vec::new(); input.system.hosts.len()];
    for (host, service) in std::mem::take(&mut made.services) {
        services[host.index()].push(service);
    }
    let hosts = input.system.hosts.iter().map(|(host, _)| host).zip(services).filter(|(_, here)| !here.is_empty());
    let hosts: Vec<(Id<Host>, Vec<Service>)> = hosts.collect();
    made.add(lots::plan(&hosts, &tables, input.templates, |planner, drafts, _, (host, services)| {
        drafts.extend(planner.compose(*host, services));
        drafts.push(planner.readme(*host));
    }));
    made.tree()
}

/// A declared component.
enum Declared<'a> {
    Rabbitmq(&'a Rabbitmq),
    Haproxy(&'a Haproxy),
    Nginx(&'a Nginx),
    Consul(&'a Consul),
    Application(&'a Application),
}

/// The services of some components, each with its host.
type Services = Vec<(Id<Host>, Service)>;

/// A server that a port hands connections on to.
struct Server {
    name: String,
    ip: Ipv4Addr,
    port: i64,
    /// Where a broker's membership gate is asked; `None` where it cannot be reached.
    gate: Option<i64>,
}

/// Plans one lot of components or hosts.
struct Planner<'a> {
    tables: &'a Tables<'a>,
    problems: Vec<Diagnostic>,
}

impl<'a> std::ops::Deref for Planner<'a> {
    type Target = Tables<'a>;

    fn deref(&self) -> &Tables<'a> {
        self.tables
    }
}

impl Planner<'_> {
    /// `text`, once it is clear that a file of `grammar` can hold it; else an error that shows `text`'s place.
    fn fits(&mut self, grammar: Grammar, text: &Spanned<String>, what: &str) -> String {
        if let Err(refusal) = grammar.check(&text.value) {
            self.problems.push(
                Diagnostic::new("cannot-be-written", format!("{} cannot hold {what} with {refusal}", grammar.name()))
                    .label(text.span, "cannot be written there")
                    .help(format!("choose another value: {} has no way to quote it", grammar.name())),
            );
        }
        text.value.clone()
    }

    /// The value of the secret that `reference` names, once it is clear that a file of `grammar` can hold it.
    fn secret(&mut self, grammar: Grammar, reference: &Spanned<String>, what: &str) -> String {
        let value = self.secrets.get(&reference.value).map_or_else(String::new, |value| value.text.clone());
        if let Err(refusal) = grammar.check(&value) {
            let declared = self.topology.secrets.iter().find(|secret| secret.name.value == reference.value);
            let span = declared.map_or(crate::source::Span::NONE, |secret| secret.span);
            self.problems.push(
                Diagnostic::new("cannot-be-written", format!("{} cannot hold {what} with {refusal}", grammar.name()))
                    .label(reference.span, "this secret's value cannot be written there")
                    .label(span, "declared here")
                    .help(format!("choose another value: {} has no way to quote it", grammar.name())),
            );
        }
        value
    }

    fn from(&self, program: &str, component: &str, unit: Id<Unit>) -> From {
        let unit = &self.system.units[unit];
        let path = if component == unit.name.value {
            format!("{program}/{component}")
        } else {
            format!("{program}/{component}/{}", unit.name.value)
        };
        From { path, span: unit.name.span }
    }

    /// `HOST/UNIT`, the folder of a unit's files.
    fn folder(&self, unit: Id<Unit>) -> String {
        let unit = &self.system.units[unit];
        format!("{}/{}", self.system.hosts[unit.host].name.value, unit.name.value)
    }

    /// The part of a unit's service that no component decides.
    fn service(&self, unit: Id<Unit>, image: String) -> Service {
        let id = unit;
        let unit = &self.system.units[id];
        let name = unit.name.value.clone();
        let on_host_network = unit.on_host_network;
        let kept = self.container_of.get(&id).map(|id| &self.system.containers[*id]);
        Service {
            image,
            build: None,
            container_name: format!("{}-{name}", self.system.name.value),
            hostname: name.clone(),
            user: None,
            init: false,
            entrypoint: None,
            command: None,
            stop_signal: None,
            restart: kept.and_then(|kept| kept.restart.known()).copied().unwrap_or(Restart::UnlessStopped).word(),
            stop_grace_period: milliseconds(kept.and_then(|kept| kept.stop_grace.known()).copied().unwrap_or(10_000)),
            cap_drop: vec!["ALL"],
            cap_add: self.low_ports(id),
            sysctls: Vec::new(),
            nofile: kept.and_then(|kept| kept.open_files.known()).copied().unwrap_or(OPEN_FILES),
            mem_limit: kept.and_then(|kept| kept.memory.known()).copied(),
            environment: Vec::new(),
            env_file: None,
            network_mode: on_host_network.then_some("host"),
            networks: if on_host_network { Vec::new() } else { self.networks(id) },
            extra_hosts: Vec::new(),
            ports: if on_host_network { Vec::new() } else { self.ports(id) },
            volumes: vec![format!("./{name}:/etc/hacc:ro")],
            tmpfs: Vec::new(),
            healthcheck: None,
            log: Log::of(kept),
            named_volumes: Vec::new(),
            name,
        }
    }

    /// What a unit on its host's own network needs for ports below 1024; in a network of the container's own, Docker lets
    /// everybody have them.
    fn low_ports(&self, unit: Id<Unit>) -> Vec<&'static str> {
        let unit = &self.system.units[unit];
        let ports = unit.listens.iter().filter_map(|id| self.system.listens[*id].port.known());
        if unit.on_host_network && ports.into_iter().any(|port| *port < 1024) {
            vec!["NET_BIND_SERVICE"]
        } else {
            Vec::new()
        }
    }

    fn networks(&self, unit: Id<Unit>) -> Vec<ServiceNetwork> {
        let claims = self.system.units[unit].addresses.iter().map(|claim| &self.system.addresses[*claim]);
        claims
            .map(|claim| ServiceNetwork {
                name: self.system.segments[claim.segment].name.value.clone(),
                address: claim.ip.known().map(Ipv4Addr::to_string),
            })
            .collect()
    }

    fn ports(&self, unit: Id<Unit>) -> Vec<String> {
        let claims = self.publishes_of.get(&unit).into_iter().flatten().map(|claim| &self.system.publishes[*claim]);
        let mut ports = Vec::new();
        for claim in claims {
            let listen = &self.system.listens[claim.listen];
            let facts = (claim.bind.known(), claim.port.known(), listen.port.known());
            let (Some(bind), Some(port), Some(inside)) = facts else { continue };
            ports.push(format!("{bind}:{port}:{inside}"));
            if listen.transport == Transport::TcpAndUdp {
                ports.push(format!("{bind}:{port}:{inside}/udp"));
            }
        }
        ports
    }

    /// The servers that `listen` hands on to.
    fn servers(&self, listen: Id<ListenClaim>) -> Vec<Server> {
        self.forward_from.get(&listen).map(|forward| self.servers_of(*forward)).unwrap_or_default()
    }

    /// The servers that `forward` leads to.
    fn servers_of(&self, forward: Id<ForwardClaim>) -> Vec<Server> {
        let claim = &self.system.forwards[forward];
        let routes = self.routes_of.get(&forward).into_iter().flatten().map(|n| &self.derived.routes[*n]);
        routes
            .filter_map(|route| {
                let unit = self.system.listens[claim.targets.get(route.target)?.listen].unit;
                let (ip, port, published) = match route.way {
                    Way::Direct { ip, port, .. } | Way::Routed { ip, port } => (ip, port, false),
                    Way::Published { ip, port, .. } => (ip, port, true),
                    Way::None { ip, port } => (ip?, port, false),
                };
                let gate = if published { self.published_gate(unit, ip) } else { Some(MEMBER_PORT) };
                Some(Server { name: self.system.units[unit].name.value.clone(), ip, port, gate })
            })
            .collect()
    }

    /// The port of the host under which a broker's membership gate can be asked from elsewhere.
    fn published_gate(&self, unit: Id<Unit>, ip: Ipv4Addr) -> Option<i64> {
        let claims = self.publishes_of.get(&unit).into_iter().flatten().map(|claim| &self.system.publishes[*claim]);
        claims
            .filter(|claim| self.system.listens[claim.listen].name == "health")
            .filter(|claim| claim.bind.known().is_some_and(|bind| *bind == ip || bind.is_unspecified()))
            .find_map(|claim| claim.port.known().copied())
    }

    /// The addresses of the host on which a port of a unit on the host's own network listens; none for units elsewhere.
    fn binds_of(&self, unit: Id<Unit>, port: &str) -> &[Ipv4Addr] {
        let listens = self.system.units[unit].listens.iter();
        let named = listens.copied().find(|id| self.system.listens[*id].name == port);
        named.and_then(|id| self.derived.binds.get(&id)).map_or(&[], Vec::as_slice)
    }

    fn image(&self, component: Id<Component>) -> String {
        self.system.components[component].release.image.known().cloned().unwrap_or_default()
    }
}

/// Milliseconds as HAProxy, nginx and Compose write them.
fn milliseconds(ms: u64) -> String {
    match ms {
        0 => "0".to_owned(),
        ms if ms % 3_600_000 == 0 => format!("{}h", ms / 3_600_000),
        ms if ms % 60_000 == 0 => format!("{}m", ms / 60_000),
        ms if ms % 1_000 == 0 => format!("{}s", ms / 1_000),
        ms => format!("{ms}ms"),
    }
}
