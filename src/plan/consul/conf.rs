use std::net::Ipv4Addr;

use rustc_hash::{FxHashMap, FxHashSet};
use serde::Serialize;

use crate::diagnostic::Diagnostic;
use crate::plan::Planner;
use crate::plan::grammar::Grammar;
use crate::releases::consul_has;
use crate::secrets::{GOSSIP_KEY_BYTES, gossip_key_bytes};
use crate::system::{Id, Segment, Unit};
use crate::topology::{Consul, Ref, SecretSource};

/// What consul.json is filled with.
#[derive(Serialize)]
pub(super) struct Conf {
    pub(super) node_name: String,
    datacenter: String,
    bootstrap_expect: i64,
    /// Where the others find it.
    bind: String,
    /// Where its API and DNS answer: addresses, separated by blanks.
    client: String,
    pub(super) ports: Ports,
    /// Whether the release knows `ports.grpc_tls`, and would open it by itself.
    grpc_tls: bool,
    /// The others.
    retry_join: Vec<String>,
    encrypt: Option<String>,
}

/// Consul's own words for its ports.
#[derive(Serialize)]
pub(super) struct Ports {
    pub(super) http: i64,
    dns: i64,
    server: i64,
    serf_lan: i64,
    serf_wan: i64,
}

impl Planner<'_> {
    pub(super) fn consul_conf(
        &self,
        declared: &Consul,
        unit: Id<Unit>,
        servers: &[(Id<Unit>, Ipv4Addr)],
        encrypt: Option<String>,
    ) -> Option<Conf> {
        let claim = &self.system.consuls[*self.consul_of.get(&unit)?];
        let (_, bind) = servers.iter().find(|(server, _)| *server == unit)?;
        let listens = self.system.units[unit].listens.iter().map(|listen| &self.system.listens[*listen]);
        let port = |name: &str| listens.clone().find(|listen| listen.name == name)?.port.known().copied();
        let addresses = self.system.units[unit].addresses.iter();
        let addresses = addresses.filter_map(|claim| self.system.addresses[*claim].ip.known().copied());
        let mut seen = FxHashSet::default();
        let client = std::iter::once(Ipv4Addr::LOCALHOST).chain(addresses).filter(|ip| seen.insert(*ip));
        Some(Conf {
            node_name: claim.node.known()?.clone(),
            datacenter: claim.datacenter.known()?.clone(),
            bootstrap_expect: *claim.bootstrap_expect.known()?,
            bind: bind.to_string(),
            client: client.map(|ip| ip.to_string()).collect::<Vec<_>>().join(" "),
            ports: Ports {
                http: port("http")?,
                dns: port("dns")?,
                server: port("server")?,
                serf_lan: port("serf")?,
                serf_wan: port("serf-wan")?,
            },
            grpc_tls: consul_has("grpc-tls", declared.version.value),
            retry_join: servers.iter().filter(|(server, _)| *server != unit).map(|(_, ip)| ip.to_string()).collect(),
            encrypt,
        })
    }

    /// The address of each server on the first network that all of them share; where there is none, its first.
    pub(in crate::plan) fn common_addresses(&self, servers: &[Id<Unit>]) -> Vec<(Id<Unit>, Ipv4Addr)> {
        let claims = |unit: Id<Unit>| {
            let claims = self.system.units[unit].addresses.iter().map(|claim| &self.system.addresses[*claim]);
            claims.filter_map(|claim| Some((claim.segment, *claim.ip.known()?)))
        };
        let mut on: FxHashMap<Id<Segment>, usize> = FxHashMap::default();
        for unit in servers {
            let here: FxHashSet<Id<Segment>> = claims(*unit).map(|(segment, _)| segment).collect();
            for segment in here {
                *on.entry(segment).or_default() += 1;
            }
        }
        let common = servers.first().and_then(|unit| {
            claims(*unit).map(|(segment, _)| segment).find(|segment| on.get(segment) == Some(&servers.len()))
        });
        let address = |unit: Id<Unit>| {
            let there = claims(unit).find(|(segment, _)| Some(*segment) == common);
            there.or_else(|| claims(unit).next()).map(|(_, ip)| (unit, ip))
        };
        servers.iter().filter_map(|unit| address(*unit)).collect()
    }

    /// The value of a gossip key. A value that comes from outside is looked at here for the first time; of the others
    /// the rule `gossip-key-form` has spoken.
    pub(super) fn gossip_key(&mut self, reference: &Ref) -> String {
        let key = self.secret(Grammar::Json, reference, "a gossip key");
        let known = self.secrets.get(&reference.value).is_some_and(|value| value.known);
        let declared = self.topology.secrets.iter().find(|secret| secret.name.value == reference.value);
        let outside = declared.filter(|of| matches!(of.source, SecretSource::Env(_) | SecretSource::File(_)));
        let Some(declared) = outside.filter(|_| known) else { return key };
        let is = match gossip_key_bytes(&key) {
            Some(bytes) if GOSSIP_KEY_BYTES.contains(&bytes) => return key,
            Some(bytes) => format!("it is the base64 of {bytes} bytes"),
            None => "it is not base64".to_owned(),
        };
        self.problems.push(
            Diagnostic::new("cannot-be-written", format!("secret `{}` is no gossip key", reference.value))
                .label(reference.span, is)
                .label(declared.span, "declared here")
                .note("Consul takes 16, 24 or 32 bytes in base64; a server with anything else does not start")
                .help("let it be made (generate=32 as=\"base64\"), or put there what `consul keygen` prints"),
        );
        key
    }
}
