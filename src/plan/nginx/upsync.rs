use std::collections::BTreeSet;
use std::net::Ipv4Addr;

use rustc_hash::{FxHashMap, FxHashSet};
use serde::Serialize;

use crate::system::{FollowClaim, Id, Unit, key_folder};
use crate::topology::{Follow, Nginx};

use super::super::compose::Service;
use super::super::draft::{Draft, From};
use super::super::key_path::escaped;
use super::super::{Planner, milliseconds};
use super::relay::Relay;
use super::upstream::Server;

/// How an upstream follows a folder of Consul's store by nginx-upsync-module.
#[derive(Serialize)]
pub(super) struct Upsync {
    /// `ADDRESS:PORT/v1/kv/FOLDER/`.
    poll: String,
    interval: String,
    timeout: String,
    /// Where the module keeps what it was told last.
    dump: String,
}

/// The first servers of an upstream, before anybody was asked.
#[derive(Serialize)]
pub(super) struct Seed {
    #[serde(skip)]
    name: String,
    /// The module that follows.
    #[serde(skip)]
    module: &'static str,
    servers: Vec<Server>,
}

#[derive(Serialize)]
struct Start {
    /// Names of the dumps, separated by blanks.
    dumps: String,
    kept: &'static str,
    /// The modules that are needed (`ngx_http_upsync_module`, `ngx_stream_upsync_module`), separated by blanks.
    modules: String,
    modules_file: &'static str,
}

/// The folder of the dumps, a volume: what nginx knew last survives its container.
const KEPT: &str = "/var/lib/hacc/upsync";

/// What `start` writes for nginx to load, where the modules are not compiled in.
pub(super) const MODULES: &str = "/run/hacc/modules.conf";

impl Planner<'_> {
    pub(super) fn upsync(&self, follow: &FollowClaim, relays: &[Relay]) -> Upsync {
        let relay = relays.iter().find(|relay| relay.registry == follow.registry);
        let listen = relay.map_or("", |relay| relay.listen.as_str());
        let key = follow.key.known().map_or("", String::as_str);
        let or = |fact: &crate::system::Fact<u64>| milliseconds(fact.known().copied().unwrap_or_default());
        Upsync {
            poll: format!("{listen}/v1/kv/{}/", escaped(key_folder(key))),
            interval: or(&follow.interval),
            timeout: or(&follow.wait),
            dump: format!("{KEPT}/{}", dump(&self.system.listens[follow.listen].name)),
        }
    }

    /// The first dump of each port of `unit` that is followed by the module.
    pub(super) fn seeds(&self, declared: &Nginx, unit: Id<Unit>) -> Vec<Seed> {
        let https: FxHashSet<&str> = declared.https.iter().map(|http| http.name.value.as_str()).collect();
        let mut seeds = Vec::new();
        for listen in &self.system.units[unit].listens {
            let Some(follow) = self.follow_of.get(listen).map(|follow| &self.system.follows[*follow]) else { continue };
            if follow.method.known() == Some(&Follow::Upsync) {
                let name = &self.system.listens[*listen].name;
                let web = https.contains(name.as_str());
                let of = if web { "ngx_http_upsync_module" } else { "ngx_stream_upsync_module" };
                seeds.push(Seed { name: dump(name), module: of, servers: self.declared(follow) });
            }
        }
        seeds
    }

    /// The declared instances of what is followed, as their registration says them.
    pub(super) fn declared(&self, follow: &FollowClaim) -> Vec<Server> {
        let reached = self.servers(follow.listen).into_iter().map(|server| (server.name, (server.ip, server.port)));
        let reached: FxHashMap<String, (Ipv4Addr, i64)> = reached.collect();
        let units = self.system.components[follow.of].units.iter();
        let server = |unit: &Id<Unit>| {
            let name = &self.system.units[*unit].name.value;
            let advertised = self.derived.advertised.get(unit);
            let (ip, port) = advertised.or_else(|| reached.get(name)).copied()?;
            let claim = self.registers_of.get(unit).map(|claim| &self.system.registers[*claim]);
            Some(Server {
                address: format!("{ip}:{port}"),
                weight: Some(claim.and_then(|claim| claim.weight.known().copied()).unwrap_or(1)),
                max_fails: Some(claim.and_then(|claim| claim.max_fails.known().copied()).unwrap_or(2)),
                fail_timeout: {
                    let ms = claim.and_then(|claim| claim.fail_timeout.known().copied()).unwrap_or(10_000);
                    // Whole seconds, as in the value that is registered.
                    Some(format!("{}s", ms.div_ceil(1000)))
                },
                max_conns: None,
                backup: false,
            })
        };
        units.filter_map(server).collect()
    }

    /// What a unit needs that follows by the module: the first dumps, and a start script that puts them where nginx
    /// may write.
    pub(super) fn followed(
        &self,
        unit: Id<Unit>,
        seeds: &[Seed],
        folder: &str,
        from: &From,
        service: &mut Service,
    ) -> Vec<Draft> {
        let names: Vec<&str> = seeds.iter().map(|seed| seed.name.as_str()).collect();
        let modules: BTreeSet<&'static str> = seeds.iter().map(|seed| seed.module).collect();
        let start = Start {
            dumps: names.join(" "),
            kept: KEPT,
            modules: modules.into_iter().collect::<Vec<_>>().join(" "),
            modules_file: MODULES,
        };
        let mut drafts = vec![Draft::new(format!("{folder}/start"), "nginx/start", &start, from).script().recreate()];
        for seed in seeds {
            let path = format!("{folder}/upsync/{}", seed.name);
            drafts.push(Draft::new(path, "nginx/servers", seed, from).seeded());
        }
        service.command = Some(vec!["/etc/hacc/start"]);
        service.tmpfs = vec!["/run/hacc:size=1m,mode=0755"];
        let volume = format!("{}-upsync", self.system.units[unit].name.value);
        service.volumes.push(format!("{volume}:{KEPT}"));
        service.named_volumes.push((volume.clone(), format!("{}-{volume}", self.system.name.value)));
        drafts
    }
}

/// The file of a port's servers; no `include *.conf` takes it for a configuration.
fn dump(port: &str) -> String {
    format!("{port}.servers")
}
