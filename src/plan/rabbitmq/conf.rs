use std::net::Ipv4Addr;

use rustc_hash::FxHashSet;
use serde::Serialize;

use crate::releases::rabbitmq_has;
use crate::source::Spanned;
use crate::system::{Id, Unit};
use crate::topology::{PolicyValue, Rabbitmq};

use super::super::Planner;
use super::super::grammar::Grammar;

/// What rabbitmq.conf is filled with; keys that the release would refuse at boot are left out, and so are those that
/// the user sets: of two lines with one key the last would count, and the file would say both.
#[derive(Serialize)]
#[allow(clippy::struct_excessive_bools)] // each is a line that stands there or not
pub(super) struct Conf<'a> {
    cluster_name: &'a str,
    cluster_name_key: bool,
    nodes: &'a [String],
    discovery_backend: Option<&'static str>,
    no_startup_delay: bool,
    target_cluster_size_hint: Option<usize>,
    node_type: Option<&'static str>,
    partition_handling: Option<String>,
    default_queue_type: Option<&'static str>,
    initial_quorum_size: Option<usize>,
    target_quorum_size: Option<usize>,
    leader_locator: Option<Line>,
    listeners: Vec<String>,
    management_ip: Option<String>,
    prometheus_ip: Option<String>,
    keepalive: bool,
    heartbeat: Option<u64>,
    net_ticktime: Option<u64>,
    memory: Option<Line>,
    disk_free_limit: Option<u64>,
    consumer_timeout: Option<u64>,
    log: Vec<Line>,
    definitions: Option<&'static str>,
    skip_if_unchanged: bool,
    extra: Vec<Line>,
}

#[derive(Serialize)]
struct Line {
    key: String,
    value: String,
}

impl Line {
    fn new(key: &str, value: impl Into<String>) -> Self {
        Self { key: key.to_owned(), value: value.into() }
    }
}

impl Conf<'_> {
    /// Whether brokers of a minority stop serving, by hacc's choice or the user's.
    pub(super) fn pauses_minority(&self) -> bool {
        let set = self.extra.iter().find(|line| line.key == "cluster_partition_handling");
        set.map(|line| &line.value).or(self.partition_handling.as_ref()).is_some_and(|value| value == "pause_minority")
    }
}

/// Of the container's memory, how much may be used before publishers are held back: RabbitMQ's own defaults, as an
/// absolute number, for a broker does not always see the container's limit.
fn watermark(memory: u64, major: u32) -> u64 {
    if major >= 4 { memory / 10 * 6 } else { memory / 10 * 4 }
}

/// Seconds without a word from another broker, give or take a quarter, after which it counts as gone. RabbitMQ's default is 60, and as
/// long does a publish wait that a hung or cut-off broker has to confirm (docs/decisions/011); below 8 its manual
/// warns of false alarms.
const NET_TICKTIME: u64 = 20;

/// Room on the disk for all that a broker may write when it is short of memory: as much as its watermark, 1 GiB at least
/// (rabbitmq.com/docs/production-checklist, "Free Disk Space").
fn room(watermark: Option<u64>) -> u64 {
    watermark.unwrap_or(0).max(1 << 30)
}

impl Planner<'_> {
    pub(super) fn conf<'a>(
        &mut self,
        declared: &'a Rabbitmq,
        names: &'a [String],
        unit: Id<Unit>,
        ram: bool,
    ) -> Conf<'a> {
        let version = declared.version.value;
        let has = |feature: &str| rabbitmq_has(feature, version);
        let size = names.len();
        let mirrored = declared
            .vhosts
            .iter()
            .flat_map(|vhost| &vhost.policies)
            .any(|policy| policy.definition.iter().any(|(key, _)| key.value.starts_with("ha-")));
        let memory = declared.memory_watermark.as_ref().map(|written| written.value);
        let memory = memory.or_else(|| declared.memory.as_ref().map(|limit| watermark(limit.value, version.major)));
        let own = Own::of(declared);
        let writes = |key: &str| own.writes(key);
        let leader_locator = if has("queue-leader-locator") {
            Line::new("queue_leader_locator", "balanced")
        } else {
            Line::new("queue_master_locator", "min-masters")
        };
        let definitions = if has("definitions-import-backend") {
            ("local_filesystem", ["definitions.import_backend", "definitions.local.path"].as_slice())
        } else if has("load-definitions") {
            ("load_definitions", ["load_definitions"].as_slice())
        } else {
            ("management", ["management.load_definitions"].as_slice())
        };
        let log = [Line::new("log.console", "true"), Line::new("log.console.level", "info")];
        let discovery_backend =
            if has("classic-config-short-name") { "classic_config" } else { "rabbit_peer_discovery_classic_config" };
        // A quorum queue that lost a replica for good gets no other by itself, unless it is told to.
        let reconciles = has("quorum-membership-reconciliation")
            && size > 2
            && !own.below("quorum_queue.continuous_membership_reconciliation");
        let extra = declared.settings.iter().map(|setting| Line {
            key: self.fits(Grammar::Word, &setting.key, "a key"),
            value: self.setting(&setting.value),
        });
        Conf {
            extra: extra.collect(),
            cluster_name: &declared.name.value,
            cluster_name_key: has("cluster-name-key") && writes("cluster_name"),
            nodes: if own.below("cluster_formation.classic_config.nodes") { &[] } else { names },
            discovery_backend: writes("cluster_formation.peer_discovery_backend").then_some(discovery_backend),
            no_startup_delay: has("startup-delay") && !own.below("cluster_formation.randomized_startup_delay_range"),
            target_cluster_size_hint: (has("target-cluster-size-hint")
                && writes("cluster_formation.target_cluster_size_hint"))
            .then_some(size),
            node_type: (ram && has("ram-nodes") && writes("cluster_formation.node_type")).then_some("ram"),
            partition_handling: if own.below("cluster_partition_handling") {
                None
            } else {
                self.partition_handling(declared, size)
            },
            // Mirroring is for classic queues; a cluster that mirrors wants those.
            default_queue_type: (has("default-queue-type") && !mirrored && writes("default_queue_type"))
                .then_some("quorum"),
            initial_quorum_size: (has("quorum-initial-cluster-size")
                && size > 1
                && writes("quorum_queue.initial_cluster_size"))
            .then_some(odd(size)),
            target_quorum_size: reconciles.then_some(odd(size)),
            leader_locator: Some(leader_locator).filter(|line| writes(&line.key)),
            listeners: if writes("listeners.tcp.1") && writes("listeners.tcp") {
                match self.binds_of(unit, "amqp") {
                    [] => vec!["5672".to_owned()],
                    addresses => addresses.iter().map(|ip| format!("{ip}:5672")).collect(),
                }
            } else {
                Vec::new()
            },
            // Both plugins listen on one address each.
            management_ip: self
                .binds_of(unit, "management")
                .first()
                .map(Ipv4Addr::to_string)
                .filter(|_| writes("management.tcp.ip")),
            prometheus_ip: self
                .binds_of(unit, "prometheus")
                .first()
                .map(Ipv4Addr::to_string)
                .filter(|_| has("prometheus") && writes("prometheus.tcp.ip")),
            keepalive: writes("tcp_listen_options.keepalive"),
            heartbeat: writes("heartbeat")
                .then(|| declared.heartbeat.as_ref().map_or(30, |written| written.value.div_ceil(1_000))),
            net_ticktime: (has("net-ticktime-key") && size > 1 && writes("net_ticktime")).then_some(NET_TICKTIME),
            memory: memory
                .filter(|_| !own.below("vm_memory_high_watermark"))
                .map(|bytes| Line::new("vm_memory_high_watermark.absolute", bytes.to_string())),
            disk_free_limit: (!own.below("disk_free_limit"))
                .then(|| declared.disk_free_limit.as_ref().map_or(room(memory), |written| written.value)),
            consumer_timeout: (has("consumer-timeout") && writes("consumer_timeout")).then_some(1_800_000),
            log: log.into_iter().filter(|line| writes(&line.key)).collect(),
            definitions: Some(definitions.0).filter(|_| definitions.1.iter().all(|key| writes(key))),
            skip_if_unchanged: has("definitions-skip-if-unchanged") && writes("definitions.skip_if_unchanged"),
        }
    }

    /// A minority stops by itself; two brokers have no minority, so there the losing side starts again.
    fn partition_handling(&mut self, declared: &Rabbitmq, size: usize) -> Option<String> {
        match &declared.partition_handling {
            Some(written) => Some(self.fits(Grammar::Ini, written, "a value")),
            None if !rabbitmq_has("cluster-partition-handling", declared.version.value) || size < 2 => None,
            None if size == 2 => Some("autoheal".to_owned()),
            None => Some("pause_minority".to_owned()),
        }
    }

    fn setting(&mut self, value: &Spanned<PolicyValue>) -> String {
        let text = match &value.value {
            PolicyValue::Text(text) => text.clone(),
            PolicyValue::Integer(number) => number.to_string(),
            PolicyValue::Bool(yes) => yes.to_string(),
            PolicyValue::List(parts) => parts.join(","),
        };
        self.fits(Grammar::Ini, &Spanned::new(text, value.span), "a value")
    }
}

/// Which lines are hacc's to write: those whose keys the user does not set.
struct Own<'a>(FxHashSet<&'a str>);

impl<'a> Own<'a> {
    fn of(declared: &'a Rabbitmq) -> Self {
        Self(declared.settings.iter().map(|setting| setting.key.value.as_str()).collect())
    }

    fn writes(&self, key: &str) -> bool {
        !self.0.contains(key)
    }

    /// Whether the user sets `key`, or a key that begins with it and a dot.
    fn below(&self, key: &str) -> bool {
        self.0.iter().any(|set| set.strip_prefix(key).is_some_and(|rest| rest.is_empty() || rest.starts_with('.')))
    }
}

/// Replicas of a quorum queue: all of a small cluster, five of a large one, never an even number.
fn odd(size: usize) -> usize {
    let most = size.min(5);
    if most.is_multiple_of(2) { most - 1 } else { most }
}

#[cfg(test)]
mod tests;
