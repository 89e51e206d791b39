use crate::lint::{Check, Context, Level, Rule, Sink};
use crate::source::{Span, Spanned};

/// A timeout of zero. HAProxy takes it for none at all, with a warning about missing timeouts (seen with 3.0.11); to nginx it
/// is over at once: 504 before the server could answer, a reset before the client could ask (seen with 1.22.1).
pub const RULE: Rule = Rule {
    name: "timeout-zero",
    level: Level::Warning,
    page: include_str!("../../../docs/rules/timeout-zero.md"),
    check: Check::Claims(check),
};

fn check(context: &Context<'_>, sink: &mut Sink) {
    let haproxies = context.topology.into_iter().flat_map(|topology| &topology.haproxies);
    for haproxy in haproxies {
        let listens = haproxy.listens.iter().map(|listen| &listen.timeouts);
        for timeouts in std::iter::once(&haproxy.timeouts).chain(listens) {
            let places = zeros([
                ("connect", timeouts.connect.as_ref()),
                ("client", timeouts.client.as_ref()),
                ("server", timeouts.server.as_ref()),
                ("tunnel", timeouts.tunnel.as_ref()),
            ]);
            if places.is_empty() {
                continue;
            }
            sink.finding("a timeout of zero never comes")
                .labels(places)
                .note("HAProxy takes it for none at all: connections whose other end is gone stay until nobody gets another one")
                .help("write how long, \"3h\" for connections that are often silent, or leave it out")
                .emit();
        }
    }
    let nginxes = context.topology.into_iter().flat_map(|topology| &topology.nginxes);
    for nginx in nginxes {
        let streams = nginx.streams.iter().map(|stream| &stream.timeouts);
        for timeouts in streams.chain(nginx.https.iter().map(|http| &http.timeouts)) {
            let all = [("connect", &timeouts.connect), ("client", &timeouts.client), ("server", &timeouts.server)];
            let zero = all.into_iter().filter_map(|(name, written)| Some((name, written.as_ref()?)));
            let zero = zero.filter(|(_, written)| written.value == 0);
            let places: Vec<_> = zero.map(|(name, written)| (written.span, format!("`timeout {name}` is over at once"))).collect();
            if places.is_empty() {
                continue;
            }
            sink.finding("a timeout of zero is over before anybody answers")
                .level(Level::Error)
                .labels(places)
                .note("nginx gives up every connection as soon as it is made: clients get 504, or are cut off")
                .help("write how long, \"3h\" for connections that are often silent, or leave it out")
                .emit();
        }
    }
}

fn zeros(all: [(&str, Option<&Spanned<u64>>); 4]) -> Vec<(Span, String)> {
    let zero = |(name, written): (&str, Option<&Spanned<u64>>)| {
        let written = written.filter(|written| written.value == 0)?;
        Some((written.span, format!("no `timeout {name}`")))
    };
    all.into_iter().filter_map(zero).collect()
}
