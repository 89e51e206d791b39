use std::collections::BTreeMap;

use crate::lint::members::{name_of, names, place};
use crate::lint::{Check, Context, Level, Rule, Sink};

/// The weight of a check lies between -253 and 253.
pub const RULE: Rule = Rule {
    name: "weight-out-of-range",
    level: Level::Error,
    page: include_str!("../../../docs/rules/weight-out-of-range.md"),
    check: Check::Claims(check),
};

fn check(context: &Context<'_>, sink: &mut Sink) {
    let mut wrong: BTreeMap<_, Vec<&str>> = BTreeMap::new();
    for claim in context.system.vrrps.values() {
        for fact in claim.weights() {
            if let Some(weight) = fact.known().filter(|weight| !(-253..=253).contains(*weight)) {
                wrong.entry((place(fact, claim.span), *weight)).or_default().push(name_of(context.system, claim));
            }
        }
    }
    for ((span, weight), who) in wrong {
        sink.finding(format!("the weight {weight} of {} is out of range", names(&who)))
            .label(span, "-253 to 253")
            .note("keepalived rejects it and goes on without: what a failed check does then is not what is written")
            .help("leave it out: a failed check is a FAULT, and the VIP moves at once")
            .emit();
    }
}
