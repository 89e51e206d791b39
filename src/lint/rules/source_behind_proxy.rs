use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use crate::lint::proxies::{next, proxies};
use crate::lint::{Check, Context, Level, Rule, Sink};
use crate::source::Span;
use crate::system::{Component, Id};

/// Choosing a server by the client's address, where all connections come from one: that of the proxy in front.
pub const RULE: Rule = Rule {
    name: "source-behind-proxy",
    level: Level::Warning,
    page: include_str!("../../../docs/rules/source-behind-proxy.md"),
    check: Check::Claims(check),
};

fn check(context: &Context<'_>, sink: &mut Sink) {
    let system = context.system;
    // Who comes to a port of a component through a proxy; members declared together are one.
    let mut comes: FxHashMap<(Id<Component>, &str), BTreeMap<Span, &str>> = FxHashMap::default();
    for outer in proxies(context) {
        if let Some((_, listen)) = next(system, outer) {
            let places = comes.entry((system.units[listen.unit].component, listen.name.as_str())).or_default();
            places.insert(system.forwards[outer.forward].to.span, &system.listens[outer.listen].name);
        }
    }
    for proxy in proxies(context).filter(|proxy| proxy.balance.known().is_some_and(|balance| balance == "source")) {
        let listen = &system.listens[proxy.listen];
        let here = (system.units[proxy.unit].component, listen.name.as_str());
        let Some(places) =
            comes.get(&here).filter(|_| proxy.accept_proxy.known() != Some(&true) && proxy.servers.len() > 1)
        else {
            continue;
        };
        let mut finding = sink
            .finding(format!("`{}` chooses by the client's address, and a proxy stands in front of it", listen.name))
            .label(proxy.balance.span(), "the address that it sees is the proxy's");
        for (span, name) in places.iter().take(4) {
            finding = finding.label(*span, format!("all connections of `{name}` come from one address"));
        }
        finding
            .note("all clients that come this way end at one and the same server; the others stand idle")
            .help("write balance=\"leastconn\", choose by source in the outer proxy, or pass the address on (send-proxy there, accept-proxy here)")
            .emit();
    }
}
