use std::collections::BTreeSet;

use crate::lint::brokers::release;
use crate::lint::{Check, Confidence, Context, Level, Rule, Sink};
use crate::releases::rabbitmq_has;

/// Messages that are thrown away after some deliveries.
pub const RULE: Rule = Rule {
    name: "delivery-limit-drops",
    level: Level::Warning,
    page: include_str!("../../../docs/rules/delivery-limit-drops.md"),
    check: Check::Claims(check),
};

const DROPPED: &str = "a message that makes its consumers crash, and each one that was with a consumer when it was restarted often \
                       enough, is thrown away without a trace";

fn check(context: &Context<'_>, sink: &mut Sink) {
    let system = context.system;
    let mut thought_of = BTreeSet::new();
    for claim in system.policies.values() {
        let limit = claim.get("delivery-limit");
        if limit.is_some() || claim.get("dead-letter-exchange").is_some() {
            thought_of.insert(claim.cluster);
        }
        let Some(limit) = limit.filter(|_| claim.get("dead-letter-exchange").is_none()) else { continue };
        // -1: never, from 4.0 on.
        if crate::lint::settings::whole(&limit.value).is_none_or(|limit| limit < 0) {
            continue;
        }
        sink.finding(format!("policy `{}` throws messages away", claim.policy.value))
            .confidence(Confidence::Likely)
            .label(limit.span, "after so many deliveries, and no dead-letter-exchange takes them")
            .note(DROPPED)
            .help("add dead-letter-exchange \"NAME\", and a queue behind it that somebody looks at")
            .emit();
    }
    for (id, component) in system.components.iter() {
        if component.program != crate::system::Program::Rabbitmq || thought_of.contains(&id) {
            continue;
        }
        let Some((version, at)) = release(system, id).filter(|(version, _)| rabbitmq_has("default-delivery-limit", *version))
        else {
            continue;
        };
        sink.finding(format!("quorum queues of `{}` throw messages away after 20 deliveries", component.name.value))
            .level(Level::Advice)
            .confidence(Confidence::Possible)
            .label(at, format!("the default of RabbitMQ {version}"))
            .note(DROPPED)
            .help("write a policy for quorum_queues with dead-letter-exchange, or with delivery-limit -1 where none may be lost")
            .emit();
    }
}
