use std::collections::BTreeSet;

use serde::Serialize;

use crate::system::{Host, Id, Program, Transport, Unit};

use crate::releases::rabbitmq_has;
use crate::topology::Follow;

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
    proxies: Vec<Proxy>,
    applications: Vec<Deployed>,
    vips: Vec<VipEntry>,
    servers: Vec<Server>,
    /// What others have to get to on the host's own network.
    open: Vec<Open>,
}

/// A port of the host's own network that is not local.
#[derive(Serialize)]
struct Open {
    service: String,
    name: String,
    /// `tcp`, or `tcp and udp`.
    protocol: &'static str,
    port: i64,
}

/// A container on another host.
#[derive(Clone, Serialize)]
struct Elsewhere {
    host: String,
    container: String,
    service: String,
}

#[derive(Serialize)]
struct Broker {
    container: String,
    service: String,
    volume: String,
    node: String,
    /// A container of the same cluster from which it can be administered.
    peer: Option<String>,
    /// One on another host, where there is none here.
    peer_elsewhere: Option<Elsewhere>,
    /// The other hosts of its cluster, with blanks between them; empty where there are none.
    other_hosts: String,
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

/// An nginx.
#[derive(Serialize)]
struct Proxy {
    container: String,
    service: String,
    /// Whether it keeps what upsync was told.
    upsync: bool,
}

#[derive(Serialize)]
struct VipEntry {
    name: String,
    address: String,
    /// Those that can hold it here.
    holders: Vec<Container>,
    /// Those that can hold it on other hosts.
    elsewhere: Vec<Elsewhere>,
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
            open: self.open(host),
        };
        for (id, here) in &self.units_on[host.index()] {
            let component = &self.system.components[*id];
            let away = || component.units.iter().filter(|unit| self.system.units[**unit].host != host);
            match component.program {
                Program::Rabbitmq => {
                    let version = component.release.version.known().copied();
                    let hosts: BTreeSet<Id<Host>> = away().map(|unit| self.system.units[*unit].host).collect();
                    let hosts: Vec<&str> =
                        hosts.iter().map(|host| self.system.hosts[*host].name.value.as_str()).collect();
                    let quorum = version.is_some_and(|version| rabbitmq_has("quorum-queues", version));
                    readme.brokers.extend(here.iter().map(|unit| {
                        let service = self.system.units[*unit].name.value.clone();
                        Broker {
                            container: self.container(*unit),
                            volume: format!("{}-{service}-data", self.system.name.value),
                            node: format!("rabbit@{service}"),
                            peer: here.iter().find(|peer| *peer != unit).map(|peer| self.container(*peer)),
                            peer_elsewhere: away().next().filter(|_| here.len() < 2).map(|peer| self.elsewhere(*peer)),
                            other_hosts: hosts.join(" "),
                            grow: quorum,
                            service,
                        }
                    }));
                }
                Program::Haproxy => readme.balancers.extend(here.iter().map(|unit| self.named(*unit))),
                Program::Nginx => readme.proxies.extend(here.iter().map(|unit| self.proxy(*unit))),
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
            let away = self.system.components[*component].units.iter();
            let away = away.filter(|unit| self.system.units[**unit].host != host);
            let away: Vec<Elsewhere> = away.map(|unit| self.elsewhere(*unit)).collect();
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
                    elsewhere: away.clone(),
                    by_hand: format!("{}-by-hand", self.container(*first)),
                    service: self.system.units[*first].name.value.clone(),
                    fallback: format!("/etc/hacc/{script}"),
                });
            }
        }
        vips
    }

    /// The ports of the host's own network that listen for more than the host itself, by number.
    fn open(&self, host: Id<Host>) -> Vec<Open> {
        let units =
            self.units_on[host.index()].values().flatten().filter(|unit| self.system.units[**unit].on_host_network);
        let listens = units.flat_map(|unit| &self.system.units[*unit].listens);
        let binds = |id| self.derived.binds.get(id).is_some_and(|binds| binds.iter().any(|ip| !ip.is_loopback()));
        let claims = listens.filter(|id| binds(id)).map(|id| &self.system.listens[*id]);
        let mut open: Vec<Open> = claims
            .filter_map(|claim| {
                Some(Open {
                    service: self.system.units[claim.unit].name.value.clone(),
                    name: claim.name.clone(),
                    protocol: if claim.transport == Transport::TcpAndUdp { "tcp and udp" } else { "tcp" },
                    port: *claim.port.known()?,
                })
            })
            .collect();
        open.sort_by_key(|open| open.port);
        open
    }

    fn elsewhere(&self, unit: Id<Unit>) -> Elsewhere {
        let declared = &self.system.units[unit];
        Elsewhere {
            host: self.system.hosts[declared.host].name.value.clone(),
            container: self.container(unit),
            service: declared.name.value.clone(),
        }
    }

    fn proxy(&self, unit: Id<Unit>) -> Proxy {
        let Container { container, service } = self.named(unit);
        let mut follows = self.system.units[unit].listens.iter().filter_map(|listen| self.follow_of.get(listen));
        let upsync = follows.any(|id| self.system.follows[*id].method.known() == Some(&Follow::Upsync));
        Proxy { container, service, upsync }
    }

    fn named(&self, unit: Id<Unit>) -> Container {
        Container { container: self.container(unit), service: self.system.units[unit].name.value.clone() }
    }

    fn container(&self, unit: Id<Unit>) -> String {
        format!("{}-{}", self.system.name.value, self.system.units[unit].name.value)
    }
}
