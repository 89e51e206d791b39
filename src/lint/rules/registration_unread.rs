use std::collections::BTreeSet;

use crate::lint::{Check, Context, Level, Rule, Sink};

/// Somebody reads what is registered.
pub const RULE: Rule = Rule {
    name: "registration-unread",
    level: Level::Advice,
    page: include_str!("../../../docs/rules/registration-unread.md"),
    check: Check::Claims(check),
};

fn check(context: &Context<'_>, sink: &mut Sink) {
    let system = context.system;
    // Who looks in another Consul is the business of `registration-missing`.
    let read: BTreeSet<_> = system.follows.values().map(|claim| claim.of).collect();
    let mut seen = BTreeSet::new();
    for claim in system.registers.values() {
        let component = system.units[claim.unit].component;
        if read.contains(&component) || !seen.insert(component) {
            continue;
        }
        let registry = &system.components[claim.registry].name.value;
        let name = &system.components[component].name.value;
        sink.finding(format!("`{name}` registers in `{registry}`, and nobody here reads it"))
            .label(claim.span, "read by nobody in this topology")
            .note("whoever forwards to it uses the instances that are declared, alive or not")
            .help(format!("write through=\"{registry}\" where it is forwarded to, or leave `register` out"))
            .emit();
    }
}
