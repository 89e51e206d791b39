//! Brokers: what each container of a cluster needs.

mod conf;
mod definitions;

pub(super) use definitions::salts;

use std::net::Ipv4Addr;

use rustc_hash::FxHashMap;
use serde::Serialize;

use crate::releases::rabbitmq_has;
use crate::system::{Id, Unit};
use crate::topology::{NodeKind, Rabbitmq};

use super::compose::{ExtraHost, Healthcheck, Service};
use super::draft::Draft;
use super::grammar::Grammar;
use super::{Planner, Services};

/// What the start script is filled with.
#[derive(Serialize)]
struct Start {
    /// Its image sets things in `conf.d`, and not by an entry point that writes `rabbitmq.conf` where there is none.
    conf_d: bool,
    definitions: bool,
    extra_files: [(); 0],
    long_names: bool,
    environment: [(); 0],
    gate: Gate,
    wait: Option<Wait>,
    /// Where Erlang's own ports listen, on a host's own network.
    distribution: Option<Distribution>,
}

/// The addresses of Erlang's own ports, which would take every address of the host.
#[derive(Serialize)]
struct Distribution {
    /// The name server's, beside 127.0.0.1, separated by commas.
    epmd: String,
    /// The distribution's one address, as an Erlang term.
    interface: String,
}

/// For whom a broker that begins empty waits.
#[derive(Serialize)]
struct Wait {
    /// Its own Erlang name.
    own: String,
    /// Addresses of the others, separated by blanks.
    peers: String,
    /// The port by which a broker that runs is known.
    port: i64,
    /// Seconds to wait on once one runs.
    pause: usize,
    /// How long: each broker waits longer than those declared before it, the first not at all.
    seconds: usize,
}

/// The port of Erlang's port mapper, which a broker's VM starts.
const EPMD: i64 = 4369;

/// Seconds between the beginnings of two VMs: their clocks do not agree to the second.
const APART: usize = 5;

/// How long a broker is given to boot on an empty disk, in seconds.
const FIRST_BOOT: usize = 120;

/// The membership gate: where it answers, and what it asks for.
#[derive(Serialize)]
struct Gate {
    port: i64,
    /// Addresses, separated by blanks.
    bind: String,
    /// Erlang names of the declared nodes, separated by blanks.
    nodes: String,
    members: usize,
    connected: usize,
    /// Whether a broker ends when a majority goes on without it, to be started again as one of them.
    leaves: bool,
}

/// What the join script of one broker is filled with.
#[derive(Serialize)]
struct Join<'a> {
    own: &'a str,
    /// Erlang names of the others, in the order of declaration, separated by blanks.
    peers: String,
    /// `yes` where this is the first declared: the others join it.
    self_first: &'static str,
    ram: bool,
    long_names: bool,
}

#[derive(Serialize)]
struct Cookie {
    cookie: String,
}

#[derive(Serialize)]
struct Plugins {
    plugins: Vec<String>,
}

#[derive(Serialize)]
struct Hosts<'a> {
    hosts: &'a [ExtraHost],
}

#[derive(Serialize)]
struct Hostname<'a> {
    hostname: &'a str,
}

#[derive(Serialize)]
struct Empty {}

/// What is the same for all brokers of a cluster.
struct Cluster<'a> {
    declared: &'a Rabbitmq,
    units: Vec<Id<Unit>>,
    /// Erlang names, as the units stand.
    names: Vec<String>,
    /// Where each broker is found: on the first network that all of them share.
    addresses: FxHashMap<Id<Unit>, Ipv4Addr>,
    /// Names and addresses of all brokers.
    hosts: Vec<ExtraHost>,
    plugins: Vec<String>,
    definitions: definitions::Definitions,
    image: String,
}

impl Planner<'_> {
    pub(super) fn rabbitmq(&mut self, declared: &Rabbitmq, drafts: &mut Vec<Draft>, services: &mut Services) {
        let Some(component) = self.components.get(declared.name.value.as_str()).copied() else { return };
        let units = self.system.components[component].units.clone();
        let name = |unit: &Id<Unit>| self.system.units[*unit].name.value.clone();
        let addresses: FxHashMap<Id<Unit>, Ipv4Addr> = self.common_addresses(&units).into_iter().collect();
        let hosts = units
            .iter()
            .filter_map(|unit| Some(ExtraHost { name: name(unit), address: addresses.get(unit)?.to_string() }));
        let cluster = Cluster {
            declared,
            names: units.iter().map(|unit| format!("rabbit@{}", name(unit))).collect(),
            hosts: hosts.collect(),
            addresses,
            plugins: self.plugins(declared),
            definitions: self.definitions(declared),
            image: self.image(component),
            units,
        };
        for n in 0..cluster.units.len() {
            self.broker(&cluster, n, drafts);
            let unit = cluster.units[n];
            services.push((self.system.units[unit].host, self.broker_service(&cluster, unit)));
        }
    }

    /// The files of broker number `n`.
    fn broker(&mut self, cluster: &Cluster<'_>, n: usize, drafts: &mut Vec<Draft>) {
        let unit = cluster.units[n];
        let declared = cluster.declared;
        let from = self.from("rabbitmq", &declared.name.value, unit);
        let folder = self.folder(unit);
        let node = declared.nodes.get(n);
        let ram = node.and_then(|node| node.kind.as_ref()).is_some_and(|kind| kind.value == NodeKind::Ram);
        let cookie = node.and_then(|node| node.cookie.as_ref()).unwrap_or(&declared.cookie);
        let cookie = Cookie { cookie: self.secret(Grammar::Cookie, cookie, "a cookie") };
        let conf = self.conf(declared, &cluster.names, unit, ram);
        let start = Start {
            conf_d: rabbitmq_has("conf-d", declared.version.value),
            definitions: true,
            extra_files: [],
            long_names: false,
            environment: [],
            gate: self.gate(cluster, unit, conf.pauses_minority()),
            wait: (n > 0).then(|| Self::wait(cluster, n)),
            distribution: self.distribution(cluster, unit),
        };
        let others = cluster.names.iter().enumerate().filter(|(other, _)| *other != n);
        let join = Join {
            own: &cluster.names[n],
            peers: others.map(|(_, name)| name.as_str()).collect::<Vec<_>>().join(" "),
            self_first: if n == 0 { "yes" } else { "no" },
            long_names: false,
            ram: ram && rabbitmq_has("ram-nodes", declared.version.value),
        };
        let path = |file: &str| format!("{folder}/{file}");
        let hostname = Hostname { hostname: &self.system.units[unit].name.value };
        let hosts = Hosts { hosts: &cluster.hosts };
        let plugins = Plugins { plugins: cluster.plugins.clone() };
        drafts.extend([
            Draft::new(path(".erlang.cookie"), "rabbitmq/.erlang.cookie", &cookie, &from).secret(),
            Draft::new(path("rabbitmq.conf"), "rabbitmq/rabbitmq.conf", &conf, &from),
            Draft::new(path("enabled_plugins"), "rabbitmq/enabled_plugins", &plugins, &from),
            Draft::new(path("definitions.json"), "rabbitmq/definitions.json", &cluster.definitions, &from).secret(),
            Draft::new(path("start"), "rabbitmq/start", &start, &from).script().recreate(),
            Draft::new(path("health"), "rabbitmq/health", &Empty {}, &from).script().reload(),
            Draft::new(path("health.erl"), "rabbitmq/health.erl", &Empty {}, &from),
            Draft::new(path("join"), "rabbitmq/join", &join, &from).script().reload(),
            Draft::new(path("hosts"), "rabbitmq/hosts", &hosts, &from).reload(),
            Draft::new(path("hostname"), "rabbitmq/hostname", &hostname, &from).reload(),
        ]);
    }

    fn broker_service(&self, cluster: &Cluster<'_>, unit: Id<Unit>) -> Service {
        let name = &self.system.units[unit].name.value;
        let mut service = self.service(unit, cluster.image.clone());
        service.entrypoint = Some(vec!["/etc/hacc/start"]);
        service.add_capabilities(&["CHOWN", "DAC_READ_SEARCH", "FOWNER", "SETGID", "SETUID"]);
        // A broker hands its queues on before it stops.
        // A container on its host's own network has the host's names, not its own.
        let own_too = service.network_mode.is_some();
        service.extra_hosts = cluster.hosts.iter().filter(|host| own_too || host.name != *name).cloned().collect();
        let volume = format!("{name}-data");
        service.volumes.push(format!("{volume}:/var/lib/rabbitmq"));
        service.named_volumes.push((volume.clone(), format!("{}-{volume}", self.system.name.value)));
        service.tmpfs = vec!["/run/hacc:size=1m,mode=0755"];
        service.healthcheck = Some(Healthcheck {
            test: vec!["CMD", "/etc/hacc/health"],
            interval: "10s",
            timeout: "5s",
            retries: 3,
            start_period: "180s",
        });
        service
    }

    fn wait(cluster: &Cluster<'_>, n: usize) -> Wait {
        // From 3.13 on a broker that begins empty waits for a second one itself, and all choose the one whose VM began first:
        // the others begin when that VM runs, clearly later, and not when it serves, for it would wait for them.
        let early = rabbitmq_has("discovery-wants-two", cluster.declared.version.value);
        let others = cluster.units.iter().enumerate().filter(|(other, _)| *other != n);
        let peers: Vec<String> =
            others.filter_map(|(_, unit)| Some(cluster.addresses.get(unit)?.to_string())).collect();
        Wait {
            own: cluster.names[n].clone(),
            peers: peers.join(" "),
            port: if early { EPMD } else { crate::system::MEMBER_PORT },
            pause: if early { APART * n.min(5) } else { 0 },
            seconds: FIRST_BOOT * n.min(5),
        }
    }

    fn distribution(&self, cluster: &Cluster<'_>, unit: Id<Unit>) -> Option<Distribution> {
        let interface = cluster.addresses.get(&unit).filter(|_| !self.binds_of(unit, "dist").is_empty())?;
        let epmd = self.binds_of(unit, "epmd").iter().filter(|ip| !ip.is_loopback()).map(ToString::to_string);
        Some(Distribution {
            epmd: epmd.collect::<Vec<_>>().join(","),
            interface: format!("{{{}}}", interface.octets().map(|octet| octet.to_string()).join(",")),
        })
    }

    fn gate(&self, cluster: &Cluster<'_>, unit: Id<Unit>, leaves: bool) -> Gate {
        let addresses = self.system.units[unit].addresses.iter();
        let addresses = addresses.filter_map(|claim| self.system.addresses[*claim].ip.known());
        let mut bind: Vec<String> = addresses.map(ToString::to_string).collect();
        bind.dedup();
        let port = self.system.units[unit].listens.iter().map(|listen| &self.system.listens[*listen]);
        let port = port.clone().find(|listen| listen.name == "health").and_then(|listen| listen.port.known());
        let majority = cluster.units.len() / 2 + 1;
        Gate {
            port: port.copied().unwrap_or(15_693),
            bind: bind.join(" "),
            nodes: cluster.names.join(" "),
            members: majority,
            // Of two brokers the one that is left has to go on; what a partition of two does is `autoheal`'s affair.
            connected: if cluster.units.len() == 2 { 1 } else { majority },
            leaves,
        }
    }

    /// Management for people and for the join of definitions, metrics where the release has them, then the user's own.
    fn plugins(&mut self, declared: &Rabbitmq) -> Vec<String> {
        let mut plugins = vec!["rabbitmq_management".to_owned()];
        if rabbitmq_has("prometheus", declared.version.value) {
            plugins.push("rabbitmq_prometheus".to_owned());
        }
        for plugin in &declared.plugins {
            let plugin = self.fits(Grammar::Atom, plugin, "a plugin's name");
            if !plugins.contains(&plugin) {
                plugins.push(plugin);
            }
        }
        plugins
    }
}
