use crate::lint::members::place;
use crate::lint::patterns::Names;
use crate::lint::{Check, Confidence, Context, Fix, Level, Rule, Sink};

/// A policy for everything, also for what RabbitMQ and its clients name themselves.
pub const RULE: Rule = Rule {
    name: "policy-catches-amq",
    level: Level::Warning,
    page: include_str!("../../../docs/rules/policy-catches-amq.md"),
    check: Check::Claims(check),
};

fn check(context: &Context<'_>, sink: &mut Sink) {
    for claim in context.system.policies.values() {
        let everything = claim.pattern.known().is_some_and(|pattern| Names::of(pattern) == Names::Prefix(String::new()));
        // Types of queues that nobody makes for an answer.
        let typed = claim.apply_to.known().is_some_and(|to| matches!(to.as_str(), "quorum_queues" | "streams"));
        if !everything || typed {
            continue;
        }
        // Mirrors, limits and times to live are noticed there first; what else is said of everything, many mean.
        let hurts = |key: &str| matches!(key, "ha-mode" | "expires" | "max-length" | "max-length-bytes" | "message-ttl");
        let harmful = claim.definition.iter().any(|(key, _)| hurts(&key.value));
        sink.finding(format!("policy `{}` applies to `amq.` names as well", claim.policy.value))
            .confidence(if harmful { Confidence::Likely } else { Confidence::Possible })
            .label(place(&claim.pattern, claim.policy.span), "every name")
            .note(
                "queues that clients let RabbitMQ name (`amq.gen-…`, for answers) get it too: mirrors of what lives for one \
                 request, answers that expire; and no other policy can apply to them, for a queue has one",
            )
            .help(r##"write pattern=#"^(?!amq\.)"#"##)
            .fix(claim.pattern.is_written().then(|| Fix {
                title: "leave out what begins with `amq.`".to_owned(),
                safe: false,
                edits: vec![(claim.pattern.span(), r##"#"^(?!amq\.)"#"##.to_owned())],
            }))
            .emit();
    }
}
