use std::collections::BTreeMap;

use crate::lint::members::name_of;
use crate::lint::{Check, Context, Level, Rule, Sink};
use crate::source::Span;
use crate::system::{Id, Unit};

/// Every keepalived has one name in messages, and its own.
pub const RULE: Rule = Rule {
    name: "router-id-duplicate",
    level: Level::Advice,
    page: include_str!("../../../docs/rules/router-id-duplicate.md"),
    check: Check::Claims(check),
};

fn check(context: &Context<'_>, sink: &mut Sink) {
    let system = context.system;
    let mut by_name: BTreeMap<&str, BTreeMap<Span, (Id<Unit>, &str)>> = BTreeMap::new();
    let mut by_unit: BTreeMap<Id<Unit>, BTreeMap<&str, Span>> = BTreeMap::new();
    for claim in system.vrrps.values().filter(|claim| claim.router_id.is_written()) {
        let Some(router) = claim.router_id.known() else { continue };
        let span = claim.router_id.span();
        by_name.entry(router).or_default().insert(span, (claim.unit, name_of(system, claim)));
        by_unit.entry(claim.unit).or_default().entry(router).or_insert(span);
    }
    for (router, places) in by_name {
        let first = places.values().next().map(|(unit, _)| *unit);
        if places.values().all(|(unit, _)| Some(*unit) == first) {
            continue;
        }
        sink.finding(format!("several members are called \"{router}\" in messages"))
            .labels(places.iter().rev().take(4).map(|(span, (_, name))| (*span, format!("`{name}`"))))
            .note("logs, mails and SNMP traps of all of them look alike: nobody can tell which machine has failed")
            .help("leave router-id= out: then it is the node's name")
            .emit();
    }
    for (unit, names) in by_unit.into_iter().filter(|(_, names)| names.len() > 1) {
        let unit = &system.units[unit].name.value;
        sink.finding(format!("`{unit}` has several router-ids, and its keepalived can have one"))
            .level(Level::Warning)
            .labels(names.iter().map(|(name, span)| (*span, format!("\"{name}\" here"))))
            .note("router_id stands once in a file, for all VIPs of the member: the last one is taken")
            .help("write it once, or leave it out: then it is the node's name")
            .emit();
    }
}
