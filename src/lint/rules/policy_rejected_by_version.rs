use crate::lint::members::place;
use crate::lint::{Check, Context, Fix, Level, Rule, Sink};
use crate::releases::rabbitmq_has;
use crate::source::{Span, Spanned};
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
const KEYS: [&str; 27] = [
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
];

/// Keys that some releases take and others refuse: the feature (of `stdlib/releases/rabbitmq.tsv`), and when.
const BOUNDED: [(&str, &str, &str); 3] = [
    ("consumer-timeout", "policy-consumer-timeout", "there from 3.12 on"),
    ("queue-master-locator", "policy-queue-master-locator", "removed in 4.3: queue-leader-locator"),
    ("target-group-size", "policy-target-group-size", "there from 3.13 on"),
];

fn check(context: &Context<'_>, sink: &mut Sink) {
    for claim in context.system.policies.values() {
        let component = &context.system.components[claim.cluster];
        let release = &component.release.version;
        let Some(version) = release.known().copied() else { continue };
        let at = place(release, component.name.span);
        // Of the keys of one policy that fail for one reason, one finding.
        let (mirroring, others): (Vec<_>, Vec<_>) =
            claim.definition.iter().map(|(key, _)| key).partition(|key| MIRRORING.contains(&key.value.as_str()));
        if !mirroring.is_empty() && !rabbitmq_has("mirrored-queues", version) {
            sink.finding(format!("policy `{}` asks for mirrored queues, which RabbitMQ {version} does not have", claim.policy.value))
                .labels(mirroring.iter().map(|key| (key.span, format!("`{}` was removed in 4.0", key.value))))
                .label(at, "the release")
                .note("a broker of 4.0 or newer rejects the policy; as a part of its definitions it stops the broker's boot")
                .help("declare quorum queues (x-queue-type \"quorum\", or default_queue_type) and drop the ha- keys, or stay with 3.13")
                .emit();
        }
        for key in others.into_iter().filter(|key| !KEYS.contains(&key.value.as_str())) {
            unknown_key(sink, key);
        }
        for (key, _) in &claim.definition {
            let bounded = BOUNDED.iter().find(|(known, feature, _)| *known == key.value && !rabbitmq_has(feature, version));
            let Some((_, _, when)) = bounded else { continue };
            sink.finding(format!("RabbitMQ {version} does not know the policy key `{}`", key.value))
                .label(key.span, *when)
                .label(at, "the release")
                .note("the broker rejects the whole policy; as a part of its definitions it can stop the broker's boot")
                .help("leave the key out, or choose a release that takes it")
                .emit();
        }
        if let Some(to) = claim.apply_to.known().filter(|to| !accepts(version, to)) {
            wrong_target(sink, claim, to, version, at);
        }
    }
}

fn wrong_target(sink: &mut Sink, claim: &PolicyClaim, to: &str, version: Version, release: Span) {
    let newer = NEWER_TARGETS.contains(&to);
    let text = if newer { "needs 3.12 or newer" } else { "not something that a policy applies to" };
    let typed = rabbitmq_has("typed-apply-to", version);
    let choice = if typed {
        "`queues`, `classic_queues`, `quorum_queues`, `streams`, `exchanges` or `all`"
    } else {
        "`queues`, `exchanges` or `all`"
    };
    let fix = (newer && claim.apply_to.is_written()).then(|| Fix {
        title: "apply it to queues of every type".to_owned(),
        safe: false,
        edits: vec![(claim.apply_to.span(), "\"queues\"".to_owned())],
    });
    sink.finding(format!("policy `{}` applies to `{to}`, which RabbitMQ {version} does not know", claim.policy.value))
        .label(place(&claim.apply_to, claim.policy.span), text)
        .label(release, "the release")
        .note("the broker rejects the policy; as a part of its definitions it can stop the broker's boot")
        .help(format!("write {choice}"))
        .fix(fix)
        .emit();
}

/// Values of `apply-to` that came with 3.12.
const NEWER_TARGETS: [&str; 3] = ["classic_queues", "quorum_queues", "streams"];

fn accepts(version: Version, apply_to: &str) -> bool {
    match apply_to {
        "all" | "queues" | "exchanges" => true,
        newer => NEWER_TARGETS.contains(&newer) && rabbitmq_has("typed-apply-to", version),
    }
}

fn unknown_key(sink: &mut Sink, written: &Spanned<String>) {
    let key = written.value.as_str();
    let help = if key == "queue-type" {
        "the type of a queue is no matter of policies: declare it (x-queue-type), or set default_queue_type".to_owned()
    } else {
        crate::suggest::closest(key, KEYS.into_iter().chain(MIRRORING)).map_or_else(
            || "if a plugin brings the key, allow this rule at the policy".to_owned(),
            |known| format!("did you mean `{known}`?"),
        )
    };
    sink.finding(format!("no release of RabbitMQ knows the policy key `{key}`"))
        .label(written.span, "not a key of a policy")
        .note("the broker rejects the whole policy; as a part of its definitions it can stop the broker's boot")
        .help(help)
        .emit();
}
