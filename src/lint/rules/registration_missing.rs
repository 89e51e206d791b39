use std::collections::{BTreeMap, BTreeSet};

use crate::lint::{Check, Context, Level, Rule, Sink};

/// Whoever follows the instances of an application reads where they are registered.
pub const RULE: Rule = Rule {
    name: "registration-missing",
    level: Level::Error,
    page: include_str!("../../../docs/rules/registration-missing.md"),
    check: Check::Claims(check),
};

fn check(context: &Context<'_>, sink: &mut Sink) {
    let system = context.system;
    let mut registered = BTreeMap::new();
    for claim in system.registers.values() {
        registered.entry(system.units[claim.unit].component).or_insert((claim.registry, claim.span));
    }
    let mut seen = BTreeSet::new();
    for claim in system.follows.values() {
        let elsewhere = registered.get(&claim.of);
        if elsewhere.is_some_and(|(registry, _)| *registry == claim.registry) || !seen.insert((claim.span, claim.of)) {
            continue;
        }
        let of = &system.components[claim.of].name;
        let registry = &system.components[claim.registry].name.value;
        let mut finding = sink
            .finding(format!("`{}` is followed through `{registry}`, where it does not register", of.value))
            .label(claim.span, format!("reads `{registry}`"));
        finding = match elsewhere {
            Some((other, at)) => {
                finding.label(*at, format!("registers in `{}`", system.components[*other].name.value))
            }
            None => finding.label(of.span, "registers nowhere"),
        };
        finding
            .note("no instance ever appears there: nginx goes on for ever with the servers that it was started with")
            .help(format!("write `register \"{registry}\"` in `{}`, or leave through= out", of.value))
            .emit();
    }
}
