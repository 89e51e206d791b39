use serde::Serialize;

use crate::system::{Host, Id, Program, Unit};

use crate::releases::rabbitmq_has;

use super::super::Planner;
use super::super::application::Deployed;
use super::super::draft::{Draft, From};

/// What a host's README.txt is filled with.
#[derive(Serialize)]
struct Readme {
    topology: String,
    host: String,
    gate_port: i64,
    brokers: Vec<Broker>,
    balancers: Vec<Container>,
    proxies: Vec<Container>,
    applications: Vec<Deployed>,
    vips: Vec<VipEntry>,
    servers: Vec<Server>,
}

#[derive(Serialize)]
struct Broker {
    container: String,
    service: String,
    volume: String,
    node: String,
    /// A container of the same cluster from which it can be administered.
    peer: Option<String>,
    /// Whether quorum queues can be told to grow onto it.
    grow: bool,
}

/// A Consul server.
#[derive(Serialize)]
struct Server {
    container: String,
    service: String,
    volume: String,
    /// Whether gossip has a key.
    gossip: bool,
    /// Whether it is the only one of its cluster.
    alone: bool,
}

#[derive(Serialize)]
struct Container {
    container: String,
    service: String,
}

#[derive(Serialize)]
struct VipEntry {
    name: String,
    address: String,
    /// Those that can hold it here.
    holders: Vec<Container>,
    /// A container for the time without VRRP, and the service it is made of.
    by_hand: String,
    service: String,
    /// The script in it that takes the address.
    fallback: String,
}

impl Planner<'_> {
    pub(in crate::plan) fn readme(&self, host: Id<Host>) -> Draft {
        let name = &self.system.hosts[host].name;
        let mut readme = Readme {
            topology: self.system.name.value.clone(),
            host: name.value.clone(),
            gate_port: crate::system::MEMBER_PORT,
            brokers: Vec::new(),
            balancers: Vec::new(),
            proxies: Vec::new(),
            applications: Vec::new(),
            vips: Vec::new(),
            servers: Vec::new(),
        };
        for (id, here) in &self.units_on[host.index()] {
            let component = &self.system.components[*id];
            match component.program {
                Program::Rabbitmq => {
                    let version = component.release.version.known().copied();
                    let quorum = version.is_some_and(|version| rabbitmq_has("quorum-queues", version));
                    readme.brokers.extend(here.iter().map(|unit| {
                        let service = self.system.units[*unit].name.value.clone();
                        Broker {
                            container: self.container(*unit),
                            volume: format!("{}-{service}-data", self.system.name.value),
                            node: format!("rabbit@{service}"),
                            peer: here.iter().find(|peer| *peer != unit).map(|peer| self.container(*peer)),
                            grow: quorum,
                            service,
                        }
                    }));
                }
                Program::Haproxy => readme.balancers.extend(here.iter().map(|unit| self.named(*unit))),
                Program::Nginx => readme.proxies.extend(here.iter().map(|unit| self.named(*unit))),
                Program::Application => readme.applications.push(self.deployed(*id, here)),
                Program::Consul => readme.servers.extend(here.iter().map(|unit| {
                    let service = self.system.units[*unit].name.value.clone();
                    let claim = self.consul_of.get(unit).map(|claim| &self.system.consuls[*claim]);
                    Server {
                        container: self.container(*unit),
                        volume: format!("{}-{service}-data", self.system.name.value),
                        gossip: claim.is_some_and(|claim| claim.gossip.secret().is_some()),
                        alone: component.units.len() == 1,
                        service,
                    }
                })),
            }
        }
        readme.vips = self.vips(host);
        let from = From { path: format!("host/{}", name.value), span: name.span };
        Draft::new(format!("{}/README.txt", name.value), "host/README.txt", &readme, &from).reload()
    }

    fn vips(&self, host: Id<Host>) -> Vec<VipEntry> {
        let mut vips = Vec::new();
        for (component, here) in &self.units_on[host.index()] {
            let name = self.system.components[*component].name.value.as_str();
            let (Some(haproxy), Some(first)) = (self.haproxies.get(name), here.first()) else { continue };
            for vip in &haproxy.vips {
                let Some(address) = vip.addresses.first() else { continue };
                let script = if haproxy.vips.len() == 1 {
                    "vip-fallback".to_owned()
                } else {
                    format!("vip-fallback-{}", vip.name.value)
                };
                vips.push(VipEntry {
                    name: vip.name.value.clone(),
                    address: address.value.to_string(),
                    holders: here.iter().map(|unit| self.named(*unit)).collect(),
                    by_hand: format!("{}-by-hand", self.container(*first)),
                    service: self.system.units[*first].name.value.clone(),
                    fallback: format!("/etc/hacc/{script}"),
                });
            }
        }
        vips
    }

    fn named(&self, unit: Id<Unit>) -> Container {
        Container { container: self.container(unit), service: self.system.units[unit].name.value.clone() }
    }

    fn container(&self, unit: Id<Unit>) -> String {
        format!("{}-{}", self.system.name.value, self.system.units[unit].name.value)
    }
}
