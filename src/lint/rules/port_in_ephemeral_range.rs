use std::collections::BTreeSet;

use crate::lint::proxies::written;
use crate::lint::{Check, Confidence, Context, Level, Rule, Sink};

/// Linux takes the ports of its own connections from 32768 to 60999 (`net.ipv4.ip_local_port_range`).
pub const RULE: Rule = Rule {
    name: "port-in-ephemeral-range",
    level: Level::Advice,
    page: include_str!("../../../docs/rules/port-in-ephemeral-range.md"),
    check: Check::Claims(check),
};

/// As Linux has it where nobody changed it.
const RANGE: std::ops::RangeInclusive<i64> = 32_768..=60_999;

fn check(context: &Context<'_>, sink: &mut Sink) {
    let system = context.system;
    let mut seen = BTreeSet::new();
    for ((host, port), uses) in context.derived.host_ports.iter().filter(|((_, port), _)| RANGE.contains(port)) {
        for used in uses {
            let fact = used.publish.map_or(&system.listens[used.listen].port, |id| &system.publishes[id].port);
            let Some(span) = written(fact).filter(|span| seen.insert(*span)) else { continue };
            let host = &system.hosts[*host].name.value;
            sink.finding(format!("port {port} of host `{host}` may be taken when the container starts"))
                .label(span, "the kernel gives 32768 to 60999 to connections that go out")
                .confidence(Confidence::Likely)
                .note("one day a connection of some program has just this port, and the container does not start: address already in use")
                .help("take a port below 32768, or leave it out: then one is chosen there")
                .emit();
        }
    }
}
