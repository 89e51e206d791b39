use crate::lint::{Check, Confidence, Context, Level, Rule, Sink};
use crate::topology::PolicyValue;

/// A time in a policy that was written in seconds, where milliseconds count.
pub const RULE: Rule = Rule {
    name: "milliseconds-too-few",
    level: Level::Warning,
    page: include_str!("../../../docs/rules/milliseconds-too-few.md"),
    check: Check::Claims(check),
};

/// Keys, and the milliseconds below which nobody means them.
const KEYS: [(&str, i64, &str); 2] = [
    ("expires", 10_000, "a queue whose consumer reconnects is deleted meanwhile, with all its messages"),
    ("message-ttl", 1_000, "messages are gone before a consumer that has something else to do comes back for them"),
];

fn check(context: &Context<'_>, sink: &mut Sink) {
    for claim in context.system.policies.values() {
        for (key, least, note) in KEYS {
            let Some(value) = claim.get(key) else { continue };
            // 0 is meant: deliver at once or not at all.
            let PolicyValue::Integer(is @ 1..) = value.value else { continue };
            if is >= least {
                continue;
            }
            sink.finding(format!("`{key}` of policy `{}` is {is} thousandths of a second", claim.policy.value))
                .confidence(Confidence::Likely)
                .label(value.span, "milliseconds")
                .note(note)
                .help(format!("write {} for {is} seconds", is.saturating_mul(1_000)))
                .emit();
        }
    }
}
