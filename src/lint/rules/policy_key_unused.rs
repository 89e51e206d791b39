use crate::lint::brokers::release;
use crate::lint::members::place;
use crate::lint::{Check, Context, Level, Rule, Sink};
use crate::releases::rabbitmq_has;

/// A key of a policy that nothing to which it applies reads. It is taken (measured with 4.0.5 and 4.3.6).
pub const RULE: Rule = Rule {
    name: "policy-key-unused",
    level: Level::Warning,
    page: include_str!("../../../docs/rules/policy-key-unused.md"),
    check: Check::Claims(check),
};

const CLASSIC: u8 = 1;
const QUORUM: u8 = 2;
const STREAM: u8 = 4;
const EXCHANGE: u8 = 8;

/// Which kinds read which key (rabbitmq.com/docs/policies, "Policies: Applicable Keys", and the tables of features of quorum
/// queues and streams).
const READ_BY: [(&str, u8); 22] = [
    ("alternate-exchange", EXCHANGE),
    ("dead-letter-exchange", CLASSIC | QUORUM),
    ("dead-letter-routing-key", CLASSIC | QUORUM),
    ("dead-letter-strategy", QUORUM),
    ("delivery-limit", QUORUM),
    ("expires", CLASSIC | QUORUM),
    ("ha-mode", CLASSIC),
    ("ha-sync-mode", CLASSIC),
    ("initial-cluster-size", STREAM),
    ("max-age", STREAM),
    ("max-in-memory-bytes", QUORUM),
    ("max-in-memory-length", QUORUM),
    ("max-length", CLASSIC | QUORUM),
    ("max-length-bytes", CLASSIC | QUORUM | STREAM),
    ("message-ttl", CLASSIC | QUORUM),
    ("overflow", CLASSIC | QUORUM),
    ("queue-master-locator", CLASSIC),
    ("queue-mode", CLASSIC),
    ("queue-version", CLASSIC),
    ("stream-filter-size-bytes", STREAM),
    ("stream-max-segment-size-bytes", STREAM),
    ("target-group-size", QUORUM),
];

/// Keys that a release takes and does not heed any more: the key, the feature (of `stdlib/releases/rabbitmq.tsv`), and why.
const PAST: [(&str, &str, &str); 3] = [
    ("max-in-memory-bytes", "in-memory-limits", "quorum queues keep messages on disk anyway"),
    ("max-in-memory-length", "in-memory-limits", "quorum queues keep messages on disk anyway"),
    ("queue-mode", "queue-mode", "classic queues keep messages on disk anyway"),
];

fn kinds(apply_to: &str) -> u8 {
    match apply_to {
        "queues" => CLASSIC | QUORUM | STREAM,
        "classic_queues" => CLASSIC,
        "quorum_queues" => QUORUM,
        "streams" => STREAM,
        "exchanges" => EXCHANGE,
        _ => u8::MAX,
    }
}

fn in_words(kinds: u8) -> String {
    let words = [(CLASSIC, "classic queues"), (QUORUM, "quorum queues"), (STREAM, "streams"), (EXCHANGE, "exchanges")];
    let words = words.iter().filter(|(kind, _)| kinds & kind != 0).map(|(_, word)| *word);
    words.collect::<Vec<_>>().join(" and ")
}

fn check(context: &Context<'_>, sink: &mut Sink) {
    let system = context.system;
    for claim in system.policies.values() {
        let Some(apply_to) = claim.apply_to.known() else { continue };
        let Some((version, at)) = release(system, claim.cluster) else { continue };
        for (key, _) in &claim.definition {
            let name = key.value.as_str();
            if let Some((_, read_by)) = READ_BY.iter().find(|(known, read_by)| *known == name && kinds(apply_to) & read_by == 0) {
                sink.finding(format!("`{name}` means nothing to {}", in_words(kinds(apply_to))))
                    .label(key.span, format!("read by {}", in_words(*read_by)))
                    .label(place(&claim.apply_to, claim.policy.span), "what the policy applies to")
                    .note("the broker takes the policy, shows it at each queue, and does nothing of what the key says")
                    .help("leave the key out, or apply the policy to what reads it")
                    .emit();
            } else if let Some((_, _, why)) = PAST.iter().find(|(known, feature, _)| *known == name && !rabbitmq_has(feature, version)) {
                sink.finding(format!("`{name}` means nothing to RabbitMQ {version}"))
                    .level(Level::Advice)
                    .label(key.span, "taken, and not heeded")
                    .label(at, "the release")
                    .note(*why)
                    .help("leave it out")
                    .emit();
            }
        }
    }
}
