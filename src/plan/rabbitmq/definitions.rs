use std::collections::{BTreeMap, BTreeSet};

use base64::Engine as _;
use serde::Serialize;
use sha2::{Digest as _, Sha256};

use crate::releases::rabbitmq_has;
use crate::source::Spanned;
use crate::topology::{BindingTarget, Policy, PolicyValue, Rabbitmq, User, Vhost};

use super::super::Planner;
use super::super::grammar::Grammar;

/// What definitions.json is filled with: everything that a broker loads at boot.
#[derive(Serialize)]
pub(super) struct Definitions {
    vhosts: Vec<VhostEntry>,
    users: Vec<UserEntry>,
    permissions: Vec<PermissionEntry>,
    policies: Vec<PolicyEntry>,
    queues: Vec<QueueEntry>,
    exchanges: Vec<ExchangeEntry>,
    bindings: Vec<BindingEntry>,
}

#[derive(Serialize)]
struct VhostEntry {
    name: String,
    default_queue_type: Option<String>,
}

#[derive(Serialize)]
struct UserEntry {
    name: String,
    password_hash: String,
    hashing_algorithm: &'static str,
    tags: Tags,
}

/// A list from 3.9 on, words with commas before.
#[derive(Serialize)]
#[serde(untagged)]
enum Tags {
    List(Vec<String>),
    Words(String),
}

#[derive(Serialize)]
struct PermissionEntry {
    user: String,
    vhost: String,
    configure: String,
    write: String,
    read: String,
}

#[derive(Serialize)]
struct PolicyEntry {
    vhost: String,
    name: String,
    pattern: String,
    apply_to: String,
    priority: i64,
    definition: BTreeMap<String, Json>,
}

#[derive(Serialize)]
struct QueueEntry {
    vhost: String,
    name: String,
    durable: bool,
    auto_delete: bool,
    arguments: BTreeMap<String, Json>,
}

#[derive(Serialize)]
struct ExchangeEntry {
    vhost: String,
    name: String,
    kind: String,
    durable: bool,
    auto_delete: bool,
    internal: bool,
    arguments: BTreeMap<String, Json>,
}

#[derive(Serialize)]
struct BindingEntry {
    vhost: String,
    source: String,
    destination: String,
    destination_type: &'static str,
    routing_key: String,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Json {
    Text(String),
    Integer(i64),
    Bool(bool),
    List(Vec<String>),
}

/// Every mention of a user.
fn mentions(declared: &Rabbitmq) -> impl Iterator<Item = &User> {
    declared.users.iter().chain(declared.vhosts.iter().flat_map(|vhost| &vhost.users))
}

/// The name of the salt of a user's password.
fn salt_name(declared: &Rabbitmq, user: &User) -> String {
    format!("{}/{}", declared.name.value, user.name.value)
}

/// The salts that a cluster's definitions ask for.
pub(in crate::plan) fn salts(declared: &Rabbitmq) -> impl Iterator<Item = String> {
    mentions(declared).filter(|user| user.password.is_some()).map(|user| salt_name(declared, user))
}

impl Planner<'_> {
    pub(super) fn definitions(&mut self, declared: &Rabbitmq) -> Definitions {
        let mut users = Vec::new();
        let mut seen = BTreeSet::new();
        let mut permissions = Vec::new();
        let mut policies = Vec::new();
        for user in mentions(declared) {
            if user.password.is_some() && seen.insert(user.name.value.as_str()) {
                let entry = self.user(declared, user);
                users.push(entry);
            }
        }
        for vhost in &declared.vhosts {
            for user in &vhost.users {
                if let Some(permission) = &user.permission {
                    permissions.push(PermissionEntry {
                        user: user.name.value.clone(),
                        vhost: vhost.name.value.clone(),
                        configure: permission.configure.value.clone(),
                        write: permission.write.value.clone(),
                        read: permission.read.value.clone(),
                    });
                }
            }
            for policy in &vhost.policies {
                policies.push(PolicyEntry {
                    vhost: vhost.name.value.clone(),
                    name: policy.name.value.clone(),
                    pattern: policy.pattern.value.clone(),
                    apply_to: policy.apply_to.as_ref().map_or_else(|| "all".to_owned(), |to| to.value.clone()),
                    priority: policy.priority.as_ref().map_or(0, |priority| priority.value),
                    definition: definition(policy),
                });
            }
        }
        let vhosts =
            declared.vhosts.iter().map(|vhost| VhostEntry { name: vhost.name.value.clone(), default_queue_type: None });
        let (queues, exchanges, bindings) = (
            declared.vhosts.iter().flat_map(queues).collect(),
            declared.vhosts.iter().flat_map(exchanges).collect(),
            declared.vhosts.iter().flat_map(bindings).collect(),
        );
        Definitions { vhosts: vhosts.collect(), users, permissions, policies, queues, exchanges, bindings }
    }

    fn user(&mut self, declared: &Rabbitmq, user: &User) -> UserEntry {
        let name = &user.name.value;
        let password = match &user.password {
            Some(password) => self.secret(Grammar::Json, password, "a password"),
            None => String::new(),
        };
        let salt = self.secrets.salt(&salt_name(declared, user)).unwrap_or_default();
        let tags = user.tags.as_ref().map_or("", |tags| &tags.value);
        let tags: Vec<String> =
            tags.split(',').map(str::trim).filter(|tag| !tag.is_empty()).map(str::to_owned).collect();
        let list = rabbitmq_has("tags-as-list", declared.version.value);
        UserEntry {
            name: name.clone(),
            password_hash: password_hash(salt, &password),
            hashing_algorithm: "rabbit_password_hashing_sha256",
            tags: if list { Tags::List(tags) } else { Tags::Words(tags.join(",")) },
        }
    }
}

fn arguments(written: &[(Spanned<String>, Spanned<PolicyValue>)]) -> BTreeMap<String, Json> {
    written.iter().map(|(key, value)| (key.value.clone(), json(&value.value))).collect()
}

fn yes(written: Option<&Spanned<bool>>, unless_written: bool) -> bool {
    written.map_or(unless_written, |written| written.value)
}

fn queues(vhost: &Vhost) -> impl Iterator<Item = QueueEntry> {
    vhost.queues.iter().map(|queue| {
        let mut arguments = arguments(&queue.arguments);
        if let Some(kind) = &queue.kind {
            arguments.insert("x-queue-type".to_owned(), Json::Text(kind.value.word().to_owned()));
        }
        QueueEntry {
            vhost: vhost.name.value.clone(),
            name: queue.name.value.clone(),
            durable: yes(queue.durable.as_ref(), true),
            auto_delete: yes(queue.auto_delete.as_ref(), false),
            arguments,
        }
    })
}

fn exchanges(vhost: &Vhost) -> impl Iterator<Item = ExchangeEntry> {
    vhost.exchanges.iter().map(|exchange| ExchangeEntry {
        vhost: vhost.name.value.clone(),
        name: exchange.name.value.clone(),
        kind: exchange.kind.as_ref().map_or_else(|| "direct".to_owned(), |kind| kind.value.clone()),
        durable: yes(exchange.durable.as_ref(), true),
        auto_delete: yes(exchange.auto_delete.as_ref(), false),
        internal: yes(exchange.internal.as_ref(), false),
        arguments: arguments(&exchange.arguments),
    })
}

fn bindings(vhost: &Vhost) -> impl Iterator<Item = BindingEntry> {
    vhost.bindings.iter().map(|binding| {
        let (destination_type, destination) = match &binding.to {
            BindingTarget::Queue(queue) => ("queue", queue),
            BindingTarget::Exchange(exchange) => ("exchange", exchange),
        };
        BindingEntry {
            vhost: vhost.name.value.clone(),
            source: binding.from.value.clone(),
            destination: destination.value.clone(),
            destination_type,
            routing_key: binding.key.as_ref().map_or_else(String::new, |key| key.value.clone()),
        }
    })
}

/// A policy's keys; `ha-params` of `ha-mode "nodes"` is a list, even of one node.
fn definition(policy: &Policy) -> BTreeMap<String, Json> {
    let by_nodes = |(key, value): &(Spanned<String>, Spanned<PolicyValue>)| {
        key.value == "ha-mode" && value.value == PolicyValue::Text("nodes".to_owned())
    };
    let by_nodes = policy.definition.iter().any(by_nodes);
    let entry = |(key, value): &(Spanned<String>, Spanned<PolicyValue>)| {
        let value = match &value.value {
            PolicyValue::Text(node) if by_nodes && key.value == "ha-params" => Json::List(vec![node.clone()]),
            value => json(value),
        };
        (key.value.clone(), value)
    };
    policy.definition.iter().map(entry).collect()
}

fn json(value: &PolicyValue) -> Json {
    match value {
        PolicyValue::Text(text) => Json::Text(text.clone()),
        PolicyValue::Integer(number) => Json::Integer(*number),
        PolicyValue::Bool(yes) => Json::Bool(*yes),
        PolicyValue::List(parts) => Json::List(parts.clone()),
    }
}

/// RabbitMQ's salted hash: base64 of the salt and SHA-256 of salt and password
/// (rabbitmq.com/docs/passwords, "Computing Password Hash").
fn password_hash(salt: [u8; 4], password: &str) -> String {
    let hash = Sha256::new().chain_update(salt).chain_update(password.as_bytes()).finalize();
    let mut bytes = salt.to_vec();
    bytes.extend_from_slice(&hash);
    base64::engine::general_purpose::STANDARD.encode(bytes)
}

#[cfg(test)]
mod tests {
    use super::password_hash;

    #[test]
    fn the_hash_is_the_one_of_the_documentation() {
        // The worked example of rabbitmq.com/docs/passwords: salt 908DC60A, password test12.
        let hash = password_hash([0x90, 0x8d, 0xc6, 0x0a], "test12");
        assert_eq!(hash, "kI3GCqW5JLMJa4iX1lo7X4D6XbYqlLgxIs30+P6tENUV2POR");
    }
}
