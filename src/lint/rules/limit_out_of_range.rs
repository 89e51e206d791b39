use crate::lint::{Check, Context, Level, Rule, Sink};
use crate::source::Spanned;

/// A limit of a container or a program that leaves nothing. Docker refuses less than one open file and less than 6 MiB
/// (seen with 20.10); HAProxy takes a `maxconn` below 1 for none at all and reckons one of its own.
pub const RULE: Rule = Rule {
    name: "limit-out-of-range",
    level: Level::Error,
    page: include_str!("../../../docs/rules/limit-out-of-range.md"),
    check: Check::Claims(check),
};

/// The least memory that Docker takes for a limit.
const LEAST_MEMORY: u64 = 6 << 20;

const NOT_CREATED: &str = "Docker refuses to create the container";

fn check(context: &Context<'_>, sink: &mut Sink) {
    let Some(topology) = context.topology else { return };
    let rabbitmqs = topology.rabbitmqs.iter().map(|rabbitmq| &rabbitmq.open_files);
    let haproxies = topology.haproxies.iter().map(|haproxy| &haproxy.open_files);
    let nginxes = topology.nginxes.iter().map(|nginx| &nginx.open_files);
    let consuls = topology.consuls.iter().map(|consul| &consul.open_files);
    let applications = topology.applications.iter().map(|application| &application.open_files);
    for open_files in rabbitmqs.chain(haproxies).chain(nginxes).chain(consuls).chain(applications) {
        at_least_one("open-files", open_files.as_ref(), NOT_CREATED, sink);
    }
    for haproxy in &topology.haproxies {
        let happens = "HAProxy goes on with a number of its own instead of the one that is written";
        at_least_one("maxconn", haproxy.maxconn.as_ref(), happens, sink);
    }
    for nginx in &topology.nginxes {
        at_least_one("workers", nginx.workers.as_ref(), "nginx refuses its file, or starts and serves nobody", sink);
        let happens = "nginx refuses its whole file (worker_connections are not enough) and does not start";
        at_least_one("connections", nginx.connections.as_ref(), happens, sink);
    }
    let listens = topology.haproxies.iter().flat_map(|haproxy| &haproxy.listens);
    for listen in listens.clone() {
        let happens = "HAProxy takes it for no limit at all";
        at_least_one("maxconn", listen.maxconn.as_ref(), happens, sink);
    }
    let streams = topology.nginxes.iter().flat_map(|nginx| &nginx.streams).map(|stream| &stream.servers);
    let https = topology.nginxes.iter().flat_map(|nginx| &nginx.https).map(|http| &http.servers);
    for server in listens.map(|listen| &listen.servers).chain(streams).chain(https).flatten() {
        let happens = "zero is no limit at all, and nginx refuses its file for less";
        at_least_one("maxconn", server.maxconn.as_ref(), happens, sink);
    }
    let proxies = (topology.haproxies.iter().map(|haproxy| &haproxy.memory))
        .chain(topology.nginxes.iter().map(|nginx| &nginx.memory))
        .map(|memory| (memory, "a proxy needs, \"256MiB\" for a beginning"));
    let brokers = topology.rabbitmqs.iter().map(|rabbitmq| (&rabbitmq.memory, "a broker needs, \"2GiB\" for a beginning"));
    let instances = topology.applications.iter().map(|application| (&application.memory, "an instance needs"));
    for (memory, needs) in brokers.chain(proxies).chain(instances) {
        let Some(memory) = memory else { continue };
        if memory.value < LEAST_MEMORY {
            // Zero is no limit to Docker.
            let happens = if memory.value == 0 { "to Docker zero is no limit at all" } else { NOT_CREATED };
            sink.finding("no container runs in so little memory")
                .label(memory.span, "6MiB or more")
                .note(happens)
                .help(format!("write what {needs}, or leave it out"))
                .emit();
        }
    }
}

fn at_least_one(property: &str, written: Option<&Spanned<i64>>, happens: &str, sink: &mut Sink) {
    let Some(written) = written.filter(|written| written.value < 1) else { return };
    sink.finding(format!("{property}={} leaves nothing", written.value))
        .label(written.span, "1 or more")
        .note(happens)
        .help("leave it out: the default is enough for some thousand connections")
        .emit();
}
