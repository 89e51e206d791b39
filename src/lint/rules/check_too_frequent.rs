use std::collections::BTreeSet;

use crate::lint::proxies::{component, proxies, written};
use crate::lint::{Check, Confidence, Context, Fix, Level, Rule, Sink};

/// Each balancer asks each server so often. A choice: below half a second a check costs more than it finds out sooner.
pub const RULE: Rule = Rule {
    name: "check-too-frequent",
    level: Level::Warning,
    page: include_str!("../../../docs/rules/check-too-frequent.md"),
    check: Check::Claims(check),
};

/// Milliseconds.
const SHORTEST: u64 = 500;

fn check(context: &Context<'_>, sink: &mut Sink) {
    let system = context.system;
    let mut seen = BTreeSet::new();
    for proxy in proxies(context) {
        let Some(probe) = &proxy.check else { continue };
        for (key, fact) in [("every", &probe.every), ("down", &probe.down)] {
            let (Some(span), Some(ms)) = (written(fact), fact.known().copied()) else { continue };
            // Zero is `check-out-of-range`.
            if ms == 0 || ms >= SHORTEST || !seen.insert(span) {
                continue;
            }
            let balancers = u64::try_from(component(system, proxy.unit).units.len()).unwrap_or(1);
            let servers = u64::try_from(proxy.servers.len()).unwrap_or(1);
            let rate = (1000 / ms).saturating_mul(balancers);
            sink.finding(format!("each server is asked {rate} times a second whether it is well"))
                .label(span, format!("{key}: {balancers} balancers ask {servers} servers"))
                .confidence(Confidence::Likely)
                .note("a check opens a connection; a busy server answers one of them late, counts as down, and the others get its load")
                .help("write every=\"2s\" with fall=2: a dead server is out after some seconds")
                .fix(Some(Fix {
                    title: "ask every second".to_owned(),
                    safe: false,
                    edits: vec![(span, "\"1s\"".to_owned())],
                }))
                .emit();
        }
    }
}
