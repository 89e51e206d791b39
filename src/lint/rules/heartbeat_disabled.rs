use std::collections::BTreeMap;

use crate::lint::members::place;
use crate::lint::proxies::{Hops, heartbeats, is_amqp, proxies, time};
use crate::lint::{Check, Context, Level, Rule, Sink};
use crate::source::Span;
use crate::system::{Component, Id};

/// Without heartbeats a dead client is found by nobody, nothing breaks the silence of a waiting consumer, and every proxy gives up a silent connection
/// some day. TCP keepalive carries no bytes and resets no timer of HAProxy (seen: cut at 5.0 s with a keepalive every
/// second).
pub const RULE: Rule = Rule {
    name: "heartbeat-disabled",
    level: Level::Warning,
    page: include_str!("../../../docs/rules/heartbeat-disabled.md"),
    check: Check::Claims(check),
};

fn check(context: &Context<'_>, sink: &mut Sink) {
    let system = context.system;
    let heartbeats = heartbeats(system);
    let mut hops = Hops::of(context);
    let mut cut: BTreeMap<Id<Component>, Vec<(Span, u64)>> = BTreeMap::new();
    for proxy in proxies(context) {
        let Some(idle) = proxy.timeouts.idle.known().copied().filter(|idle| *idle > 0) else { continue };
        if let Some(end) = hops.end(proxy).filter(|end| is_amqp(system, end)) {
            let places = cut.entry(system.units[end.unit].component).or_default();
            places.push((place(&proxy.timeouts.idle, proxy.span), idle));
        }
    }
    for (cluster, heartbeat) in heartbeats.into_iter().filter(|(_, heartbeat)| heartbeat.seconds == 0) {
        let name = &system.components[cluster].name.value;
        let Some(places) = cut.remove(&cluster) else {
            sink.finding(format!("`{name}` proposes no heartbeat"))
                .label(heartbeat.span, "dead connections stay")
                .note("a client that dies without a word keeps its connection, and the messages it has not acknowledged, until the \
                     kernel gives up: two hours by default")
                .help("write heartbeat=\"30s\", or leave it out: then it is proposed")
                .emit();
            continue;
        };
        let shortest = places.iter().map(|(_, idle)| *idle).min().unwrap_or_default();
        let mut finding = sink
            .finding(format!("`{name}` proposes no heartbeat, and connections to it are given up when they are silent"))
            .label(heartbeat.span, "no heartbeat");
        for (span, idle) in places.into_iter().take(6) {
            finding = finding.label(span, format!("gives up after {} of silence", time(idle)));
        }
        finding
            .note(format!("a consumer to which nothing comes for {} is cut off, and a client whose machine is gone keeps its messages as long", time(shortest)))
            .help("write heartbeat=\"30s\", or leave it out: then it is proposed")
            .emit();
    }
}
