use std::collections::BTreeMap;

use crate::lint::{Check, Context, Level, Rule, Sink};
use crate::source::Span;

/// Web services of one nginx that share a port are told apart by their server names.
pub const RULE: Rule = Rule {
    name: "server-name-duplicate",
    level: Level::Error,
    page: include_str!("../../../docs/rules/server-name-duplicate.md"),
    check: Check::Claims(check),
};

fn check(context: &Context<'_>, sink: &mut Sink) {
    for nginx in context.topology.into_iter().flat_map(|topology| &topology.nginxes) {
        let mut by_name: BTreeMap<(i64, String), Vec<(Span, &str)>> = BTreeMap::new();
        for http in &nginx.https {
            let name = http.server_name.as_ref();
            // nginx compares names in lower case.
            let (text, at) = name.map_or(("_", http.name.span), |name| (name.value.as_str(), name.span));
            by_name.entry((http.port.value, text.to_ascii_lowercase())).or_default().push((at, &http.name.value));
        }
        for ((port, name), claims) in by_name.into_iter().filter(|(_, claims)| claims.len() > 1) {
            let labels = claims.iter().rev().map(|(at, http)| (*at, format!("`{http}`")));
            let message = if name == "_" {
                format!("{} web services on port {port} are for any name", claims.len())
            } else {
                format!("{} web services on port {port} are called `{name}`", claims.len())
            };
            sink.finding(message)
                .labels(labels)
                .note("nginx hands every request to the first of them (or refuses two for any name): the others never get one")
                .help("give each its own server-name=, or its own port")
                .emit();
        }
    }
}
