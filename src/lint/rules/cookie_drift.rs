use std::collections::BTreeMap;

use crate::lint::members::{How, names, place};
use crate::lint::secrets::{Identity, certainly_differ};
use crate::lint::{Check, Context, Fix, Level, Rule, Sink};
use crate::source::Span;
use crate::system::CookieClaim;

/// Brokers of one cluster have to share one Erlang cookie.
pub const RULE: Rule = Rule {
    name: "cookie-drift",
    level: Level::Error,
    page: include_str!("../../../docs/rules/cookie-drift.md"),
    check: Check::Claims(check),
};

fn check(context: &Context<'_>, sink: &mut Sink) {
    let system = context.system;
    for group in &context.derived.cookie_groups {
        let mut camps: BTreeMap<Identity, Vec<&CookieClaim>> = BTreeMap::new();
        for claim in group.members.iter().map(|id| &system.cookies[*id]) {
            if let Some(identity) = Identity::of(context, &claim.cookie, None) {
                camps.entry(identity).or_default().push(claim);
            }
        }
        if camps.len() < 2 {
            continue;
        }
        let at = |claim: &CookieClaim| place(&claim.cookie, system.units[claim.unit].name.span);
        let size = |camp: &[&CookieClaim]| (camp.len(), std::cmp::Reverse(camp.iter().map(|claim| at(claim)).min()));
        let Some(expected) = camps.iter().max_by_key(|(_, camp)| size(camp)).map(|(identity, _)| identity.clone())
        else {
            continue;
        };
        let mut labels: Vec<(bool, Span, String)> = Vec::new();
        let mut odd: Vec<&str> = Vec::new();
        let mut edits = Some(BTreeMap::new());
        for (identity, camp) in &camps {
            let mut places: BTreeMap<Span, Vec<&str>> = BTreeMap::new();
            for claim in camp {
                let name = system.units[claim.unit].name.value.as_str();
                places.entry(at(claim)).or_default().push(name);
                if *identity != expected {
                    odd.push(name);
                    let text = expected.reference(context).filter(|_| How::of(&claim.cookie) == How::Written);
                    match (&mut edits, text, claim.cookie.is_written()) {
                        (Some(edits), Some(text), true) => {
                            edits.insert(at(claim), text);
                        }
                        (edits, ..) => *edits = None,
                    }
                }
            }
            labels.extend(places.into_iter().map(|(span, who)| {
                (*identity == expected, span, format!("{}: {}", names(&who), identity.words(context)))
            }));
        }
        labels.sort();
        let identities: Vec<&Identity> = camps.keys().collect();
        let surely = certainly_differ(context, &identities);
        let cluster = group.members.first().map(|id| system.units[system.cookies[*id].unit].component);
        let cluster = cluster.map_or("", |id| system.components[id].name.value.as_str());
        let message = if surely { "do not share one cookie" } else { "take their cookie from different places" };
        sink.finding(format!("the brokers of `{cluster}` {message}"))
            .level(if surely { Level::Error } else { Level::Warning })
            .labels(labels.into_iter().map(|(_, span, text)| (span, text)))
            .note(format!(
                "{}nothing fails loudly: {} cannot join, boots after a minute or two as a broker of its own, opens its \
                 port and passes a connection check, and its share of the clients talks to an empty broker",
                if surely { "" } else { "if they hold different values, " },
                names(&odd)
            ))
            .help("leave the cookie out at the node: the cluster's holds for all")
            .fix(edits.filter(|_| surely).map(|edits| Fix {
                title: "use the cluster's cookie everywhere".to_owned(),
                safe: true,
                edits: edits.into_iter().collect(),
            }))
            .emit();
    }
}
