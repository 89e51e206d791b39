use std::collections::BTreeMap;

use crate::lint::members::{names, place};
use crate::lint::{Check, Context, Level, Rule, Sink};
use crate::source::Span;

/// Two VIPs of one member whose instances have one name: keepalived takes the first and skips the other.
pub const RULE: Rule = Rule {
    name: "instance-name-duplicate",
    level: Level::Error,
    page: include_str!("../../../docs/rules/instance-name-duplicate.md"),
    check: Check::Claims(check),
};

fn check(context: &Context<'_>, sink: &mut Sink) {
    let system = context.system;
    let mut seen: BTreeMap<_, Vec<Span>> = BTreeMap::new();
    for claim in system.vrrps.values() {
        if let Some(name) = claim.instance.known() {
            seen.entry((claim.unit, name.as_str())).or_default().push(place(&claim.instance, claim.span));
        }
    }
    // All members of the component say the same, at the same places: that is one finding.
    let mut found: BTreeMap<(Vec<Span>, &str), Vec<&str>> = BTreeMap::new();
    for ((unit, name), mut spans) in seen {
        if spans.len() > 1 {
            spans.sort();
            found.entry((spans, name)).or_default().push(system.units[unit].name.value.as_str());
        }
    }
    for ((mut spans, name), who) in found {
        spans.dedup();
        let first = spans.first().copied();
        sink.finding(format!("two instances of {} are called \"{name}\"", names(&who)))
            .labels(spans.into_iter().rev().map(|span| (span, if Some(span) == first { "first here" } else { "again here" }.to_owned())))
            .note("keepalived says \"already defined\" and skips the second one: its address is on nobody")
            .help("give each VIP an instance name of its own, or leave it out")
            .emit();
    }
}
