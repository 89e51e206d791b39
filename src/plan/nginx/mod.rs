//! nginx: streams in front of a VIP or of nodes.

use serde::Serialize;

use crate::system::{Id, Unit};
use crate::topology::{Nginx, Stream};

use super::compose::Healthcheck;
use super::draft::Draft;
use super::{OPEN_FILES, Planner, Services, milliseconds};

/// What nginx.conf is filled with.
#[derive(Serialize)]
struct Conf {
    user: &'static str,
    worker_processes: &'static str,
    nofile: i64,
    modules: [(); 0],
    worker_connections: i64,
    streams: Vec<StreamEntry>,
}

#[derive(Serialize)]
struct StreamEntry {
    name: String,
    balance: Option<&'static str>,
    servers: Vec<Server>,
    listens: Vec<i64>,
    connect_timeout: String,
    idle_timeout: String,
}

#[derive(Serialize)]
struct Server {
    address: String,
    max_fails: Option<u32>,
    fail_timeout: Option<&'static str>,
    backup: bool,
}

#[derive(Serialize)]
struct Health {
    ports: Vec<i64>,
}

impl Planner<'_> {
    pub(super) fn nginx(&mut self, declared: &Nginx, drafts: &mut Vec<Draft>, services: &mut Services) {
        let Some(component) = self.components.get(declared.name.value.as_str()).copied() else { return };
        let image = self.image(component);
        let open_files = declared.open_files.as_ref().map_or(OPEN_FILES, |written| written.value);
        for unit in self.system.components[component].units.clone() {
            let from = self.from("nginx", &declared.name.value, unit);
            let folder = self.folder(unit);
            let streams: Vec<StreamEntry> = declared.streams.iter().map(|stream| self.stream(stream, unit)).collect();
            let conf = Conf {
                user: "nginx",
                worker_processes: "auto",
                nofile: open_files,
                modules: [],
                // Two a session, and some files for the worker itself.
                worker_connections: (open_files / 2).max(1),
                streams,
            };
            let health = Health { ports: declared.streams.iter().map(|stream| stream.port.value).collect() };
            let path = |file: &str| format!("{folder}/{file}");
            drafts.push(Draft::new(path("nginx.conf"), "nginx/nginx.conf", &conf, &from).reload());
            drafts.push(Draft::new(path("health"), "nginx/health", &health, &from).script().reload());
            let mut service = self.service(unit, image.clone());
            service.command = Some(vec!["nginx", "-c", "/etc/hacc/nginx.conf", "-g", "daemon off;"]);
            service.stop_grace_period = "20s";
            service.nofile = open_files;
            service.add_capabilities(&["SETGID", "SETUID"]);
            service.healthcheck = Some(Healthcheck {
                test: vec!["CMD", "/etc/hacc/health"],
                interval: "10s",
                timeout: "5s",
                retries: 2,
                start_period: "10s",
            });
            services.push((self.system.units[unit].host, service));
        }
    }

    fn stream(&self, stream: &Stream, unit: Id<Unit>) -> StreamEntry {
        let claim = self.system.units[unit].listens.iter().copied();
        let claim = claim.into_iter().find(|id| self.system.listens[*id].name == stream.name.value);
        let servers = claim.map(|claim| self.servers(claim)).unwrap_or_default();
        let several = servers.len() > 1;
        let or = |written: Option<u64>, default: u64| milliseconds(written.unwrap_or(default));
        StreamEntry {
            balance: several.then_some("least_conn"),
            servers: servers
                .into_iter()
                .map(|server| Server {
                    address: format!("{}:{}", server.ip, server.port),
                    // Passive checks; with a single server nginx ignores them.
                    max_fails: several.then_some(2),
                    fail_timeout: several.then_some("10s"),
                    backup: false,
                })
                .collect(),
            listens: vec![stream.port.value],
            connect_timeout: or(stream.timeouts.connect.as_ref().map(|written| written.value), 3_000),
            idle_timeout: or(stream.timeouts.client.as_ref().map(|written| written.value), 10_800_000),
            name: stream.name.value.clone(),
        }
    }
}
