use crate::lint::brokers::release;
use crate::lint::{Check, Confidence, Context, Fix, Level, Rule, Sink};
use crate::releases::rabbitmq_has;
use crate::system::PolicyClaim;
use crate::topology::PolicyValue;

/// Mirrors that do not have what is in the queue, or are put in its place without.
pub const RULE: Rule = Rule {
    name: "mirror-unsynchronised",
    level: Level::Warning,
    page: include_str!("../../../docs/rules/mirror-unsynchronised.md"),
    check: Check::Claims(check),
};

fn check(context: &Context<'_>, sink: &mut Sink) {
    let system = context.system;
    for claim in system.policies.values() {
        let Some(mode) = claim.get("ha-mode") else { continue };
        if release(system, claim.cluster).is_none_or(|(version, _)| !rabbitmq_has("mirrored-queues", version)) {
            continue;
        }
        let is = |key: &str, word: &str| says(claim, key, word);
        if !is("ha-sync-mode", "automatic") {
            let written = claim.get("ha-sync-mode");
            let (at, text, edit) = match written {
                Some(value) => (value.span, "by hand", "\"automatic\"".to_owned()),
                None => (mode.span, "no ha-sync-mode: by hand", "; ha-sync-mode \"automatic\"".to_owned()),
            };
            let place = if written.is_some() { at } else { crate::source::Span { start: at.end, ..at } };
            sink.finding(format!("new mirrors of policy `{}` begin empty and stay so", claim.policy.value))
                .confidence(Confidence::Likely)
                .label(at, text)
                .note(
                    "a broker that was restarted holds only what came afterwards: when the next one stops, it takes the queue \
                     over, and all older messages are gone",
                )
                .help("write ha-sync-mode \"automatic\"; for queues of many gigabytes, which stand while they are copied, quorum queues")
                .fix(Some(Fix { title: "copy what is in the queue".to_owned(), safe: false, edits: vec![(place, edit)] }))
                .emit();
        }
        if let Some(value) = claim.get("ha-promote-on-shutdown").filter(|_| is("ha-promote-on-shutdown", "always")) {
            sink.finding(format!("policy `{}` throws messages away when a broker is stopped", claim.policy.value))
                .confidence(Confidence::Likely)
                .label(value.span, "a mirror takes over without the messages")
                .note("a planned restart, one broker after the other, empties the queues that were not copied in time")
                .help("leave it out: `when-synced` is the default, and the queue waits for its broker")
                .fix(Some(Fix {
                    title: "wait for the broker".to_owned(),
                    safe: false,
                    edits: vec![(value.span, "\"when-synced\"".to_owned())],
                }))
                .emit();
        }
    }
}

fn says(claim: &PolicyClaim, key: &str, word: &str) -> bool {
    claim.get(key).is_some_and(|value| matches!(&value.value, PolicyValue::Text(text) if text == word))
}
