use std::collections::BTreeMap;

use crate::lint::settings::{Settings, text};
use crate::lint::{Check, Confidence, Context, Level, Rule, Sink};
use crate::lint::brokers::clusters;
use crate::source::Span;
use crate::system::{Component, Id};

/// The user that everybody tries first, or a broker that lets them in from everywhere.
pub const RULE: Rule = Rule {
    name: "guest-over-network",
    level: Level::Error,
    page: include_str!("../../../docs/rules/guest-over-network.md"),
    check: Check::Claims(check),
};

fn check(context: &Context<'_>, sink: &mut Sink) {
    let system = context.system;
    let settings = Settings::of(system);
    let mut guests: BTreeMap<Id<Component>, Vec<Span>> = BTreeMap::new();
    for user in system.users.values().filter(|user| user.name.value == "guest") {
        guests.entry(user.cluster).or_default().push(user.name.span);
    }
    for cluster in clusters(system) {
        let open = [("loopback_users", "none"), ("loopback_users.guest", "false")];
        let open = open.iter().find_map(|(key, value)| {
            settings.get(cluster.id, key).filter(|claim| text(&claim.value.value) == *value)
        });
        let guests = guests.remove(&cluster.id).unwrap_or_default();
        match (open, guests.is_empty()) {
            (None, true) => {}
            (Some(claim), true) => sink
                .finding(format!("`{}` lets everybody's first guess in from everywhere", cluster.name))
                .level(Level::Warning)
                .confidence(Confidence::Likely)
                .label(claim.key.span, "for a user that is not declared")
                .note("as soon as somebody adds `guest` by hand, or imports definitions that have it, any machine may log in as it")
                .help("leave it out: users of a name of their own log in from everywhere without it")
                .emit(),
            (open, false) => {
                let draft = sink.finding(format!("`{}` has the user `guest`", cluster.name));
                let draft = draft.labels(guests.into_iter().map(|span| (span, "the name that is tried first".to_owned())));
                let draft = match open {
                    Some(claim) => draft.label(claim.key.span, "and it may come from everywhere"),
                    None => draft,
                };
                draft
                    .note(
                        "a broker of its own packages lets it in from its own machine alone, so clients are refused; the \
                         official image lets it in from everywhere, and everybody tries it first",
                    )
                    .help("declare a user with a name of its own")
                    .emit();
            }
        }
    }
}
