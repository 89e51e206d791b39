use rustc_hash::FxHashMap;

use crate::diagnostic::Diagnostic;
use crate::source::{Span, Spanned};
use crate::system::{
    Fact, ForwardClaim, Id, ListenClaim, OPEN_FILES, ProbeClaim, ProcessClaim, ProxyClaim, SPARE_FILES, ServerClaim,
    TimeoutClaims, Unit, waits,
};
use crate::topology::{
    Balance, CheckKind, Followed, Haproxy, Http, Listen, Mode, Nginx, ServerSettings, Stream, Timeouts,
};

use super::containers::haproxy_open_files;
use super::names::list;
use super::{Builder, written_or};

/// Where the connections of a port go.
struct Way<'a> {
    to: &'a Spanned<String>,
    followed: Option<&'a Followed>,
    forward: Id<ForwardClaim>,
}

impl Builder<'_> {
    /// How balancers and nginx hand connections on.
    pub(super) fn proxies(&mut self) {
        let forwards = self.system.forwards.iter().filter_map(|(id, forward)| Some((forward.listen?, id)));
        let forwards: FxHashMap<Id<ListenClaim>, Id<ForwardClaim>> = forwards.collect();
        let topology = self.topology;
        for haproxy in &topology.haproxies {
            self.each_unit(&haproxy.name.value, |builder, unit| {
                builder.haproxy_process(haproxy, unit);
                for listen in &haproxy.listens {
                    let Some(id) = builder.listen_named(unit, &listen.name.value) else { continue };
                    let Some(forward) = forwards.get(&id).copied() else { continue };
                    let way = Way { to: &listen.to, followed: None, forward };
                    let servers = builder.server_claims(&way, &listen.servers);
                    let kind = builder.system.forwards[forward].check.unwrap_or(CheckKind::Tcp);
                    let claim = listen_claim(haproxy, listen, kind, (unit, id, forward), servers);
                    builder.system.proxies.push(claim);
                }
            });
        }
        for nginx in &topology.nginxes {
            self.each_unit(&nginx.name.value, |builder, unit| {
                builder.nginx_process(nginx, unit);
                for stream in &nginx.streams {
                    let Some(id) = builder.listen_named(unit, &stream.name.value) else { continue };
                    let Some(forward) = forwards.get(&id).copied() else { continue };
                    let way = Way { to: &stream.to, followed: stream.followed.as_ref(), forward };
                    let servers = builder.server_claims(&way, &stream.servers);
                    builder.judge_balance(stream.balance.as_ref(), stream.followed.as_ref());
                    builder.system.proxies.push(stream_claim(stream, (unit, id, forward), servers));
                }
                for http in &nginx.https {
                    let Some(id) = builder.listen_named(unit, &http.name.value) else { continue };
                    let Some(forward) = forwards.get(&id).copied() else { continue };
                    let way = Way { to: &http.to, followed: http.followed.as_ref(), forward };
                    let servers = builder.server_claims(&way, &http.servers);
                    builder.judge_balance(http.balance.as_ref(), http.followed.as_ref());
                    builder.system.proxies.push(http_claim(http, (unit, id, forward), servers));
                }
            });
        }
    }

    fn each_unit(&mut self, component: &str, mut each: impl FnMut(&mut Self, Id<Unit>)) {
        let Some(component) = self.components.get(component) else { return };
        for unit in self.system.components[component].units.clone() {
            each(self, unit);
        }
    }

    fn haproxy_process(&mut self, haproxy: &Haproxy, unit: Id<Unit>) {
        let files = haproxy_open_files(haproxy).known().copied().unwrap_or_default();
        let fits = (files.saturating_sub(SPARE_FILES) / 2).max(1);
        let why = "what its open files allow";
        let connections = written_or(haproxy.maxconn.as_ref(), fits, "haproxy", why, haproxy.name.span);
        let workers = Fact::chosen(1, "haproxy", "one process with many threads", haproxy.name.span);
        let at = haproxy.name.span;
        let drain = written_or(haproxy.drain.as_ref(), waits::DRAIN, "haproxy", "sessions end by themselves", at);
        self.system.processes.push(ProcessClaim { unit, connections, workers, drain });
    }

    fn nginx_process(&mut self, nginx: &Nginx, unit: Id<Unit>) {
        // Two a session, and some files for the worker itself.
        let files = nginx.open_files.as_ref().map_or(OPEN_FILES, |files| files.value);
        let half = (files / 2).max(1);
        let connections =
            written_or(nginx.connections.as_ref(), half, "nginx", "half of its open files", nginx.name.span);
        let workers = written_or_absent(nginx.workers.as_ref(), "nginx", "worker_processes");
        let drain = Fact::absent("nginx", "worker_shutdown_timeout");
        self.system.processes.push(ProcessClaim { unit, connections, workers, drain });
    }

    /// A claim for each target; what is said of something that is no server of the port is an error.
    fn server_claims(&mut self, way: &Way<'_>, said: &[ServerSettings]) -> Vec<ServerClaim> {
        let targets = &self.system.forwards[way.forward].targets;
        let units: Vec<Id<Unit>> = targets.iter().map(|target| self.system.listens[target.listen].unit).collect();
        let by_vip = targets.first().is_some_and(|target| target.vip.is_some());
        let mut of: FxHashMap<Id<Unit>, &ServerSettings> = FxHashMap::default();
        for server in said {
            let Some(unit) = self.nodes.resolve(&server.node, &mut self.problems) else { continue };
            let name = &server.node.value;
            let label = |message: String, text: &'static str| {
                Diagnostic::new("not-a-server", message).label(server.node.span, text)
            };
            let problem = if let Some(followed) = way.followed {
                label(format!("`{name}` comes and goes with what is registered"), "no server that stays")
                    .label(followed.through.span, "servers follow what is registered here")
                    .help("say weight= at the instance; remove `server` here")
            } else if by_vip {
                label(format!("`{name}` is reached through a VIP, not as a server"), "not a server of its own")
                    .label(way.to.span, "one address serves for all of them")
                    .help("remove `server`, or write via=\"nodes\" to go to each node by itself")
            } else if !units.contains(&unit) {
                let names: Vec<&str> = units.iter().map(|unit| self.system.units[*unit].name.value.as_str()).collect();
                label(format!("`{name}` is no server of this port"), "not one of those to which connections go")
                    .label(way.to.span, "connections go here")
                    .help(format!("its servers are {}", list(&names)))
            } else if let Some(before) = of.insert(unit, server) {
                label(format!("`{name}` is described twice"), "again")
                    .label(before.node.span, "first here")
                    .help("join both lines")
            } else {
                continue;
            };
            self.problems.push(problem);
        }
        let claim = |unit: &Id<Unit>| {
            let server = of.get(unit);
            ServerClaim {
                weight: written_or_absent(server.and_then(|server| server.weight.as_ref()), "proxy", "weight"),
                backup: match server.and_then(|server| server.backup.as_ref()) {
                    Some(backup) => Fact::written(backup.value, backup.span),
                    None => Fact::chosen(false, "proxy", "all servers serve", way.to.span),
                },
                maxconn: written_or_absent(server.and_then(|server| server.maxconn.as_ref()), "proxy", "maxconn"),
                span: server.map_or(Span::NONE, |server| server.span),
            }
        };
        units.iter().map(claim).collect()
    }

    /// Of servers that come and go, the declared ones are those of last resort (by name), or the module chooses
    /// (upsync).
    fn judge_balance(&mut self, balance: Option<&Spanned<Balance>>, followed: Option<&Followed>) {
        let (Some(balance), Some(followed)) = (balance, followed) else { return };
        if !matches!(balance.value, Balance::Leastconn | Balance::Roundrobin) {
            let word = balance.value.word();
            self.problems.push(
                Diagnostic::new(
                    "balance-of-followed",
                    format!("servers that come and go cannot be chosen by `{word}`"),
                )
                .label(balance.span, "leastconn or roundrobin")
                .label(followed.through.span, "servers follow what is registered here")
                .note("nginx refuses backup servers with it, and upsync does not know it")
                .help("leave balance= out"),
            );
        }
    }
}

type Place = (Id<Unit>, Id<ListenClaim>, Id<ForwardClaim>);

fn listen_claim(
    haproxy: &Haproxy,
    listen: &Listen,
    kind: CheckKind,
    (unit, id, forward): Place,
    servers: Vec<ServerClaim>,
) -> ProxyClaim {
    let at = listen.name.span;
    let mode = written_or(listen.mode.as_ref(), Mode::Tcp, "haproxy", "AMQP is no HTTP", at);
    let usual = if mode.known() == Some(&Mode::Http) { "roundrobin" } else { "leastconn" };
    let (own, all) = (&listen.timeouts, &haproxy.timeouts);
    let timeout = |of: fn(&Timeouts) -> Option<&Spanned<u64>>, choice| {
        written_or(of(own).or_else(|| of(all)), choice, "haproxy", "far above any heartbeat", at)
    };
    ProxyClaim {
        unit,
        listen: id,
        forward,
        mode,
        // Sessions last for hours: the one with the fewest takes the next.
        balance: written_or(listen.balance.as_ref(), usual.to_owned(), "haproxy", "sessions last for hours", at),
        maxconn: written_or_absent(listen.maxconn.as_ref(), "haproxy", "maxconn"),
        accept_proxy: flag(listen.accept_proxy.as_ref(), at),
        send_proxy: flag(listen.send_proxy.as_ref(), at),
        server_name: Fact::absent("haproxy", "server_name"),
        timeouts: TimeoutClaims {
            connect: timeout(|of| of.connect.as_ref(), waits::CONNECT),
            client: timeout(|of| of.client.as_ref(), waits::SILENT),
            server: timeout(|of| of.server.as_ref(), waits::SILENT),
            idle: timeout(|of| of.tunnel.as_ref(), waits::IDLE),
        },
        check: Some(probe(listen, kind)),
        servers,
        span: listen.span,
    }
}

fn probe(listen: &Listen, kind: CheckKind) -> ProbeClaim {
    let written = listen.check.clone().unwrap_or_default();
    let at = written.span.unwrap_or(listen.name.span);
    let every = written.every.as_ref().map_or(waits::CHECK_EVERY, |every| every.value);
    let or = |written: Option<&Spanned<u64>>, choice, why| written_or(written, choice, "haproxy", why, at);
    let count = |written: Option<&Spanned<i64>>| written_or(written, 2, "haproxy", "one answer is no answer", at);
    let kind = match &written.kind {
        Some(kind) => Fact::written(kind.value, kind.span),
        None => Fact::chosen(kind, "haproxy", "what such a server can answer", at),
    };
    ProbeClaim {
        kind,
        every: or(written.every.as_ref(), waits::CHECK_EVERY, "seen soon, and no load"),
        // While a server's state changes, it is asked more often; a dead one is not asked less.
        fast: or(written.fast.as_ref(), every.min(1_000), "a change is soon certain"),
        down: or(written.down.as_ref(), every.min(2_000), "a server that is back is soon used"),
        // A check that takes longer than the time between two would hide the next one.
        timeout: or(written.timeout.as_ref(), every.min(waits::CHECK), "less than the time between two"),
        rise: count(written.rise.as_ref()),
        fall: count(written.fall.as_ref()),
        path: written_or(written.path.as_ref(), "/".to_owned(), "haproxy", "every server has one", at),
        host: written_or(written.host.as_ref(), listen.name.value.clone(), "haproxy", "the name of the listen", at),
    }
}

fn stream_claim(stream: &Stream, (unit, listen, forward): Place, servers: Vec<ServerClaim>) -> ProxyClaim {
    let at = stream.name.span;
    let or = |written: Option<&Spanned<u64>>, choice, why| written_or(written, choice, "nginx", why, at);
    ProxyClaim {
        unit,
        listen,
        forward,
        mode: Fact::chosen(Mode::Tcp, "nginx", "a stream", at),
        balance: balance(stream.balance.as_ref(), at),
        maxconn: Fact::absent("nginx", "maxconn"),
        accept_proxy: flag(stream.accept_proxy.as_ref(), at),
        send_proxy: flag(stream.send_proxy.as_ref(), at),
        server_name: Fact::absent("nginx", "server_name"),
        timeouts: TimeoutClaims {
            connect: or(
                stream.timeouts.connect.as_ref(),
                waits::NGINX_CONNECT,
                "a dead server costs a client this long",
            ),
            client: Fact::absent("nginx", "client"),
            server: Fact::absent("nginx", "server"),
            idle: or(stream.timeouts.client.as_ref(), waits::IDLE, "far above any heartbeat"),
        },
        check: None,
        servers,
        span: stream.span,
    }
}

fn http_claim(http: &Http, (unit, listen, forward): Place, servers: Vec<ServerClaim>) -> ProxyClaim {
    let at = http.name.span;
    let or = |written: Option<&Spanned<u64>>, choice, why| written_or(written, choice, "nginx", why, at);
    let named = http.server_name.as_ref().filter(|name| name.value != "_");
    ProxyClaim {
        unit,
        listen,
        forward,
        mode: Fact::chosen(Mode::Http, "nginx", "a web service", at),
        balance: balance(http.balance.as_ref(), at),
        maxconn: Fact::absent("nginx", "maxconn"),
        accept_proxy: flag(None, at),
        send_proxy: flag(None, at),
        server_name: written_or_absent(named, "nginx", "server_name"),
        timeouts: TimeoutClaims {
            connect: or(http.timeouts.connect.as_ref(), waits::NGINX_CONNECT, "a dead server costs a client this long"),
            client: or(http.timeouts.client.as_ref(), waits::NGINX_SILENT, "nginx's own default"),
            server: or(http.timeouts.server.as_ref(), waits::NGINX_SILENT, "nginx's own default"),
            idle: Fact::absent("nginx", "idle"),
        },
        check: None,
        servers,
        span: http.span,
    }
}

fn balance(written: Option<&Spanned<Balance>>, at: Span) -> Fact<String> {
    let written = written.map(|balance| Spanned::new(balance.value.word().to_owned(), balance.span));
    written_or(written.as_ref(), "leastconn".to_owned(), "nginx", "how many there will be is not known", at)
}

fn flag(written: Option<&Spanned<bool>>, at: Span) -> Fact<bool> {
    written_or(written, false, "proxy", "no PROXY protocol", at)
}

fn written_or_absent<T: Clone>(written: Option<&Spanned<T>>, owner: &'static str, row: &'static str) -> Fact<T> {
    match written {
        Some(written) => Fact::written(written.value.clone(), written.span),
        None => Fact::absent(owner, row),
    }
}
