use crate::lint::{Check, Confidence, Context, Level, Rule, Sink};
use crate::system::PolicyClaim;
use crate::topology::PolicyValue;

/// A key of a policy that does its work only together with another one, which is not there.
pub const RULE: Rule = Rule {
    name: "policy-half-said",
    level: Level::Warning,
    page: include_str!("../../../docs/rules/policy-half-said.md"),
    check: Check::Claims(check),
};

fn check(context: &Context<'_>, sink: &mut Sink) {
    for claim in context.system.policies.values() {
        let has = |key: &str| claim.get(key).is_some();
        if !has("dead-letter-exchange") {
            for key in ["dead-letter-routing-key", "dead-letter-strategy"] {
                lacks(
                    claim,
                    key,
                    "dead-letter-exchange",
                    "dead letters go nowhere: what expires or is rejected is gone, unless each queue names an exchange itself",
                    sink,
                );
            }
        } else if is(claim, "dead-letter-strategy", "at-least-once") && !is(claim, "overflow", "reject-publish") {
            lacks(
                claim,
                "dead-letter-strategy",
                "overflow \"reject-publish\"",
                "without it the queue falls back to at-most-once: a dead letter that its exchange cannot take is gone",
                sink,
            );
        }
        // Dead letters at least once want `overflow "reject-publish"` with a bound or without one.
        let for_dead_letters = has("dead-letter-exchange")
            && is(claim, "dead-letter-strategy", "at-least-once")
            && is(claim, "overflow", "reject-publish");
        if !for_dead_letters && !has("max-length") && !has("max-length-bytes") {
            let note = "a queue without a bound never overflows: it grows until the memory or the disk of its broker is used up";
            lacks(claim, "overflow", "max-length or max-length-bytes", note, sink);
        }
    }
}

fn is(claim: &PolicyClaim, key: &str, word: &str) -> bool {
    claim.get(key).is_some_and(|value| matches!(&value.value, PolicyValue::Text(text) if text == word))
}

fn lacks(claim: &PolicyClaim, key: &str, other: &str, note: &str, sink: &mut Sink) {
    let Some(at) = claim.place_of(key) else { return };
    // Arguments of the queues themselves may say the rest.
    sink.finding(format!("policy `{}` has `{key}` and lacks {other}", claim.policy.value))
        .confidence(Confidence::Likely)
        .label(at, format!("needs {other}"))
        .note(note)
        .help(format!("add {other} to the policy, or leave the key out"))
        .emit();
}
