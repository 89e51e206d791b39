use crate::lint::brokers::release;
use crate::lint::settings::text;
use crate::lint::{Check, Context, Level, Rule, Sink};
use crate::releases::{ConfKey, rabbitmq_conf_key, rabbitmq_conf_value};
use crate::system::SettingClaim;

/// A value of rabbitmq.conf that the broker does not take.
pub const RULE: Rule = Rule {
    name: "setting-value-invalid",
    level: Level::Error,
    page: include_str!("../../../docs/rules/setting-value-invalid.md"),
    check: Check::Claims(check),
};

/// Keys whose value is any word to the reader of the file, and few to the broker, which boots with all of them: what then
/// happens (measured with 3.10.8, 4.0.5 and 4.3.6), and which words it knows.
const WORDS: [(&str, Level, &str, &[&str]); 3] = [
    (
        "default_queue_type",
        Level::Error,
        "the broker boots, and refuses each queue of a client that names no type",
        &["classic", "quorum", "stream"],
    ),
    (
        "queue_leader_locator",
        Level::Warning,
        "the broker boots, and puts each queue where its client is connected, as if nothing were written",
        &["balanced", "client-local", "least-leaders", "min-masters", "random"],
    ),
    (
        "queue_master_locator",
        Level::Error,
        "the broker boots, and fails whenever a client declares a queue",
        &["client-local", "min-masters", "random"],
    ),
];

const NO_BOOT: &str = "the broker refuses the file and does not boot; nor does any other of the cluster";

/// 512 MiB: more than that no release takes for a message (rabbitmq.com/docs/configure, `max_message_size`).
const LARGEST_MESSAGE: i64 = 536_870_912;

fn check(context: &Context<'_>, sink: &mut Sink) {
    let system = context.system;
    for claim in system.settings.values() {
        let key = claim.key.value.as_str();
        // A key that stops the boot is another rule's business.
        let taken = release(system, claim.cluster)
            .is_none_or(|(version, _)| !matches!(rabbitmq_conf_key(key, version), ConfKey::Refused(_)));
        if !taken {
            continue;
        }
        let value = text(&claim.value.value);
        if let Some(forms) = rabbitmq_conf_value(key, &value) {
            refused(sink, claim, &value, &forms, Level::Error, NO_BOOT);
        } else if let Some((_, level, note, words)) =
            WORDS.iter().find(|(known, _, _, words)| *known == key && !words.contains(&value.as_str()))
        {
            let words: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
            refused(sink, claim, &value, &words.join(" or "), *level, note);
        } else if key == "max_message_size" && value.parse::<i64>().is_ok_and(|size| size > LARGEST_MESSAGE) {
            refused(sink, claim, &value, "536870912 (512 MiB) at most", Level::Error, NO_BOOT);
        } else if key == "consumer_timeout" && value.parse::<i64>().is_ok_and(|time| time < 1) {
            refused(sink, claim, &value, "a number of milliseconds above 0", Level::Error, NO_BOOT);
        }
    }
    incomplete(context, sink);
}

fn refused(sink: &mut Sink, claim: &SettingClaim, value: &str, forms: &str, level: Level, note: &str) {
    sink.finding(format!("`{value}` is no value for `{}`", claim.said()))
        .level(level)
        .label(claim.value.span, format!("not {forms}"))
        .note(note)
        .help(format!("write {forms}"))
        .emit();
}

/// `pause_if_all_down` names brokers and what comes after (measured with 4.0.5 and 4.3.6: without, no boot).
fn incomplete(context: &Context<'_>, sink: &mut Sink) {
    let settings = &context.system.settings;
    let more = "cluster_partition_handling.pause_if_all_down.";
    let named: rustc_hash::FxHashSet<_> = settings
        .values()
        .filter_map(|claim| {
            let what = claim.key.value.strip_prefix(more)?;
            Some((claim.cluster, what.starts_with("nodes.")))
        })
        .collect();
    for claim in settings.values().filter(|claim| claim.key.value == "cluster_partition_handling") {
        let whole = named.contains(&(claim.cluster, true)) && named.contains(&(claim.cluster, false));
        if text(&claim.value.value) == "pause_if_all_down" && !whole {
            sink.finding("`pause_if_all_down` does not say which brokers are looked for, and what comes after")
                .label(claim.value.span, "half of a rule")
                .note("the broker refuses the file and does not boot")
                .help(format!("add set \"{more}nodes.1\" \"rabbit@NODE\" and set \"{more}recover\" \"autoheal\""))
                .emit();
        }
    }
}
