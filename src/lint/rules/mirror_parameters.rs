use rustc_hash::{FxHashMap, FxHashSet};

use crate::lint::brokers::{Cluster, clusters, release};
use crate::lint::members::list;
use crate::lint::{Check, Confidence, Context, Level, Rule, Sink};
use crate::releases::rabbitmq_has;
use crate::source::Span;
use crate::system::{Component, Id, PolicyClaim};
use crate::topology::PolicyValue;

/// A policy of mirrors that no broker takes, or that mirrors to nobody.
pub const RULE: Rule = Rule {
    name: "mirror-parameters",
    level: Level::Error,
    page: include_str!("../../../docs/rules/mirror-parameters.md"),
    check: Check::Claims(check),
};

/// Names of brokers, each with its cluster.
type Known<'a> = FxHashSet<(Id<Component>, &'a str)>;

/// Brokers that are compared and named at most: a cluster of more has no such policy.
const SHOWN: usize = 16;

const REJECTED: &str = "the broker rejects the policy; as a part of its definitions it stops the boot";

fn check(context: &Context<'_>, sink: &mut Sink) {
    let system = context.system;
    let clusters: FxHashMap<_, _> = clusters(system).into_iter().map(|cluster| (cluster.id, cluster)).collect();
    let known: Known<'_> =
        system.brokers.values().filter_map(|broker| Some((broker.cluster, broker.node.known()?.as_str()))).collect();
    for claim in system.policies.values() {
        if release(system, claim.cluster).is_none_or(|(version, _)| !rabbitmq_has("mirrored-queues", version)) {
            continue;
        }
        let params = claim.get("ha-params");
        let Some(mode) = claim.get("ha-mode") else {
            if let Some((key, _)) = claim.definition.iter().find(|(key, _)| key.value.starts_with("ha-")) {
                finding(sink, claim, key.span, "no ha-mode to which it belongs", "write ha-mode \"exactly\" or \"nodes\" as well", REJECTED);
            }
            continue;
        };
        let PolicyValue::Text(word) = &mode.value else {
            finding(sink, claim, mode.span, "not a mode", "write \"exactly\", \"nodes\" or \"all\"", REJECTED);
            continue;
        };
        match (word.as_str(), params.map(|params| (&params.value, params.span))) {
            ("all", None) => {}
            ("all", Some((_, at))) => finding(sink, claim, at, "`all` takes no parameter", "leave ha-params out, or write ha-mode \"exactly\"", REJECTED),
            ("exactly", Some((PolicyValue::Integer(count), at))) => {
                if let Some(cluster) = clusters.get(&claim.cluster) {
                    exactly(sink, claim, *count, at, cluster);
                }
            }
            ("exactly", other) => {
                let at = other.map_or(mode.span, |(_, at)| at);
                finding(sink, claim, at, "how many is a whole number", "write ha-params 2", REJECTED);
            }
            ("nodes", Some((PolicyValue::List(_) | PolicyValue::Text(_), at))) => {
                if let Some(cluster) = clusters.get(&claim.cluster) {
                    nodes(&known, sink, claim, at, cluster);
                }
            }
            ("nodes", other) => {
                let at = other.map_or(mode.span, |(_, at)| at);
                finding(sink, claim, at, "which ones is a list of names", "write ha-params \"rabbit@NODE\" \"rabbit@NODE\"", REJECTED);
            }
            _ => finding(sink, claim, mode.span, "not a mode", "write \"exactly\", \"nodes\" or \"all\"", REJECTED),
        }
    }
}

fn finding(sink: &mut Sink, claim: &PolicyClaim, at: Span, text: &str, help: &str, note: &str) {
    sink.finding(format!("policy `{}` does not say how to mirror", claim.policy.value)).label(at, text).note(note).help(help).emit();
}

fn exactly(sink: &mut Sink, claim: &PolicyClaim, count: i64, at: Span, cluster: &Cluster<'_>) {
    let size = cluster.size();
    if count < 1 {
        finding(sink, claim, at, "at least 1", "write ha-params 2", REJECTED);
    } else if count == 1 && size > 1 {
        sink.finding(format!("policy `{}` mirrors to nobody", claim.policy.value))
            .level(Level::Warning)
            .confidence(Confidence::Likely)
            .label(at, "one copy is the queue itself")
            .note("when its broker dies, the queue and its messages are away, or begin anew and empty on another one")
            .help("write ha-params 2")
            .emit();
    } else if count > size {
        sink.finding(format!("policy `{}` wants {count} copies on {size} brokers", claim.policy.value))
            .level(Level::Warning)
            .label(at, format!("more than {size}"))
            .label(cluster.span, format!("{size} brokers"))
            .note("there are as many copies as brokers, and each broker that is added gets one: what was a bound is none")
            .help(format!("write ha-params {}", size / 2 + 1))
            .emit();
    }
}

/// Names of brokers that are none: the policy is taken, and mirrors to those that exist, or nowhere (measured with 3.10.8).
fn nodes(known: &Known<'_>, sink: &mut Sink, claim: &PolicyClaim, at: Span, cluster: &Cluster<'_>) {
    let named: Vec<&str> = match &claim.get("ha-params").map(|params| &params.value) {
        Some(PolicyValue::List(names)) => names.iter().map(String::as_str).collect(),
        Some(PolicyValue::Text(name)) => vec![name],
        _ => return,
    };
    let strange: Vec<&str> = named.iter().copied().filter(|name| !known.contains(&(cluster.id, *name))).collect();
    let Some(first) = strange.first() else { return };
    let names = || cluster.brokers.iter().filter_map(|broker| broker.node.known().map(String::as_str)).take(SHOWN);
    let near = crate::suggest::closest(first, names());
    sink.finding(format!("policy `{}` mirrors to brokers that `{}` does not have", claim.policy.value, cluster.name))
        .label(at, list(strange.iter().map(|name| format!("`{name}`"))))
        .label(cluster.span, format!("has {}", list(names().map(|name| format!("`{name}`")))))
        .note("the broker takes the policy without a word and mirrors to those that exist; where none does, to nobody")
        .help(near.map_or_else(|| "write the names as the brokers have them, rabbit@NODE".to_owned(), |near| format!("did you mean `{near}`?")))
        .emit();
}
