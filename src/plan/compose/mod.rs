//! The compose file of each host.

mod readme;
mod service;

use std::collections::BTreeSet;
use std::net::Ipv4Addr;

use serde::Serialize;

use crate::system::{Host, Id, Segment};

pub(super) use service::{ExtraHost, Healthcheck, Log, Service, ServiceNetwork, Variable};

use super::Planner;
use super::draft::{Draft, From};

#[derive(Serialize)]
struct File<'a> {
    services: &'a [Service],
    networks: Vec<Network>,
    volumes: Vec<Volume<'a>>,
}

#[derive(Serialize)]
struct Network {
    key: String,
    name: String,
    subnet: String,
    gateway: String,
    ip_range: String,
    reserved: Vec<Reserved>,
}

/// An address that Docker's own allocation has to leave alone.
#[derive(Serialize)]
struct Reserved {
    name: String,
    address: String,
}

#[derive(Serialize)]
struct Volume<'a> {
    key: &'a str,
    name: &'a str,
}

#[derive(Serialize)]
struct Env {
    project: String,
}

impl Planner<'_> {
    /// The compose file, the project's name and the recipes of one host.
    pub(super) fn compose(&self, host: Id<Host>, services: &[Service]) -> Vec<Draft> {
        let name = &self.system.hosts[host].name;
        let from = From { path: format!("host/{}", name.value), span: name.span };
        let file = File {
            services,
            networks: self.networks_of(host),
            volumes: services
                .iter()
                .flat_map(|service| &service.named_volumes)
                .map(|(key, name)| Volume { key, name })
                .collect(),
        };
        let env = Env { project: format!("{}-{}", self.system.name.value, name.value) };
        let folder = &name.value;
        vec![
            Draft::new(format!("{folder}/docker-compose.yml"), "compose/docker-compose.yml", &file, &from).recreate(),
            Draft::new(format!("{folder}/.env"), "compose/env", &env, &from).recreate(),
        ]
    }

    /// Networks that are declared on the host or used there.
    fn networks_of(&self, host: Id<Host>) -> Vec<Network> {
        let segments = &self.host_segments[host.index()];
        segments.iter().filter_map(|segment| self.network(*segment)).collect()
    }

    fn network(&self, id: Id<Segment>) -> Option<Network> {
        let segment = &self.system.segments[id];
        let subnet = segment.subnet.known()?;
        let vips: BTreeSet<Ipv4Addr> = self.vips_on[id.index()].iter().copied().collect();
        let reserved = vips
            .into_iter()
            .enumerate()
            .map(|(n, vip)| Reserved { name: format!("vip{}", n + 1), address: vip.to_string() });
        Some(Network {
            key: segment.name.value.clone(),
            name: format!("{}-{}", self.system.name.value, segment.name.value),
            subnet: subnet.to_string(),
            gateway: segment.gateway.known()?.to_string(),
            ip_range: segment.pool.known()?.to_string(),
            // Docker refuses an address outside the subnet; the finding is enough.
            reserved: reserved
                .filter(|vip| vip.address.parse().is_ok_and(|ip: Ipv4Addr| subnet.contains(&ip)))
                .collect(),
        })
    }
}
