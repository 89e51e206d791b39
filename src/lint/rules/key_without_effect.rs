use crate::lint::members::place;
use crate::lint::{Check, Context, Level, Rule, Sink};
use crate::releases::rabbitmq_has;
use crate::topology::Version;

/// A key of rabbitmq.conf that this release reads and does not heed.
pub const RULE: Rule = Rule {
    name: "key-without-effect",
    level: Level::Warning,
    page: include_str!("../../../docs/rules/key-without-effect.md"),
    check: Check::Claims(check),
};

/// Keys (`.` at the end: all that begin so), the feature (a name of `stdlib/releases/rabbitmq.tsv`) without which they
/// mean nothing, why, and what to do.
const KEYS: [(&str, &str, &str, &str); 4] = [
    ("cluster_partition_handling", PARTITIONS, NO_MNESIA, MAJORITY),
    ("cluster_partition_handling.", PARTITIONS, NO_MNESIA, MAJORITY),
    (
        "cluster_formation.randomized_startup_delay_range.",
        "startup-delay",
        "brokers that start together wait for each other by a lock",
        "leave it out; from 4.0 on it even stops the boot",
    ),
    (
        "mirroring_sync_",
        "mirrored-queues",
        "there are no mirrored queues that could be synchronised",
        "leave it out; quorum queues repair themselves",
    ),
];

const PARTITIONS: &str = "cluster-partition-handling";
const NO_MNESIA: &str = "Khepri keeps the metadata: whoever sees no majority cannot change it, whatever is written here";
const MAJORITY: &str = "leave it out, and give the cluster an odd number of brokers, three or more";

/// Why the key means nothing, and what to do.
fn why(key: &str, version: Version) -> Option<(&'static str, &'static str)> {
    let fits = |known: &str| key == known || known.ends_with(['.', '_']) && key.starts_with(known);
    let (_, feature, why, help) = KEYS.iter().find(|(known, ..)| fits(known))?;
    (!rabbitmq_has(feature, version)).then_some((why, help))
}

fn check(context: &Context<'_>, sink: &mut Sink) {
    for claim in context.system.settings.values() {
        let component = &context.system.components[claim.cluster];
        let release = &component.release.version;
        let Some(version) = release.known().copied() else { continue };
        let key = claim.key.value.as_str();
        // A key that stops the boot is another rule's business.
        let taken = crate::releases::rabbitmq_conf_key(key, version) == crate::releases::ConfKey::Accepted;
        let Some((why, help)) = why(key, version).filter(|_| taken) else { continue };
        let said = claim.property.map_or_else(|| key.to_owned(), |property| format!("{property}="));
        sink.finding(format!("`{said}` means nothing to RabbitMQ {version}"))
            .label(claim.key.span, "read, and not heeded")
            .label(place(release, component.name.span), "the release")
            .note(why)
            .help(help)
            .emit();
    }
}
