use serde::Serialize;

use crate::plan::compose::{Healthcheck, Service};
use crate::plan::draft::Draft;
use crate::plan::key_path::escaped;
use crate::plan::{Planner, milliseconds};
use crate::system::{Id, OPEN_FILES, Unit, key_folder};
use crate::topology::Application;

/// What register is filled with.
#[derive(Serialize)]
pub(super) struct Register {
    session: String,
    own: String,
    shown: String,
    pub(super) key: String,
    path: String,
    value: String,
    create: String,
    ttl: String,
    node: String,
    no_node: String,
    renew_seconds: u64,
    every_seconds: String,
    servers: String,
    service: Option<Announced>,
}

impl Register {
    /// Where one of the servers is asked for everything in the folder of the key.
    pub(super) fn folder_url(&self) -> String {
        let server = self.servers.split(' ').next().unwrap_or_default();
        let folder = self.path.rsplit_once('/').map_or("", |(folder, _)| folder);
        format!("http://{server}/v1/kv/{folder}/?recurse")
    }
}

/// A service of Consul's catalog, for readers that ask its DNS.
#[derive(Serialize)]
struct Announced {
    id: String,
    body: String,
}

/// The value of a key, as nginx-upsync-module reads it.
#[derive(Serialize)]
struct Value {
    weight: i64,
    max_fails: i64,
    fail_timeout: u64,
}

/// A node that runs no agent, as `/v1/catalog/register` takes it; nothing there reaps it (what it means is a convention of
/// consul-esm).
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Node<'a> {
    #[serde(rename = "Node")]
    name: &'a str,
    address: &'a str,
    #[serde(rename = "NodeMeta")]
    meta: std::collections::BTreeMap<&'static str, &'static str>,
}

/// What `/v1/catalog/deregister` takes.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct NoNode<'a> {
    node: &'a str,
}

/// A session, as `/v1/session/create` takes it. Without a check of any server: the key outlives them one by one. (`Checks`
/// is what releases before 1.7 call `NodeChecks`.)
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Session<'a> {
    name: &'a str,
    node: &'a str,
    #[serde(rename = "TTL")]
    ttl: &'a str,
    behavior: &'static str,
    lock_delay: &'static str,
    node_checks: [(); 0],
    checks: [(); 0],
}

/// A service, as `/v1/agent/service/register` takes it.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Body<'a> {
    #[serde(rename = "ID")]
    id: &'a str,
    name: &'a str,
    address: &'a str,
    port: i64,
    weights: Weights,
    check: Check<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Weights {
    passing: i64,
    warning: i64,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Check<'a> {
    #[serde(rename = "TTL")]
    ttl: &'a str,
    status: &'static str,
    deregister_critical_service_after: &'static str,
}

/// The least that Consul accepts before it forgets a service of which nobody has heard.
const FORGOTTEN_AFTER: &str = "1m";

impl Planner<'_> {
    /// The files and the service of what registers an instance.
    pub(super) fn sidecar(
        &mut self,
        declared: &Application,
        unit: Id<Unit>,
        drafts: &mut Vec<Draft>,
    ) -> Option<Service> {
        let context = self.registration(unit)?;
        let image = self.image(self.system.registers[*self.registers_of.get(&unit)?].registry);
        let name = self.system.units[unit].name.value.clone();
        let from = self.from("application", &declared.name.value, unit);
        let folder = format!("{}-register", self.folder(unit));
        let path = |file: &str| format!("{folder}/{file}");
        drafts.push(Draft::new(path("register"), "application/register", &context, &from).script());
        drafts.push(Draft::new(path("deregister"), "application/deregister", &(), &from).script().reload());
        let mut service = self.service(unit, image);
        service.name = format!("{name}-register");
        service.container_name = format!("{}-register", service.container_name);
        service.hostname.clone_from(&service.name);
        for network in &mut service.networks {
            network.address = None;
        }
        service.ports = Vec::new();
        // The second takes the place of a volume that the image asks for and nobody here needs.
        service.volumes = ["/etc/hacc", "/consul/data"].map(|at| format!("./{name}-register:{at}:ro")).to_vec();
        // Where images have one already: from its second start on, Docker gives a tmpfs the mode of what is below it.
        service.tmpfs = vec!["/tmp:size=1m,mode=1777"];
        service.user = Some("65534:65534");
        service.entrypoint = Some(vec!["/etc/hacc/register"]);
        // Of the instance these are, not of who registers it.
        (service.nofile, service.mem_limit) = (OPEN_FILES, None);
        "30s".clone_into(&mut service.stop_grace_period);
        service.healthcheck = Some(Healthcheck {
            test: vec!["CMD", "/etc/hacc/register", "--state"],
            interval: "10s",
            timeout: "5s",
            retries: 3,
            start_period: "60s",
        });
        Some(service)
    }

    /// What is registered of an instance, and where.
    pub(super) fn registration(&self, unit: Id<Unit>) -> Option<Register> {
        let claim = &self.system.registers[*self.registers_of.get(&unit)?];
        let name = &self.system.units[unit].name.value;
        let topology = &self.system.name.value;
        let (ip, port) = self.shown(unit)?;
        let shown = format!("{ip}:{port}");
        let folder = key_folder(claim.key.known()?);
        let key = if folder.is_empty() { shown.clone() } else { format!("{folder}/{shown}") };
        let weight = claim.weight.known().copied()?;
        let ttl = claim.ttl.known().copied()?;
        let ttl_word = milliseconds(ttl);
        let session = format!("{topology}/{name}");
        let id = format!("{topology}-{name}");
        let node = Node { name: &id, address: &ip, meta: [("external-node", "true")].into() };
        let create = Session {
            name: &session,
            node: &id,
            ttl: &ttl_word,
            behavior: "delete",
            lock_delay: "0s",
            node_checks: [],
            checks: [],
        };
        let value = Value {
            weight,
            max_fails: claim.max_fails.known().copied()?,
            fail_timeout: claim.fail_timeout.known()?.div_ceil(1000),
        };
        let application = self.system.units[unit].component;
        let service = self.asked_by_name.contains(&application).then(|| {
            let body = Body {
                id: &id,
                name: &self.system.components[application].name.value,
                address: &ip,
                port,
                weights: Weights { passing: weight, warning: 1 },
                check: Check { ttl: &ttl_word, status: "passing", deregister_critical_service_after: FORGOTTEN_AFTER },
            };
            Announced { body: json(&body), id: id.clone() }
        });
        let servers = self.clients_of.get(&unit).into_iter().flatten();
        let servers = servers.flat_map(|forward| self.servers_of(*forward));
        let mut servers: Vec<String> = servers.map(|server| format!("{}:{}", server.ip, server.port)).collect();
        // Each instance begins with another server, so that not all depend on one.
        let first = unit.index() % servers.len().max(1);
        servers.rotate_left(first);
        Some(Register {
            own: format!("{}:{}", self.own_address(unit)?, self.main_port(unit)),
            path: escaped(&key),
            shown,
            key,
            value: json(&value),
            create: json(&create),
            node: json(&node),
            no_node: json(&NoNode { node: &id }),
            session,
            renew_seconds: (ttl / 3000).max(1),
            // A look costs two processes.
            every_seconds: seconds(claim.check_every.known().copied()?.max(100)),
            ttl: ttl_word,
            servers: servers.join(" "),
            service,
        })
    }
}

fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

/// Milliseconds as `sleep` takes them.
fn seconds(ms: u64) -> String {
    match ms % 1000 {
        0 => format!("{}", ms / 1000),
        rest => format!("{}.{rest:03}", ms / 1000).trim_end_matches('0').to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fractions_of_a_second_are_written_with_a_point() {
        assert_eq!(["2", "0.5", "1.05", "0.1"].map(str::to_owned), [2000, 500, 1050, 100].map(seconds));
    }
}
