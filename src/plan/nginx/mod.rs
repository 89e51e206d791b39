//! nginx: TCP and web services in front of a VIP, of nodes, or of the instances of an application, which it follows.

mod dns;
mod http;
mod relay;
mod stream;
mod upstream;
mod upsync;

use serde::Serialize;

use crate::system::{Id, ListenClaim, Unit, waits};
use crate::topology::{Nginx, Timeouts};

use super::compose::Healthcheck;
use super::draft::Draft;
use super::{Planner, Services, milliseconds};

/// What nginx.conf is filled with.
#[derive(Serialize)]
struct Conf {
    user: &'static str,
    worker_processes: String,
    nofile: i64,
    /// A file that `start` writes: which modules are to be loaded.
    modules_file: Option<&'static str>,
    modules: [(); 0],
    worker_connections: i64,
    relays: Vec<relay::Relay>,
    streams: Vec<stream::StreamEntry>,
    https: Vec<http::HttpEntry>,
    /// Ports on which nobody is the one for any name.
    nameless: Vec<i64>,
}

#[derive(Serialize)]
struct Health {
    ports: Vec<i64>,
}

impl Planner<'_> {
    pub(super) fn nginx(&mut self, declared: &Nginx, drafts: &mut Vec<Draft>, services: &mut Services) {
        let Some(component) = self.components.get(declared.name.value.as_str()).copied() else { return };
        let image = self.image(component);
        for unit in self.system.components[component].units.clone() {
            let from = self.from("nginx", &declared.name.value, unit);
            let folder = self.folder(unit);
            let relays = self.relays(unit);
            let streams = declared.streams.iter().map(|stream| self.stream(stream, unit, &relays)).collect();
            let https = declared.https.iter().map(|http| self.http(http, unit, &relays)).collect();
            let web = !declared.https.is_empty() || !relays.is_empty();
            let seeds = self.seeds(declared, unit);
            let mut service = self.service(unit, image.clone());
            let process = self.process_of.get(&unit).map(|id| &self.system.processes[*id]);
            let conf = Conf {
                user: "nginx",
                worker_processes: match process.and_then(|process| process.workers.known()) {
                    Some(workers) => workers.to_string(),
                    None => "auto".to_owned(),
                },
                nofile: service.nofile,
                modules_file: (!seeds.is_empty()).then_some(upsync::MODULES),
                modules: [],
                worker_connections: process.and_then(|process| process.connections.known()).copied().unwrap_or(1),
                relays,
                streams,
                nameless: http::nameless(&declared.https),
                https,
            };
            let ports = self.system.units[unit].listens.iter().map(|listen| &self.system.listens[*listen]);
            let mut ports: Vec<i64> = ports.filter_map(|listen| listen.port.known().copied()).collect();
            let mut seen = std::collections::BTreeSet::new();
            ports.retain(|port| seen.insert(*port));
            let health = Health { ports };
            let path = |file: &str| format!("{folder}/{file}");
            drafts.push(Draft::new(path("nginx.conf"), "nginx/nginx.conf", &conf, &from).reload());
            drafts.push(Draft::new(path("health"), "nginx/health", &health, &from).script().reload());
            service.command = Some(vec!["nginx", "-c", "/etc/hacc/nginx.conf", "-g", "daemon off;"]);
            // Its workers are another user, to whom it gives the folders in which it puts requests and answers that
            // are too big for memory.
            service.add_capabilities(if web { &["CHOWN", "SETGID", "SETUID"] } else { &["SETGID", "SETUID"] });
            service.healthcheck = Some(Healthcheck {
                test: vec!["CMD", "/etc/hacc/health"],
                interval: "10s",
                timeout: "5s",
                retries: 2,
                start_period: "10s",
            });
            if !seeds.is_empty() {
                drafts.extend(self.followed(unit, &seeds, &folder, &from, &mut service));
            }
            services.push((self.system.units[unit].host, service));
        }
    }

    /// The port of `unit` with this name.
    fn listen_of(&self, unit: Id<Unit>, name: &str) -> Option<Id<ListenClaim>> {
        let mut listens = self.system.units[unit].listens.iter().copied();
        listens.find(|id| self.system.listens[*id].name == name)
    }
}

/// `proxy_connect_timeout`: a dead server costs a client this long.
fn connect_timeout(timeouts: &Timeouts) -> String {
    milliseconds(timeouts.connect.as_ref().map_or(waits::NGINX_CONNECT, |written| written.value))
}
