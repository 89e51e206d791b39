use std::collections::{BTreeMap, BTreeSet};

use crate::lint::members::place;
use crate::lint::{Check, Context, Level, Rule, Sink};
use crate::system::{RegisterClaim, key_folder};
use crate::topology::Follow;

/// An application is registered where its readers look.
pub const RULE: Rule = Rule {
    name: "registry-key-mismatch",
    level: Level::Error,
    page: include_str!("../../../docs/rules/registry-key-mismatch.md"),
    check: Check::Claims(check),
};

fn check(context: &Context<'_>, sink: &mut Sink) {
    let system = context.system;
    // One `register` speaks for all instances of an application.
    let mut registered: BTreeMap<_, &RegisterClaim> = BTreeMap::new();
    for claim in system.registers.values() {
        registered.entry((system.units[claim.unit].component, claim.registry)).or_insert(claim);
    }
    let mut seen = BTreeSet::new();
    for claim in system.follows.values().filter(|claim| claim.method.known() != Some(&Follow::Dns)) {
        let Some(register) = registered.get(&(claim.of, claim.registry)) else { continue };
        let (Some(read), Some(written)) = (claim.key.known(), register.key.known()) else { continue };
        let at = place(&claim.key, claim.span);
        if key_folder(read) == key_folder(written) || !seen.insert(at) {
            continue;
        }
        let of = &system.components[claim.of].name.value;
        sink.finding(format!("`{of}` is registered in one folder and looked for in another"))
            .label(at, format!("looked for in `{read}`"))
            .label(place(&register.key, register.span), format!("registered in `{written}`"))
            .note("nginx starts, finds nothing (404 in its error log), and goes on for ever with the servers of its first dump")
            .help("leave key= out at the reader: the application's holds")
            .emit();
    }
}
