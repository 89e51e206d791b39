use std::collections::{BTreeMap, BTreeSet};

use crate::lint::members::place;
use crate::lint::{Check, Context, Level, Rule, Sink};
use crate::system::{Component, Id, RegisterClaim, key_folder};
use crate::topology::Follow;

/// Below the folder that a reader asks for stand instances of one application alone. Consul answers with everything below a
/// folder, and nginx-upsync-module takes what follows the last slash of each key for a server.
pub const RULE: Rule = Rule {
    name: "registry-key-shared",
    level: Level::Error,
    page: include_str!("../../../docs/rules/registry-key-shared.md"),
    check: Check::Claims(check),
};

/// Who registers in which folder.
type Folders<'a> = BTreeMap<String, BTreeMap<Id<Component>, &'a RegisterClaim>>;

fn check(context: &Context<'_>, sink: &mut Sink) {
    let system = context.system;
    // One `register` speaks for all instances of an application.
    let mut registered: BTreeMap<Id<Component>, Folders<'_>> = BTreeMap::new();
    for claim in system.registers.values() {
        if let Some(key) = claim.key.known() {
            let folders = registered.entry(claim.registry).or_default();
            let here = folders.entry(format!("{}/", key_folder(key))).or_default();
            here.entry(system.units[claim.unit].component).or_insert(claim);
        }
    }
    let mut seen = BTreeSet::new();
    for claim in system.follows.values().filter(|claim| claim.method.known() != Some(&Follow::Dns)) {
        let (Some(folders), Some(key)) = (registered.get(&claim.registry), claim.key.known()) else { continue };
        let folder = format!("{}/", key_folder(key));
        // Where it is registered elsewhere, the reader's key is what is wrong (registry-key-mismatch).
        if !folders.get(&folder).is_some_and(|here| here.contains_key(&claim.of)) || !seen.insert((claim.registry, folder.clone())) {
            continue;
        }
        // They are sorted: what begins alike stands together.
        let below = folders.range(folder.clone()..).take_while(|(there, _)| there.starts_with(&folder));
        let mut there: Vec<_> = below.flat_map(|(_, here)| here).map(|(of, claim)| (place(&claim.key, claim.span), *of, *claim)).collect();
        if there.len() < 2 {
            continue;
        }
        // What was written last is shown first.
        there.sort_by_key(|(at, of, _)| std::cmp::Reverse((*at, *of)));
        let labels = there.iter().map(|(at, of, claim)| {
            let key = claim.key.known().map_or("", String::as_str);
            (*at, format!("`{}` registers in `{key}`", system.components[*of].name.value))
        });
        sink.finding(format!("who reads `{folder}` gets instances of {} applications", there.len()))
            .labels(labels)
            .note("requests for the one are answered by the other, one in so many: wrong pages now and then, and no error anywhere")
            .help("give each application a folder of its own, outside of the others'; without key= it has one")
            .emit();
    }
}
