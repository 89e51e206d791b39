use std::collections::BTreeSet;

use crate::lint::proxies::{proxies, time, written};
use crate::lint::{Check, Confidence, Context, Level, Rule, Sink};

/// How long a client waits for a server whose machine answers nothing, before the next one is tried. A choice: with
/// more than half a minute clients give up first.
pub const RULE: Rule = Rule {
    name: "connect-timeout-too-long",
    level: Level::Advice,
    page: include_str!("../../../docs/rules/connect-timeout-too-long.md"),
    check: Check::Claims(check),
};

/// Milliseconds.
const LONGEST: u64 = 30_000;

fn check(context: &Context<'_>, sink: &mut Sink) {
    let mut seen = BTreeSet::new();
    for proxy in proxies(context) {
        let (Some(span), Some(ms)) = (written(&proxy.timeouts.connect), proxy.timeouts.connect.known()) else {
            continue;
        };
        if *ms <= LONGEST || !seen.insert(span) {
            continue;
        }
        sink.finding(format!("a server that is gone costs each client {}", time(*ms)))
            .label(span, "until the next server is tried")
            .confidence(Confidence::Likely)
            .note("a machine without power refuses nothing, it is silent: clients give up before the next server is tried")
            .help("write connect=\"3s\": on one's own network a connection stands within milliseconds")
            .emit();
    }
}
