use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::system::{Id, Unit, waits};
use crate::topology::Http;

use super::super::grammar::Grammar;
use super::super::{Planner, milliseconds};
use super::connect_timeout;
use super::relay::Relay;
use super::upstream::Upstream;

/// The server name that stands for every name.
const ANY: &str = "_";

/// A web service of nginx.conf.
#[derive(Serialize)]
pub(super) struct HttpEntry {
    name: String,
    #[serde(flatten)]
    upstream: Upstream,
    port: i64,
    server_name: String,
    /// Whether it answers for every name that no other service of its port has.
    default: bool,
    connect_timeout: String,
    client_timeout: String,
    server_timeout: String,
}

impl Planner<'_> {
    pub(super) fn http(&mut self, http: &Http, unit: Id<Unit>, relays: &[Relay]) -> HttpEntry {
        let server_name = match &http.server_name {
            Some(written) => self.fits(Grammar::Nginx, written, "a server name"),
            None => ANY.to_owned(),
        };
        let or = |written: Option<u64>| milliseconds(written.unwrap_or(waits::NGINX_SILENT));
        HttpEntry {
            upstream: self.upstream(unit, &http.name.value, relays),
            port: http.port.value,
            default: server_name == ANY,
            server_name,
            connect_timeout: connect_timeout(&http.timeouts),
            client_timeout: or(http.timeouts.client.as_ref().map(|written| written.value)),
            server_timeout: or(http.timeouts.server.as_ref().map(|written| written.value)),
            name: http.name.value.clone(),
        }
    }
}

/// Ports on which every service has a name: who asks for another one must not get the first of them.
pub(super) fn nameless(https: &[Http]) -> Vec<i64> {
    let mut ports: BTreeMap<i64, BTreeSet<&str>> = BTreeMap::new();
    for http in https {
        let name = http.server_name.as_ref().map_or(ANY, |name| name.value.as_str());
        ports.entry(http.port.value).or_default().insert(name);
    }
    ports.into_iter().filter(|(_, names)| !names.contains(ANY)).map(|(port, _)| port).collect()
}
