use rustc_hash::FxHashMap;

use crate::lint::brokers::{clusters, release};
use crate::lint::{Check, Confidence, Context, Fix, Level, Rule, Sink};
use crate::releases::rabbitmq_has;
use crate::topology::PolicyValue;

/// A queue with a mirror on every broker.
pub const RULE: Rule = Rule {
    name: "mirrored-everywhere",
    level: Level::Warning,
    page: include_str!("../../../docs/rules/mirrored-everywhere.md"),
    check: Check::Claims(check),
};

fn check(context: &Context<'_>, sink: &mut Sink) {
    let system = context.system;
    let sizes: FxHashMap<_, _> = clusters(system).into_iter().map(|cluster| (cluster.id, cluster)).collect();
    for claim in system.policies.values() {
        let Some(value) = claim.get("ha-mode").filter(|value| value.value == PolicyValue::Text("all".to_owned())) else { continue };
        let Some(cluster) = sizes.get(&claim.cluster).filter(|cluster| cluster.size() > 2) else { continue };
        if release(system, claim.cluster).is_none_or(|(version, _)| !rabbitmq_has("mirrored-queues", version)) {
            continue;
        }
        let size = cluster.size();
        let enough = size / 2 + 1;
        // With three brokers it is one mirror more, and many want that.
        let confidence = if size > 3 { Confidence::Likely } else { Confidence::Possible };
        let edits = vec![(value.span, format!("\"exactly\"; ha-params {enough}"))];
        sink.finding(format!("policy `{}` keeps {size} copies of each message", claim.policy.value))
            .confidence(confidence)
            .label(value.span, format!("{enough} are enough"))
            .label(cluster.span, format!("{size} brokers"))
            .note(format!(
                "each message crosses the network {} times before it is confirmed, and a broker that comes back copies every \
                 queue; a queue outlives a minority of the brokers with {enough} copies already",
                size - 1
            ))
            .help(format!("write ha-mode \"exactly\" and ha-params {enough}"))
            .fix(claim.get("ha-params").is_none().then(|| Fix { title: format!("keep {enough} copies"), safe: false, edits }))
            .emit();
    }
}
