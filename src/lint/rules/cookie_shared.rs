use std::collections::BTreeMap;

use crate::lint::members::{list, place};
use crate::lint::secrets::Identity;
use crate::lint::{Check, Context, Level, Rule, Sink};
use crate::source::Span;
use crate::system::{Component, Id};

/// Two clusters with one Erlang cookie.
pub const RULE: Rule = Rule {
    name: "cookie-shared",
    level: Level::Warning,
    page: include_str!("../../../docs/rules/cookie-shared.md"),
    check: Check::Claims(check),
};

fn check(context: &Context<'_>, sink: &mut Sink) {
    let system = context.system;
    let mut clusters: BTreeMap<Identity, BTreeMap<Id<Component>, Span>> = BTreeMap::new();
    for claim in system.cookies.values() {
        let Some(identity) = Identity::of(context, &claim.cookie, None) else { continue };
        let unit = &system.units[claim.unit];
        clusters
            .entry(identity)
            .or_default()
            .entry(unit.component)
            .or_insert_with(|| place(&claim.cookie, unit.name.span));
    }
    for sharing in clusters.into_values().filter(|sharing| sharing.len() > 1) {
        let name = |id: &Id<Component>| format!("`{}`", system.components[*id].name.value);
        sink.finding(format!("{} have one cookie", list(sharing.keys().map(name))))
            .labels(sharing.iter().map(|(id, span)| (*span, format!("the cookie of {}", name(id)))))
            .note(
                "whoever takes one broker commands both clusters; and one wrong name in a join makes a broker of one a member \
                 of the other, with its queues gone",
            )
            .help("give each cluster a secret of its own: secret \"NAME\" generate=32")
            .emit();
    }
}
