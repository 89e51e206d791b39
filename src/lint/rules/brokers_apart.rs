use std::collections::BTreeMap;

use crate::lint::apart::apart;
use crate::lint::{Check, Context, Level, Rule, Sink};
use crate::system::{Component, Id, Unit};

/// Brokers of one cluster have to share a network.
pub const RULE: Rule = Rule {
    name: "brokers-apart",
    level: Level::Error,
    page: include_str!("../../../docs/rules/brokers-apart.md"),
    check: Check::Claims(check),
};

fn check(context: &Context<'_>, sink: &mut Sink) {
    let system = context.system;
    let mut clusters: BTreeMap<Id<Component>, Vec<Id<Unit>>> = BTreeMap::new();
    for claim in system.brokers.values() {
        clusters.entry(claim.cluster).or_default().push(claim.unit);
    }
    for (cluster, brokers) in clusters {
        let Some(labels) = apart(system, &brokers) else { continue };
        let cluster = &system.components[cluster].name.value;
        sink.finding(format!("the brokers of `{cluster}` share no network"))
            .labels(labels)
            .note(
                "brokers talk to each other at their own addresses (epmd, Erlang's distribution, the membership gate), and a \
                 bridge ends at its host: they never join, and none of them gets traffic",
            )
            .help(
                "attach all of them to one network; between hosts that is a network without on=, on which they run with \
                 their hosts' own addresses. Or let one host have the whole cluster",
            )
            .emit();
    }
}
