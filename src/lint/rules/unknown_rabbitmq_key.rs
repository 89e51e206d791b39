use std::collections::BTreeMap;

use crate::lint::members::place;
use crate::lint::{Check, Context, Level, Rule, Sink};
use crate::releases::{ConfKey, Takers, near_conf_keys, rabbitmq_conf_key};
use crate::system::{Component, SettingClaim};
use crate::topology::Version;

/// A line of rabbitmq.conf that this release does not take.
pub const RULE: Rule = Rule {
    name: "unknown-rabbitmq-key",
    level: Level::Error,
    page: include_str!("../../../docs/rules/unknown-rabbitmq-key.md"),
    check: Check::Claims(check),
};

/// What happens, on every release from 3.7 on.
const STOPS: &str = "one key that the release does not know ends the boot of every broker of the cluster";

fn check(context: &Context<'_>, sink: &mut Sink) {
    // The same slip in many clusters is looked up once.
    let mut meant: BTreeMap<(&str, Version), Vec<String>> = BTreeMap::new();
    for claim in context.system.settings.values().filter(|claim| claim.property.is_none()) {
        let component = &context.system.components[claim.cluster];
        let Some(version) = component.release.version.known().copied() else { continue };
        let key = claim.key.value.as_str();
        match rabbitmq_conf_key(key, version) {
            ConfKey::Accepted | ConfKey::Open => {}
            ConfKey::Malformed => sink
                .finding(format!("`{key}` cannot be a key of rabbitmq.conf"))
                .label(claim.key.span, "letters, digits, `_` and `-`, with dots between words")
                .note("every release takes it for a mistake of syntax, and no broker of the cluster boots")
                .help("leave the other characters out")
                .emit(),
            ConfKey::Refused(takers) => refused(component, claim, version, &takers, sink),
            ConfKey::Unknown { certain } => {
                let meant = meant.entry((key, version)).or_insert_with(|| near_conf_keys(key, version));
                // An image of one's own may hold plugins with keys of their own.
                unknown(claim, certain && !component.release.image.is_written(), meant, sink);
            }
        }
    }
}

fn refused(component: &Component, claim: &SettingClaim, version: Version, takers: &Takers, sink: &mut Sink) {
    let key = claim.key.value.as_str();
    let release = &component.release.version;
    let help = if key.starts_with("cluster_formation.randomized_startup_delay_range.") {
        "leave it out: from 3.8.18 on brokers that start together wait for each other by themselves".to_owned()
    } else if let Some(newer) = takers.after(version) {
        format!("leave it out, or choose {newer} or another release that takes it")
    } else {
        "leave it out: the release has another way, or does without".to_owned()
    };
    sink.finding(format!("RabbitMQ {version} does not take the key `{key}`"))
        .label(claim.key.span, format!("taken by {takers}"))
        .label(place(release, component.name.span), "the release")
        .note(STOPS)
        .help(help)
        .emit();
}

fn unknown(claim: &SettingClaim, certain: bool, meant: &[String], sink: &mut Sink) {
    let key = claim.key.value.as_str();
    let meant: Vec<String> = meant.iter().map(|key| format!("`{key}`")).collect();
    let draft = sink.finding(format!("no release of RabbitMQ that is known here takes the key `{key}`"));
    match (certain, meant.is_empty()) {
        (true, false) => draft
            .label(claim.key.span, "not a key of rabbitmq.conf")
            .note(STOPS)
            .help(format!("did you mean {}?", meant.join(" or ")))
            .emit(),
        (true, true) => draft
            .label(claim.key.span, "not a key of rabbitmq.conf")
            .note(STOPS)
            .help("leave it out; if a plugin that does not come with RabbitMQ brings the key, allow this rule with that reason")
            .emit(),
        (false, false) => draft
            .level(Level::Warning)
            .label(claim.key.span, "perhaps misspelt")
            .note("if the release does not know it either, no broker of the cluster boots")
            .help(format!("did you mean {}?", meant.join(" or ")))
            .emit(),
        (false, true) => {}
    }
}
