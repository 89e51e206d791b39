use std::collections::BTreeMap;

use crate::lint::members::{names, place};
use crate::lint::{Check, Context, Level, Rule, Sink};
use crate::system::Fact;

/// TCP ports are 1 to 65535.
pub const RULE: Rule = Rule {
    name: "port-out-of-range",
    level: Level::Error,
    page: include_str!("../../../docs/rules/port-out-of-range.md"),
    check: Check::Claims(check),
};

fn check(context: &Context<'_>, sink: &mut Sink) {
    let system = context.system;
    let wrong = |fact: &Fact<i64>| fact.known().copied().filter(|port| !(1..=65535).contains(port));
    let mut found: BTreeMap<_, Vec<&str>> = BTreeMap::new();
    for listen in system.listens.values() {
        let unit = &system.units[listen.unit];
        if let Some(port) = wrong(&listen.port) {
            found.entry((place(&listen.port, unit.name.span), port)).or_default().push(&unit.name.value);
        }
    }
    for publish in system.publishes.values() {
        if let Some(port) = wrong(&publish.port) {
            let unit = &system.units[publish.unit];
            found.entry((place(&publish.port, publish.span), port)).or_default().push(&unit.name.value);
        }
    }
    for ((span, port), mut who) in found {
        who.dedup();
        sink.finding(format!("port {port} of {} does not exist", names(&who)))
            .label(span, "1 to 65535")
            .note("the program that has to listen there refuses its configuration")
            .help("write a number from 1 to 65535")
            .emit();
    }
}
