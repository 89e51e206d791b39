use std::collections::BTreeMap;

use rustc_hash::FxHashSet;

use crate::lint::proxies::{proxies, time, written};
use crate::lint::{Check, Context, Level, Rule, Sink};
use crate::source::Span;
use crate::topology::Mode;

/// HAProxy counts `timeout tunnel` alone as soon as a TCP connection stands, even before the first byte (seen with
/// 2.2.9 and 3.2.26): `client` and `server` are for HTTP. hacc always writes a tunnel timeout.
pub const RULE: Rule = Rule {
    name: "timeout-without-effect",
    level: Level::Advice,
    page: include_str!("../../../docs/rules/timeout-without-effect.md"),
    check: Check::Claims(check),
};

fn check(context: &Context<'_>, sink: &mut Sink) {
    // What is said for the whole component may be meant for its HTTP ports.
    let mut used: FxHashSet<Span> = FxHashSet::default();
    let mut idle_for: BTreeMap<Span, (Span, &'static str, u64)> = BTreeMap::new();
    for proxy in proxies(context) {
        let timeouts = &proxy.timeouts;
        let both = [("client", &timeouts.client), ("server", &timeouts.server)];
        if proxy.mode.known() != Some(&Mode::Tcp) {
            used.extend(both.iter().filter_map(|(_, fact)| written(fact)));
            continue;
        }
        let idle = timeouts.idle.known().copied().filter(|idle| *idle > 0 && !timeouts.idle.is_written());
        let Some(idle) = idle else { continue };
        for (name, fact) in both {
            // Zero is `timeout-zero`.
            if let Some(span) = written(fact).filter(|_| fact.known() != Some(&0)) {
                idle_for.entry(span).or_insert((proxy.span, name, idle));
            }
        }
    }
    let mut by_proxy: BTreeMap<Span, Vec<(Span, &str, u64)>> = BTreeMap::new();
    for (span, (proxy, name, idle)) in idle_for {
        if !used.contains(&span) {
            by_proxy.entry(proxy).or_default().push((span, name, idle));
        }
    }
    for places in by_proxy.into_values() {
        let idle = places.first().map_or(0, |(_, _, idle)| *idle);
        sink.finding(format!("silent connections stay for {}, whatever is written here", time(idle)))
            .labels(
                places.into_iter().map(|(span, name, _)| (span, format!("`timeout {name}` never counts in TCP mode"))),
            )
            .note(format!("HAProxy looks at `timeout tunnel` alone as soon as a TCP connection stands, {} here: who reads the numbers \
                 above expects clients to go sooner or later than they do", time(idle)))
            .help("write timeout tunnel=\"…\" for how long both sides may be silent, or leave it out: 3 hours")
            .emit();
    }
}
