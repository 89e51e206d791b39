use rustc_hash::FxHashSet;

use crate::lint::brokers::release;
use crate::lint::{Check, Context, Level, Rule, Sink};

/// A type of exchange that the brokers do not have: no broker makes it (measured with 3.10.8, 4.0.5 and 4.3.6).
pub const RULE: Rule = Rule {
    name: "exchange-type-unknown",
    level: Level::Error,
    page: include_str!("../../../docs/rules/exchange-type-unknown.md"),
    check: Check::Claims(check),
};

/// RabbitMQ's own types.
const OWN: [&str; 5] = ["direct", "fanout", "headers", "topic", "x-local-random"];

/// Types of plugins.
const OF_PLUGINS: [(&str, &str); 7] = [
    ("x-consistent-hash", "rabbitmq_consistent_hash_exchange"),
    ("x-delayed-message", "rabbitmq_delayed_message_exchange"),
    ("x-event", "rabbitmq_event_exchange"),
    ("x-jms-topic", "rabbitmq_jms_topic_exchange"),
    ("x-modulus-hash", "rabbitmq_sharding"),
    ("x-random", "rabbitmq_random_exchange"),
    ("x-recent-history", "rabbitmq_recent_history_exchange"),
];

fn check(context: &Context<'_>, sink: &mut Sink) {
    let system = context.system;
    let plugins: FxHashSet<_> =
        system.plugins.values().map(|claim| (claim.cluster, claim.name.value.as_str())).collect();
    for claim in system.exchanges.values() {
        let Some(kind) = claim.kind.known().filter(|kind| !OWN.contains(&kind.as_str())) else { continue };
        let plugin = OF_PLUGINS.iter().find(|(known, _)| known == kind).map(|(_, plugin)| *plugin);
        if plugin.is_some_and(|plugin| plugins.contains(&(claim.cluster, plugin))) {
            continue;
        }
        // Plugins of one's own have types of their own.
        if plugin.is_none() && (release(system, claim.cluster).is_none() || system.components[claim.cluster].release.image.is_written()) {
            continue;
        }
        let known = OWN.into_iter().chain(OF_PLUGINS.iter().map(|(known, _)| *known));
        let help = match (plugin, crate::suggest::closest(kind, known)) {
            (Some(plugin), _) => format!("write plugin \"{plugin}\" in the cluster"),
            (None, Some(near)) => format!("did you mean `{near}`?"),
            (None, None) => "write direct, fanout, topic or headers; or name the image that holds the plugin (image=)".to_owned(),
        };
        sink.finding(format!("no broker makes exchange `{}`", claim.name.value))
            .label(claim.kind.span(), match plugin {
                Some(plugin) => format!("the type of `{plugin}`, which is not enabled"),
                None => "not a type of exchange".to_owned(),
            })
            .note("the import of the definitions ends at this exchange, and the broker does not boot")
            .help(help)
            .emit();
    }
}
