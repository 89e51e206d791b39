use std::collections::BTreeMap;

use crate::lint::members::{names, place};
use crate::lint::secrets::{Identity, certainly_differ};
use crate::lint::servers::clusters;
use crate::lint::{Check, Context, Fix, Level, Rule, Sink};
use crate::source::Span;
use crate::system::{ConsulClaim, Value};

/// Consul servers of one cluster have to share one gossip key, or have none.
pub const RULE: Rule = Rule {
    name: "gossip-key-drift",
    level: Level::Error,
    page: include_str!("../../../docs/rules/gossip-key-drift.md"),
    check: Check::Claims(check),
};

fn check(context: &Context<'_>, sink: &mut Sink) {
    let system = context.system;
    for cluster in clusters(context) {
        // `None`: no key, which is certain as well.
        let mut camps: BTreeMap<Option<Identity>, Vec<&ConsulClaim>> = BTreeMap::new();
        for claim in &cluster.servers {
            let identity = match &claim.gossip.value {
                Value::Absent => None,
                _ => match Identity::of(context, &claim.gossip, None) {
                    Some(identity) => Some(identity),
                    None => continue,
                },
            };
            camps.entry(identity).or_default().push(claim);
        }
        if camps.len() < 2 {
            continue;
        }
        let at = |claim: &ConsulClaim| place(&claim.gossip, system.units[claim.unit].name.span);
        // A key is meant where as many have none.
        let size = |(identity, camp): &(&Option<Identity>, &Vec<&ConsulClaim>)| {
            (camp.len(), identity.is_some(), std::cmp::Reverse(camp.iter().map(|claim| at(claim)).min()))
        };
        let Some(expected) = camps.iter().max_by_key(size).map(|(identity, _)| identity.clone()) else { continue };
        let text = expected.as_ref().and_then(|identity| identity.reference(context));
        let mut labels: Vec<(bool, Span, String)> = Vec::new();
        let mut odd: Vec<&str> = Vec::new();
        let mut edits = text.as_ref().map(|_| BTreeMap::new());
        for (identity, camp) in &camps {
            let mut places: BTreeMap<Span, Vec<&str>> = BTreeMap::new();
            for claim in camp {
                let name = system.units[claim.unit].name.value.as_str();
                places.entry(at(claim)).or_default().push(name);
                if *identity == expected {
                    continue;
                }
                odd.push(name);
                match (&mut edits, &text, claim.gossip.is_written()) {
                    (Some(edits), Some(text), true) => drop(edits.insert(at(claim), text.clone())),
                    (edits, ..) => *edits = None,
                }
            }
            let words = identity.as_ref().map_or_else(|| "no key".to_owned(), |identity| identity.words(context));
            labels.extend(
                places.into_iter().map(|(span, who)| (*identity == expected, span, format!("{}: {words}", names(&who)))),
            );
        }
        labels.sort();
        let with_key: Vec<&Identity> = camps.keys().flatten().collect();
        let some_without = with_key.len() < camps.len();
        let surely = some_without || certainly_differ(context, &with_key);
        let message = match (some_without, surely) {
            (true, _) => "do not all have the gossip key",
            (false, true) => "do not share one gossip key",
            (false, false) => "take their gossip key from different places",
        };
        sink.finding(format!("the servers of `{}` {message}", cluster.name))
            .level(if surely { Level::Error } else { Level::Warning })
            .labels(labels.into_iter().map(|(_, span, text)| (span, text)))
            .note(format!(
                "{}servers cannot read each other's gossip: {} finds nobody, and joins no cluster",
                if surely { "" } else { "if they hold different values, " },
                names(&odd)
            ))
            .help("say encrypt= once, at the servers' node: it holds for all")
            .fix(edits.filter(|_| surely).map(|edits| Fix {
                title: "use the cluster's gossip key everywhere".to_owned(),
                safe: true,
                edits: edits.into_iter().collect(),
            }))
            .emit();
    }
}
