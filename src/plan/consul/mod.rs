//! Consul: servers that form one cluster.

mod conf;

use serde::Serialize;

use crate::system::{Id, Unit};
use crate::topology::{Consul, Ref};

use super::compose::Healthcheck;
use super::draft::Draft;
use super::{Planner, Services};

/// What the health script is filled with.
#[derive(Serialize)]
struct Health<'a> {
    /// Its own name in the list of servers.
    node_name: &'a str,
    /// Where its API answers on 127.0.0.1.
    port: i64,
    /// More than half of the declared servers.
    majority: usize,
}

#[derive(Serialize)]
struct Empty {}

impl Planner<'_> {
    pub(super) fn consul(&mut self, declared: &Consul, drafts: &mut Vec<Draft>, services: &mut Services) {
        let Some(component) = self.components.get(declared.name.value.as_str()).copied() else { return };
        let units = self.system.components[component].units.clone();
        let image = self.image(component);
        let addresses = self.common_addresses(&units);
        let key = |planner: &mut Self, encrypt: &Option<Ref>| encrypt.as_ref().map(|of| planner.gossip_key(of));
        let shared = key(self, &declared.settings.encrypt);
        for (n, unit) in units.iter().copied().enumerate() {
            let own = declared.nodes.get(n).map(|node| &node.server.settings.encrypt);
            let encrypt = own.and_then(|own| key(self, own)).or_else(|| shared.clone());
            let has_key = encrypt.is_some();
            let Some(conf) = self.consul_conf(declared, unit, &addresses, encrypt) else { continue };
            let health = Health { node_name: &conf.node_name, port: conf.ports.http, majority: units.len() / 2 + 1 };
            let from = self.from("consul", &declared.name.value, unit);
            let folder = self.folder(unit);
            let path = |file: &str| format!("{folder}/{file}");
            let json = Draft::new(path("consul.json"), "consul/consul.json", &conf, &from);
            drafts.extend([
                if has_key { json.secret() } else { json },
                Draft::new(path("start"), "consul/start", &Empty {}, &from).script().recreate(),
                Draft::new(path("health"), "consul/health", &health, &from).script().reload(),
            ]);
            self.consul_service(unit, image.clone(), services);
        }
    }

    fn consul_service(&self, unit: Id<Unit>, image: String, services: &mut Services) {
        let host = self.system.units[unit].host;
        let mut service = self.service(unit, image);
        service.entrypoint = Some(vec!["/etc/hacc/start"]);
        // KILL: the image's process 1 stays root, and hands a stop on to a Consul of another user.
        service.add_capabilities(&["CHOWN", "DAC_READ_SEARCH", "KILL", "SETGID", "SETUID"]);
        let volume = format!("{}-data", service.name);
        service.volumes.push(format!("{volume}:/consul/data"));
        service.named_volumes.push((volume.clone(), format!("{}-{volume}", self.system.name.value)));
        service.tmpfs = vec!["/run/hacc:size=1m,mode=0755"];
        service.healthcheck = Some(Healthcheck {
            test: vec!["CMD", "/etc/hacc/health"],
            interval: "10s",
            // Without a leader Consul keeps the question for 7 s; the script gives up after 4.
            timeout: "6s",
            retries: 3,
            start_period: "60s",
        });
        services.push((host, service));
    }
}
