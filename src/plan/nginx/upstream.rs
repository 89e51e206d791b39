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
    pub(super) backup: bool,
}

impl Planner<'_> {
    pub(super) fn upstream(&self, unit: Id<Unit>, port: &str, relays: &[Relay]) -> Upstream {
        let Some(listen) = self.listen_of(unit, port) else {
            return Upstream { balance: None, servers: Vec::new(), upsync: None, dns: None };
        };
        let follow = self.follow_of.get(&listen).map(|follow| &self.system.follows[*follow]);
        // How many there will be is not known: as if there were several.
        let balance = Some("least_conn");
        match follow.and_then(|follow| Some((follow, follow.method.known()?))) {
            Some((follow, Follow::Upsync)) => {
                Upstream { balance, servers: Vec::new(), upsync: Some(self.upsync(follow, relays)), dns: None }
            }
            Some((follow, Follow::Dns)) => {
                let mut servers = self.declared(follow);
                for server in &mut servers {
                    server.backup = true;
                }
                Upstream { balance, servers, upsync: None, dns: Some(self.dns(follow)) }
            }
            None => {
                let servers = self.servers(listen);
                let several = servers.len() > 1;
                let server = |server: super::super::Server| Server {
                    address: format!("{}:{}", server.ip, server.port),
                    weight: None,
                    // Passive checks; with a single server nginx ignores them.
                    max_fails: several.then_some(2),
                    fail_timeout: several.then(|| "10s".to_owned()),
                    backup: false,
                };
                let servers = servers.into_iter().map(server).collect();
                Upstream { balance: balance.filter(|_| several), servers, upsync: None, dns: None }
            }
        }
    }
}
