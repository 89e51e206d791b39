use serde::Serialize;

use crate::source::Spanned;
use crate::system::{Id, Unit};
use crate::topology::{CheckKind, Haproxy, Listen, Mode, Stats, Version};

use super::super::grammar::Grammar;
use super::super::{OPEN_FILES, Planner, Server as PlannedServer, milliseconds};

/// How long a check may take where nothing is said, in milliseconds.
const CHECK_TIMEOUT: u64 = 3_000;

/// Files beside those of connections: HAProxy's own and its checks'.
const SPARE_FILES: i64 = 384;

/// Open files of a balancer: HAProxy needs two a connection, and does not start with less than its `maxconn` asks for.
pub(super) fn open_files(declared: &Haproxy) -> i64 {
    let asked = declared.maxconn.as_ref().map_or(0, |maxconn| maxconn.value);
    let needed = asked.saturating_mul(2).saturating_add(SPARE_FILES).max(OPEN_FILES);
    declared.open_files.as_ref().map_or(needed, |written| written.value)
}

/// Connections that fit into a number of open files.
fn maxconn(open_files: i64) -> i64 {
    (open_files.saturating_sub(SPARE_FILES) / 2).max(1)
}

/// What haproxy.cfg is filled with.
#[derive(Serialize)]
pub(super) struct Cfg {
    /// Whether a reload hands on what is known of the servers.
    keep_state: bool,
    maxconn: i64,
    user: Option<&'static str>,
    group: Option<&'static str>,
    hard_stop_after: &'static str,
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
        let open_files = open_files(declared);
        let or = |written: &Option<Spanned<u64>>, default: u64| {
            milliseconds(written.as_ref().map_or(default, |written| written.value))
        };
        Cfg {
            // Conditional blocks, on which this rests, came with 2.4.
            keep_state: declared.version.value.at_least(2, 4, 0),
            maxconn: declared.maxconn.as_ref().map_or(maxconn(open_files), |maxconn| maxconn.value),
            user: Some("haproxy"),
            group: Some("haproxy"),
            hard_stop_after: "30m",
            timeouts: DefaultTimeouts {
                connect: or(&timeouts.connect, 5_000),
                check: milliseconds(CHECK_TIMEOUT),
                queue: "30s",
                client: or(&timeouts.client, 180_000),
                server: or(&timeouts.server, 180_000),
                fin: "30s",
                tunnel: or(&timeouts.tunnel, 10_800_000),
                http_request: "10s",
            },
            listens: declared.listens.iter().map(|listen| self.listen(listen, declared.version.value, unit)).collect(),
            resolvers: false,
            stats: declared.stats.as_ref().map(|stats| self.stats(stats, unit)),
        }
    }

    fn listen(&mut self, listen: &Listen, version: Version, unit: Id<Unit>) -> ListenEntry {
        let claim = self.system.units[unit].listens.iter().copied();
        let claim = claim.into_iter().find(|id| self.system.listens[*id].name == listen.name.value);
        let forward = claim.and_then(|claim| self.forward_from.get(&claim));
        let kind = forward.and_then(|forward| self.system.forwards[*forward].check).unwrap_or(CheckKind::Tcp);
        let servers = claim.map(|claim| self.servers(claim)).unwrap_or_default();
        let kind = self.check_that_arrives(listen, kind, &servers);
        let traffic_port = servers.first().map(|server| server.port);
        let traffic_port = traffic_port.filter(|port| servers.iter().all(|server| server.port == *port));
        let servers = servers.into_iter().map(|server| Server {
            address: format!("{}:{}", server.ip, server.port),
            check_port: server.gate.filter(|_| kind == CheckKind::Member),
            name: server.name,
            weight: None,
            maxconn: None,
            backup: false,
            resolved: false,
        });
        let servers: Vec<Server> = servers.collect();
        let http = listen.mode.as_ref().is_some_and(|mode| mode.value == Mode::Http);
        ListenEntry {
            binds: vec![format!(":{}", listen.port.value)],
            mode: if http { "http" } else { "tcp" },
            balance: match &listen.balance {
                Some(balance) => self.fits(Grammar::Haproxy, balance, "an algorithm"),
                // Sessions last for hours: the one with the fewest takes the next.
                None if http => "roundrobin".to_owned(),
                None => "leastconn".to_owned(),
            },
            maxconn: None,
            timeouts: own_timeouts(listen),
            check: Some(CheckEntry { traffic_port, ..self.check(listen, kind, version.at_least(2, 4, 0)) }),
            servers,
            name: listen.name.value.clone(),
        }
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

    fn check(&mut self, listen: &Listen, kind: CheckKind, ranges: bool) -> CheckEntry {
        let written = listen.check.clone().unwrap_or_default();
        let every = written.every.as_ref().map_or(5_000, |every| every.value);
        let path = match &written.path {
            Some(path) => self.fits(Grammar::Haproxy, path, "a path"),
            None => "/".to_owned(),
        };
        CheckEntry {
            kind: match kind {
                CheckKind::Member => "gate",
                CheckKind::Tcp => "tcp",
                CheckKind::Http => "http",
            },
            // One number for all servers, filled in where they are known.
            traffic_port: None,
            path,
            host: listen.name.value.clone(),
            status: if ranges { "200-399" } else { "200" },
            inter: milliseconds(every),
            // While a server's state changes, it is asked more often; a dead one is not asked less.
            fastinter: milliseconds(every.min(1_000)),
            downinter: milliseconds(every.min(2_000)),
            rise: written.rise.as_ref().map_or(2, |rise| rise.value),
            fall: written.fall.as_ref().map_or(2, |fall| fall.value),
        }
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

/// The timeouts that a listen sets for itself.
fn own_timeouts(listen: &Listen) -> Option<Vec<Timeout>> {
    let timeouts = &listen.timeouts;
    let check = listen.check.as_ref();
    let every = check.and_then(|check| check.every.as_ref()).filter(|every| every.value < CHECK_TIMEOUT);
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
