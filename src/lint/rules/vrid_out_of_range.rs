use std::collections::BTreeMap;

use crate::lint::members::{name_of, names, place};
use crate::lint::{Check, Context, Level, Rule, Sink};

/// A VRID is a byte, and not 0.
pub const RULE: Rule = Rule {
    name: "vrid-out-of-range",
    level: Level::Error,
    page: include_str!("../../../docs/rules/vrid-out-of-range.md"),
    check: Check::Claims(check),
};

fn check(context: &Context<'_>, sink: &mut Sink) {
    let mut wrong: BTreeMap<_, Vec<&str>> = BTreeMap::new();
    for claim in context.system.vrrps.values() {
        if let Some(vrid) = claim.vrid.known().filter(|vrid| !(1..=255).contains(*vrid)) {
            wrong.entry((place(&claim.vrid, claim.span), *vrid)).or_default().push(name_of(context.system, claim));
        }
    }
    for ((span, vrid), who) in wrong {
        sink.finding(format!("VRID {vrid} of {} does not exist", names(&who)))
            .label(span, "1 to 255")
            .note("keepalived drops the instance: these members never hold the VIP, and no other program says so")
            .help("write a number from 1 to 255 that no other VIP on this network uses, or leave it out")
            .emit();
    }
}
