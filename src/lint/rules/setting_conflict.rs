use rustc_hash::FxHashMap;

use crate::lint::{Check, Context, Level, Rule, Sink};
use crate::source::Span;
use crate::system::{Component, Id, SettingClaim};
use crate::topology::PolicyValue;

/// A line of rabbitmq.conf against what the topology says by other means.
pub const RULE: Rule = Rule {
    name: "setting-conflict",
    level: Level::Error,
    page: include_str!("../../../docs/rules/setting-conflict.md"),
    check: Check::Claims(check),
};

/// Keys that the rest of the topology decides (`.` at the end: all that begin so), what then happens, what to write.
const DECIDED: [(&str, &str, &str); 11] = [
    ("cluster_formation.classic_config.nodes.", MEMBERS, NODES),
    ("cluster_formation.node_type", "disc and RAM nodes are counted otherwise than the brokers are", "write kind= at the node"),
    ("cluster_formation.peer_discovery_backend", MEMBERS, NODES),
    ("definitions.import_backend", USERS, IMPORT),
    ("definitions.local.path", USERS, IMPORT),
    ("listeners.tcp", PORTS, PORT),
    ("listeners.tcp.1", PORTS, PORT),
    ("load_definitions", USERS, IMPORT),
    ("management.listener.port", PORTS, PORT),
    ("management.load_definitions", USERS, IMPORT),
    ("management.tcp.port", PORTS, PORT),
];

const MEMBERS: &str = "brokers that look elsewhere for each other form other clusters than the one declared";
const NODES: &str = "leave it out: the `node` lines say who belongs to the cluster";
const USERS: &str = "vhosts, users, permissions and policies of the topology do not arrive in the brokers, or fight with others";
const IMPORT: &str = "leave it out: declare vhosts, users and policies here, or import the rest by hand";
const PORTS: &str = "whoever is told of this port (HAProxy, nginx, Compose) still goes to the usual one, and nobody answers";
const PORT: &str = "leave it out: a broker listens on 5672, its management on 15672; publish them under any port";

fn check(context: &Context<'_>, sink: &mut Sink) {
    let settings = &context.system.settings;
    let mut properties: FxHashMap<(Id<Component>, &str), (&str, Span)> = FxHashMap::default();
    for claim in settings.values() {
        if let Some(property) = claim.property {
            properties.insert((claim.cluster, one_thing(&claim.key.value)), (property, claim.key.span));
        }
    }
    for claim in settings.values().filter(|claim| claim.property.is_none()) {
        let key = claim.key.value.as_str();
        if let Some((property, at)) = properties.get(&(claim.cluster, one_thing(key))) {
            sink.finding(format!("`{key}` is set, and `{property}=` says the same thing"))
                .level(Level::Warning)
                .label(claim.key.span, "this one counts")
                .label(*at, "this one does not")
                .note("only the line of `set` is written; whoever reads or changes the other believes something wrong")
                .help(format!("keep one of them, best `{property}=`"))
                .emit();
        } else if let Some((_, happens, help)) = DECIDED.iter().find(|(decided, ..)| fits(decided, key)) {
            sink.finding(format!("`{key}` is decided by the rest of the topology"))
                .label(claim.key.span, "decided twice")
                .note(*happens)
                .help(*help)
                .emit();
        } else if second_listener(claim) {
            sink.finding("the broker listens on 5672 anyway")
                .label(claim.value.span, "a second time")
                .note("the second listener cannot have the port, and the broker does not boot")
                .help("leave it out; a further listener has another port")
                .emit();
        }
    }
}

/// What a key is about: two forms of one limit are one thing.
fn one_thing(key: &str) -> &str {
    let forms = ["cluster_partition_handling", "disk_free_limit", "vm_memory_high_watermark"];
    let same = |form: &&&str| key.strip_prefix(**form).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
    forms.iter().find(same).map_or(key, |form| form)
}

fn fits(decided: &str, key: &str) -> bool {
    key == decided || decided.ends_with('.') && key.starts_with(decided)
}

/// Whether this is a listener of another name on the port that every broker has.
fn second_listener(claim: &SettingClaim) -> bool {
    let port = match &claim.value.value {
        PolicyValue::Integer(5672) => true,
        PolicyValue::Text(text) => text == "5672" || text.ends_with(":5672"),
        _ => false,
    };
    port && claim.key.value.starts_with("listeners.tcp.")
}
