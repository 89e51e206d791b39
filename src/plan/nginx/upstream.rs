use serde::Serialize;

use crate::system::{Id, Unit};
use crate::topology::Follow;

use super::super::Planner;
use super::dns::Dns;
use super::relay::Relay;
use super::upsync::Upsync;

/// The servers of a port, as an `upstream` block has them.
#[derive(Serialize)]
pub(super) struct Upstream {
    balance: Option<&'static str>,
    /// Whether the workers share what they know of the servers.
    shared: bool,
    servers: Vec<Server>,
    /// They are followed by the module; `servers` is empty then: they stand in the dump.
    upsync: Option<Upsync>,
    /// They are followed by name; `servers` is what serves while Consul cannot be asked.
    dns: Option<Dns>,
}

#[derive(Serialize)]
pub(super) struct Server {
    pub(super) address: String,
    pub(super) weight: Option<i64>,
    pub(super) max_fails: Option<i64>,
    pub(super) fail_timeout: Option<String>,
    pub(super) max_conns: Option<i64>,
    pub(super) backup: bool,
}

impl Planner<'_> {
    pub(super) fn upstream(&self, unit: Id<Unit>, port: &str, relays: &[Relay]) -> Upstream {
        let none = Upstream { balance: None, shared: false, servers: Vec::new(), upsync: None, dns: None };
        let Some(listen) = self.listen_of(unit, port) else { return none };
        let proxy = self.proxy_of.get(&listen).map(|proxy| &self.system.proxies[*proxy]);
        let follow = self.follow_of.get(&listen).map(|follow| &self.system.follows[*follow]);
        // How many there will be is not known: as if there were several.
        let balance = proxy.and_then(|proxy| method(proxy.balance.known()?));
        match follow.and_then(|follow| Some((follow, follow.method.known()?))) {
            Some((follow, Follow::Upsync)) => Upstream { balance, upsync: Some(self.upsync(follow, relays)), ..none },
            Some((follow, Follow::Dns)) => {
                let mut servers = self.declared(follow);
                for server in &mut servers {
                    server.backup = true;
                }
                Upstream { balance, shared: true, servers, dns: Some(self.dns(follow)), ..none }
            }
            None => {
                let servers = self.servers(listen);
                let several = servers.len() > 1;
                let claims = proxy.map_or(&[][..], |proxy| &proxy.servers);
                let server = |(n, server): (usize, super::super::Server)| Server {
                    address: format!("{}:{}", server.ip, server.port),
                    weight: claims.get(n).and_then(|claim| claim.weight.known().copied()),
                    // Passive checks; with a single server nginx ignores them.
                    max_fails: several.then_some(2),
                    fail_timeout: several.then(|| "10s".to_owned()),
                    max_conns: claims.get(n).and_then(|claim| claim.maxconn.known().copied()),
                    backup: claims.get(n).is_some_and(|claim| claim.backup.known() == Some(&true)),
                };
                let servers: Vec<Server> = servers.into_iter().enumerate().map(server).collect();
                // A limit that is not shared counts for each worker.
                let shared = servers.iter().any(|server| server.max_conns.is_some());
                Upstream { balance: balance.filter(|_| several), shared, servers, ..none }
            }
        }
    }
}

/// What nginx calls it; to choose one after the other has no name there.
fn method(balance: &str) -> Option<&'static str> {
    match balance {
        "leastconn" => Some("least_conn"),
        "source" => Some("hash"),
        "random" => Some("random"),
        _ => None,
    }
}
