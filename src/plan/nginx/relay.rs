use std::collections::BTreeSet;

use serde::Serialize;

use crate::system::{Component, Id, POLL_GIVE_UP, POLL_HOLD, Unit};
use crate::topology::Follow;

use super::super::Planner;

/// Where nginx itself hands the module's questions on to all servers of a registry: the module knows one address only,
/// and would be blind without the server that has it. See `docs/decisions/008-following.md`.
#[derive(Serialize)]
pub(super) struct Relay {
    #[serde(skip)]
    pub(super) registry: Id<Component>,
    /// The registry's name.
    name: String,
    /// `ADDRESS:PORT` on which it listens, for nginx alone.
    pub(super) listen: String,
    /// `ADDRESS:PORT` of each Consul server.
    servers: Vec<String>,
    /// How long Consul shall keep a question for which there is nothing new.
    hold: String,
    /// When a server that says nothing is given up.
    give_up: String,
}

/// The first port that a relay may have.
const FIRST_PORT: i64 = 18_500;

impl Planner<'_> {
    /// One for each registry that this unit reads by the module.
    pub(super) fn relays(&self, unit: Id<Unit>) -> Vec<Relay> {
        let follows = self.system.units[unit].listens.iter().filter_map(|listen| self.follow_of.get(listen));
        let follows = follows.map(|follow| &self.system.follows[*follow]);
        let registries: BTreeSet<Id<Component>> = follows
            .filter(|follow| follow.method.known() == Some(&Follow::Upsync))
            .map(|follow| follow.registry)
            .collect();
        if registries.is_empty() {
            return Vec::new();
        }
        let ports = self.free_ports(unit);
        let relay = |(registry, port): (Id<Component>, i64)| Relay {
            registry,
            name: self.system.components[registry].name.value.clone(),
            listen: format!("127.0.0.1:{port}"),
            servers: self.registry_servers(unit, registry, "http"),
            hold: format!("{POLL_HOLD}s"),
            give_up: format!("{POLL_GIVE_UP}s"),
        };
        registries.into_iter().zip(ports).map(relay).collect()
    }

    /// `ADDRESS:PORT` under which `unit` reaches a port of each server of a registry.
    pub(super) fn registry_servers(&self, unit: Id<Unit>, registry: Id<Component>, port: &str) -> Vec<String> {
        let forwards = self.clients_of.get(&unit).into_iter().flatten();
        let mut forwards = forwards.filter(|forward| {
            let target = self.system.forwards[**forward].targets.first();
            target
                .map(|target| &self.system.listens[target.listen])
                .is_some_and(|listen| listen.name == port && self.system.units[listen.unit].component == registry)
        });
        let servers = forwards.next().map(|forward| self.servers_of(*forward)).unwrap_or_default();
        servers.iter().map(|server| format!("{}:{}", server.ip, server.port)).collect()
    }

    /// Ports of 127.0.0.1 that nobody else has: the unit's own ones are taken, and on the host's network everything
    /// that is the host's. There every nginx leaves those before it as many free ones as they could need, so that no
    /// two relays meet, wherever the host's ports are.
    fn free_ports(&self, unit: Id<Unit>) -> impl Iterator<Item = i64> + use<'_> {
        let own = &self.system.units[unit];
        let (host, on_host_network) = (own.host, own.on_host_network);
        let before = self.nginx_before.get(&unit).copied().unwrap_or_default();
        // On the host's network its own ports are the host's.
        let taken: BTreeSet<i64> = if on_host_network {
            BTreeSet::new()
        } else {
            own.listens.iter().filter_map(|listen| self.system.listens[*listen].port.known().copied()).collect()
        };
        let free = (FIRST_PORT..65_536).filter(move |port| {
            let of_host = on_host_network && self.derived.host_ports.contains_key(&(host, *port));
            !of_host && !taken.contains(port)
        });
        free.skip(before * self.topology.consuls.len())
    }
}
