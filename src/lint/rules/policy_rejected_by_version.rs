use std::collections::BTreeMap;

use crate::lint::members::place;
use crate::lint::{Check, Context, Level, Rule, Sink};
use crate::source::Span;
use crate::system::PolicyClaim;
use crate::topology::Version;

/// A policy that this release does not take.
pub const RULE: Rule = Rule {
    name: "policy-rejected-by-version",
    level: Level::Error,
    page: include_str!("../../../docs/rules/policy-rejected-by-version.md"),
    check: Check::Claims(check),
};

/// Keys of classic mirroring, which went with 4.0 (measured: `set_policy` exits 69, definitions stop the boot).
const MIRRORING: [&str; 6] =
    ["ha-mode", "ha-params", "ha-promote-on-failure", "ha-promote-on-shutdown", "ha-sync-batch-size", "ha-sync-mode"];

/// Every other key that some release from 3.7 to 4.3, or a plugin that comes with it, takes.
const KEYS: [&str; 28] = [
    "alternate-exchange",
    "consumer-timeout",
    "dead-letter-exchange",
    "dead-letter-routing-key",
    "dead-letter-strategy",
    "delivery-limit",
    "expires",
    "federation-upstream",
    "federation-upstream-pattern",
    "federation-upstream-set",
    "initial-cluster-size",
    "max-age",
    "max-in-memory-bytes",
    "max-in-memory-length",
    "max-length",
    "max-length-bytes",
    "message-ttl",
    "overflow",
    "queue-leader-locator",
    "queue-master-locator",
    "queue-mode",
    "queue-version",
    "routing-key",
    "shards-per-node",
    "stream-filter-size-bytes",
    "stream-max-segment-size-bytes",
    "target-group-size",
    "unclean-leader-election",
];

fn check(context: &Context<'_>, sink: &mut Sink) {
    let system = context.system;
    // Of the keys of one policy that fail for one reason, one finding.
    let mut mirrored: BTreeMap<Span, Vec<&PolicyClaim>> = BTreeMap::new();
    let mut applied: BTreeMap<Span, &PolicyClaim> = BTreeMap::new();
    for claim in system.policies.values() {
        let release = &system.components[claim.cluster].release.version;
        let Some(version) = release.known().copied() else { continue };
        let key = claim.key.value.as_str();
        if MIRRORING.contains(&key) {
            if version.at_least(4, 0, 0) {
                mirrored.entry(claim.policy.span).or_default().push(claim);
            }
        } else if !KEYS.contains(&key) {
            unknown_key(sink, claim);
        }
        if claim.apply_to.known().is_some_and(|to| !accepts(version, to)) {
            applied.entry(place(&claim.apply_to, claim.policy.span)).or_insert(claim);
        }
    }
    for claims in mirrored.into_values() {
        let Some(claim) = claims.first() else { continue };
        let component = &system.components[claim.cluster];
        let release = &component.release.version;
        let version = release.known().map(ToString::to_string).unwrap_or_default();
        sink.finding(format!("policy `{}` asks for mirrored queues, which RabbitMQ {version} does not have", claim.policy.value))
            .labels(claims.iter().map(|claim| (claim.key.span, format!("`{}` was removed in 4.0", claim.key.value))))
            .label(place(release, component.name.span), "the release")
            .note("a broker of 4.0 or newer rejects the policy; as a part of its definitions it stops the broker's boot")
            .help("declare quorum queues (x-queue-type \"quorum\", or default_queue_type) and drop the ha- keys, or stay with 3.13")
            .emit();
    }
    for (span, claim) in applied {
        let component = &system.components[claim.cluster];
        let release = &component.release.version;
        let (Some(to), Some(version)) = (claim.apply_to.known(), release.known()) else { continue };
        let newer = NEWER_TARGETS.contains(&to.as_str());
        let text = if newer { "needs 3.12 or newer".to_owned() } else { "not something that a policy applies to".to_owned() };
        let choice = if version.at_least(3, 12, 0) {
            "`queues`, `classic_queues`, `quorum_queues`, `streams`, `exchanges` or `all`"
        } else {
            "`queues`, `exchanges` or `all`"
        };
        sink.finding(format!("policy `{}` applies to `{to}`, which RabbitMQ {version} does not know", claim.policy.value))
            .label(span, text)
            .label(place(release, component.name.span), "the release")
            .note("the broker rejects the policy; as a part of its definitions it can stop the broker's boot")
            .help(format!("write {choice}"))
            .emit();
    }
}

/// Values of `apply-to` that came with 3.12.
const NEWER_TARGETS: [&str; 3] = ["classic_queues", "quorum_queues", "streams"];

fn accepts(version: Version, apply_to: &str) -> bool {
    match apply_to {
        "all" | "queues" | "exchanges" => true,
        newer => NEWER_TARGETS.contains(&newer) && version.at_least(3, 12, 0),
    }
}

fn unknown_key(sink: &mut Sink, claim: &PolicyClaim) {
    let key = claim.key.value.as_str();
    let help = if key == "queue-type" {
        "the type of a queue is no matter of policies: declare it (x-queue-type), or set default_queue_type".to_owned()
    } else {
        crate::suggest::closest(key, KEYS.into_iter().chain(MIRRORING)).map_or_else(
            || "if a plugin brings the key, allow this rule at the policy".to_owned(),
            |known| format!("did you mean `{known}`?"),
        )
    };
    sink.finding(format!("no release of RabbitMQ knows the policy key `{key}`"))
        .label(claim.key.span, "not a key of a policy")
        .note("the broker rejects the whole policy; as a part of its definitions it can stop the broker's boot")
        .help(help)
        .emit();
}
