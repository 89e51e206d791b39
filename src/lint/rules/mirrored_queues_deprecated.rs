use crate::lint::brokers::release;
use crate::lint::{Check, Context, Level, Rule, Sink};
use crate::releases::rabbitmq_has;

/// Mirrored queues on a release that says they will go.
pub const RULE: Rule = Rule {
    name: "mirrored-queues-deprecated",
    level: Level::Warning,
    page: include_str!("../../../docs/rules/mirrored-queues-deprecated.md"),
    check: Check::Claims(check),
};

fn check(context: &Context<'_>, sink: &mut Sink) {
    let system = context.system;
    for claim in system.policies.values() {
        let Some(key) = claim.place_of("ha-mode") else { continue };
        let Some((version, at)) = release(system, claim.cluster) else { continue };
        // Where they are gone, that is the mistake.
        if !rabbitmq_has("mirrored-queues-deprecated", version) || !rabbitmq_has("mirrored-queues", version) {
            continue;
        }
        sink.finding(format!("policy `{}` mirrors queues, which RabbitMQ {version} warns of", claim.policy.value))
            .label(key, "removed in 4.0")
            .label(at, "the release")
            .note(
                "3.13 is the last series that mirrors: with this policy among its definitions a broker of 4.0 does not boot, \
                 and queues that clients declare by then have one replica",
            )
            .help("let the clients declare quorum queues (x-queue-type), move what is in the others, then drop the policy and upgrade")
            .emit();
    }
}
