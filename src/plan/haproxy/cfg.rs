use serde::Serialize;

use crate::source::Spanned;
use crate::system::{Fact, Id, ProbeClaim, ProxyClaim, Unit, waits};
use crate::topology::{CheckKind, Haproxy, Listen, Mode, Stats, Version};

use super::super::grammar::Grammar;
use super::super::{Planner, Server as PlannedServer, milliseconds};

/// What haproxy.cfg is filled with.
#[derive(Serialize)]
pub(super) struct Cfg {
    /// Whether a reload hands on what is known of the servers.
    keep_state: bool,
    maxconn: i64,
    user: Option<&'static str>,
    group: Option<&'static str>,
    hard_stop_after: String,
    timeouts: DefaultTimeouts,
    listens: Vec<ListenEntry>,
    resolvers: bool,
    stats: Option<StatsEntry>,
}

/// Timeouts of every section that says none: idle ones far above any heartbeat.
#[derive(Serialize)]
struct DefaultTimeouts {
    connect: String,
    check: String,
    queue: &'static str,
    client: String,
    server: String,
    fin: &'static str,
    tunnel: String,
    http_request: &'static str,
}

#[derive(Serialize)]
struct ListenEntry {
    name: String,
    binds: Vec<String>,
    mode: &'static str,
    balance: String,
    maxconn: Option<i64>,
    accept_proxy: bool,
    send_proxy: bool,
    timeouts: Option<Vec<Timeout>>,
    check: Option<CheckEntry>,
    servers: Vec<Server>,
}

#[derive(Serialize)]
struct Timeout {
    name: &'static str,
    value: String,
}

#[derive(Serialize)]
struct CheckEntry {
    kind: &'static str,
    traffic_port: Option<i64>,
    path: String,
    host: String,
    /// Which answers are good; ranges came with 2.4.
    status: &'static str,
    inter: String,
    fastinter: String,
    downinter: String,
    rise: i64,
    fall: i64,
}

#[derive(Serialize)]
struct Server {
    name: String,
    address: String,
    check_port: Option<i64>,
    weight: Option<i64>,
    maxconn: Option<i64>,
    backup: bool,
    resolved: bool,
}

#[derive(Serialize)]
struct StatsEntry {
    name: &'static str,
    binds: Vec<String>,
    path: String,
    refresh: &'static str,
    auth: Option<String>,
}

impl Planner<'_> {
    pub(super) fn cfg(&mut self, declared: &Haproxy, unit: Id<Unit>) -> Cfg {
        let timeouts = &declared.timeouts;
        let process = self.process_of.get(&unit).map(|id| &self.system.processes[*id]);
        let or = |written: &Option<Spanned<u64>>, default: u64| {
            milliseconds(written.as_ref().map_or(default, |written| written.value))
        };
        Cfg {
            // Conditional blocks, on which this rests, came with 2.4.
            keep_state: declared.version.value.at_least(2, 4, 0),
            maxconn: process.and_then(|process| process.connections.known()).copied().unwrap_or(1),
            user: Some("haproxy"),
            group: Some("haproxy"),
            hard_stop_after: or(&declared.drain, waits::DRAIN),
            timeouts: DefaultTimeouts {
                connect: or(&timeouts.connect, waits::CONNECT),
                check: milliseconds(waits::CHECK),
                queue: "30s",
                client: or(&timeouts.client, waits::SILENT),
                server: or(&timeouts.server, waits::SILENT),
                fin: "30s",
                tunnel: or(&timeouts.tunnel, waits::IDLE),
                http_request: "10s",
            },
            listens: declared
                .listens
                .iter()
                .filter_map(|listen| self.listen(listen, declared.version.value, unit))
                .collect(),
            resolvers: false,
            stats: declared.stats.as_ref().map(|stats| self.stats(stats, unit)),
        }
    }

    fn listen(&mut self, listen: &Listen, version: Version, unit: Id<Unit>) -> Option<ListenEntry> {
        let claims = self.system.units[unit].listens.iter().copied();
        let claim = claims.into_iter().find(|id| self.system.listens[*id].name == listen.name.value)?;
        let proxy = &self.system.proxies[*self.proxy_of.get(&claim)?];
        let probe = proxy.check.as_ref()?;
        let servers = self.servers(claim);
        let kind = self.check_that_arrives(listen, probe.kind.known().copied()?, &servers);
        let traffic_port = servers.first().map(|server| server.port);
        let traffic_port = traffic_port.filter(|port| servers.iter().all(|server| server.port == *port));
        let http = proxy.mode.known() == Some(&Mode::Http);
        Some(ListenEntry {
            binds: vec![format!(":{}", listen.port.value)],
            mode: if http { "http" } else { "tcp" },
            balance: self.fact(&proxy.balance, "an algorithm"),
            maxconn: proxy.maxconn.known().copied(),
            accept_proxy: proxy.accept_proxy.known() == Some(&true),
            send_proxy: proxy.send_proxy.known() == Some(&true),
            timeouts: own_timeouts(listen),
            check: Some(CheckEntry { traffic_port, ..self.check(probe, kind, version.at_least(2, 4, 0)) }),
            servers: entries(proxy, kind, servers),
            name: listen.name.value.clone(),
        })
    }

    /// The kind of check that reaches every server: where a broker's gate is out of reach, the check that is made
    /// unless another is asked for is a connection; one that is asked for is an error.
    fn check_that_arrives(&mut self, listen: &Listen, kind: CheckKind, servers: &[PlannedServer]) -> CheckKind {
        let Some(mute) = servers.iter().find(|server| server.gate.is_none()) else { return kind };
        if kind != CheckKind::Member {
            return kind;
        }
        if let Some(written) = listen.check.as_ref().and_then(|check| check.kind.as_ref()) {
            let name = &mute.name;
            let message = format!("`{name}` cannot be asked for its membership: its host does not publish `health`");
            self.problems.push(
                crate::diagnostic::Diagnostic::new("check-unreachable", message)
                    .label(written.span, "asks every broker")
                    .label(listen.to.span, "reached through the host")
                    .help(format!("write `publish \"health\"` with a `bind=` at `{name}`, or `kind=\"tcp\"` here")),
            );
        }
        CheckKind::Tcp
    }

    fn check(&mut self, probe: &ProbeClaim, kind: CheckKind, ranges: bool) -> CheckEntry {
        let time = |fact: &Fact<u64>| milliseconds(fact.known().copied().unwrap_or_default());
        let count = |fact: &Fact<i64>| fact.known().copied().unwrap_or_default();
        CheckEntry {
            kind: match kind {
                CheckKind::Member => "gate",
                CheckKind::Tcp => "tcp",
                CheckKind::Http => "http",
            },
            // One number for all servers, filled in where they are known.
            traffic_port: None,
            path: self.fact(&probe.path, "a path"),
            host: self.fact(&probe.host, "a host name"),
            status: if ranges { "200-399" } else { "200" },
            inter: time(&probe.every),
            fastinter: time(&probe.fast),
            downinter: time(&probe.down),
            rise: count(&probe.rise),
            fall: count(&probe.fall),
        }
    }

    /// A claimed text, once it is clear that haproxy.cfg can hold it.
    fn fact(&mut self, fact: &Fact<String>, what: &str) -> String {
        let text = fact.known().cloned().unwrap_or_default();
        self.fits(Grammar::Haproxy, &Spanned::new(text, fact.span()), what)
    }

    fn stats(&mut self, stats: &Stats, unit: Id<Unit>) -> StatsEntry {
        let user = self.fits(Grammar::Haproxy, &stats.user, "a user's name");
        if user.contains(':') {
            self.problems.push(
                crate::diagnostic::Diagnostic::new(
                    "cannot-be-written",
                    "haproxy.cfg cannot hold a user's name with `:`",
                )
                .label(stats.user.span, "the first `:` ends the name")
                .help("choose a name without `:`"),
            );
        }
        let password = self.secret(Grammar::Haproxy, &stats.password, "a password");
        let path = match &stats.path {
            Some(path) => self.fits(Grammar::Haproxy, path, "a path"),
            None => "/".to_owned(),
        };
        StatsEntry {
            name: "stats",
            binds: match self.binds_of(unit, "stats") {
                [] => vec![format!(":{}", stats.port.value)],
                addresses => addresses.iter().map(|ip| format!("{ip}:{}", stats.port.value)).collect(),
            },
            path,
            refresh: "10s",
            auth: Some(format!("{user}:{password}")),
        }
    }
}

/// The servers of a port; each stands where its claim stands.
fn entries(proxy: &ProxyClaim, kind: CheckKind, servers: Vec<PlannedServer>) -> Vec<Server> {
    let entry = |(n, server): (usize, PlannedServer)| {
        let claim = proxy.servers.get(n);
        Server {
            address: format!("{}:{}", server.ip, server.port),
            check_port: server.gate.filter(|_| kind == CheckKind::Member),
            name: server.name,
            weight: claim.and_then(|claim| claim.weight.known().copied()),
            maxconn: claim.and_then(|claim| claim.maxconn.known().copied()),
            backup: claim.is_some_and(|claim| claim.backup.known() == Some(&true)),
            resolved: false,
        }
    };
    servers.into_iter().enumerate().map(entry).collect()
}

/// The timeouts that a listen sets for itself.
fn own_timeouts(listen: &Listen) -> Option<Vec<Timeout>> {
    let timeouts = &listen.timeouts;
    let check = listen.check.as_ref();
    let every = check.and_then(|check| check.every.as_ref()).filter(|every| every.value < waits::CHECK);
    // A check that takes longer than the time between two would hide the next one.
    let check = check.and_then(|check| check.timeout.as_ref()).or(every);
    let all = [
        ("connect", timeouts.connect.as_ref()),
        ("check", check),
        ("client", timeouts.client.as_ref()),
        ("server", timeouts.server.as_ref()),
        ("tunnel", timeouts.tunnel.as_ref()),
    ];
    let own = all
        .into_iter()
        .filter_map(|(name, written)| written.map(|written| Timeout { name, value: milliseconds(written.value) }));
    let own: Vec<Timeout> = own.collect();
    (!own.is_empty()).then_some(own)
}
