use rustc_hash::FxHashSet;

use crate::lint::brokers::declaration;
use crate::lint::{Check, Context, Fix, Level, Rule, Sink};
use crate::releases::rabbitmq_conf_plugin;
use crate::source::Span;
use crate::system::{Component, Id};

/// Settings and policies of a plugin that is not enabled. A broker reads the keys of all plugins that come with it.
pub const RULE: Rule = Rule {
    name: "plugin-not-enabled",
    level: Level::Warning,
    page: include_str!("../../../docs/rules/plugin-not-enabled.md"),
    check: Check::Claims(check),
};

/// Plugins that run anyway, or whose keys another plugin reads as well.
const ALWAYS: [&str; 6] = [
    "rabbitmq_amqp1_0",
    "rabbitmq_aws",
    "rabbitmq_management",
    "rabbitmq_management_agent",
    "rabbitmq_prometheus",
    "rabbitmq_web_dispatch",
];

/// Plugins that enable another one with themselves.
const BRINGS: [(&str, &str); 12] = [
    ("rabbitmq_exchange_federation", "rabbitmq_federation"),
    ("rabbitmq_federation", "rabbitmq_exchange_federation"),
    ("rabbitmq_federation", "rabbitmq_queue_federation"),
    ("rabbitmq_federation_management", "rabbitmq_federation"),
    ("rabbitmq_federation_prometheus", "rabbitmq_federation"),
    ("rabbitmq_queue_federation", "rabbitmq_federation"),
    ("rabbitmq_shovel_management", "rabbitmq_shovel"),
    ("rabbitmq_shovel_prometheus", "rabbitmq_shovel"),
    ("rabbitmq_stream_management", "rabbitmq_stream"),
    ("rabbitmq_web_mqtt", "rabbitmq_mqtt"),
    ("rabbitmq_web_mqtt_examples", "rabbitmq_mqtt"),
    ("rabbitmq_web_stomp", "rabbitmq_stomp"),
];

fn check(context: &Context<'_>, sink: &mut Sink) {
    let system = context.system;
    let mut enabled: FxHashSet<(_, &str)> = FxHashSet::default();
    for claim in system.plugins.values() {
        let name = claim.name.value.as_str();
        enabled.insert((claim.cluster, name));
        enabled.extend(BRINGS.iter().filter(|(plugin, _)| *plugin == name).map(|(_, brought)| (claim.cluster, *brought)));
    }
    for claim in system.settings.values().filter(|claim| claim.property.is_none()) {
        let key = claim.key.value.as_str();
        let Some(plugin) = rabbitmq_conf_plugin(key) else { continue };
        // What another backend would read is of no use either; but that is said by `setting-conflict`.
        if ALWAYS.contains(&plugin) || plugin.starts_with("rabbitmq_peer_discovery_") || enabled.contains(&(claim.cluster, plugin)) {
            continue;
        }
        sink.finding(format!("`{key}` belongs to a plugin that is not enabled"))
            .label(claim.key.span, format!("read by `{plugin}` alone"))
            .note("the broker takes the key, and nothing comes of it: no port, no limit, no login, and no word in the log")
            .help(format!("write plugin \"{plugin}\" beside it, or leave the key out"))
            .emit();
    }
    for claim in system.policies.values() {
        let federation = claim.definition.iter().find(|(key, _)| key.value.starts_with("federation-upstream"));
        let Some((key, _)) = federation.filter(|_| !enabled.contains(&(claim.cluster, "rabbitmq_federation"))) else { continue };
        sink.finding(format!("policy `{}` federates, and the plugin is not enabled", claim.policy.value))
            .level(Level::Error)
            .label(key.span, "known to `rabbitmq_federation` alone")
            .note("the broker does not know the key and rejects the policy; as a part of its definitions it stops the boot")
            .help("write plugin \"rabbitmq_federation\" in the cluster")
            .fix(plugin_line(context, claim.cluster))
            .emit();
    }
}

/// A line before the first virtual host of the cluster.
fn plugin_line(context: &Context<'_>, cluster: Id<Component>) -> Option<Fix> {
    let at = declaration(context, cluster)?.vhosts.first()?.span;
    let start = Span { end: at.start, ..at };
    Some(Fix {
        title: "enable the plugin".to_owned(),
        safe: true,
        edits: vec![(start, "plugin \"rabbitmq_federation\"; ".to_owned())],
    })
}
