//! Rules: one Rust file and one Markdown page each, registered by one line in `rules/mod.rs`.
//!
//! A rule reads the claims and what is derived from them, and reports [findings](Finding); the [engine](run) sorts
//! them and takes out those that an `allow` accepts. Every rule is linear in the number of claims: members are brought
//! together by hashing, never by comparing each with each.

mod allow;
mod apart;
mod brokers;
mod catalogue;
mod engine;
mod finding;
pub mod fix;
mod images;
mod members;
mod patterns;
mod proxies;
mod rule;
pub mod rules;
mod scripts;
mod secrets;
mod servers;
mod settings;

pub use catalogue::Entry;
pub use engine::{Allowed, Outcome, run};
pub use finding::{Confidence, Finding, Fix, Level};
pub use rule::{Check, Context, Draft, Rule, Sink};

/// The rule with this name.
#[must_use]
pub fn rule(name: &str) -> Option<&'static Rule> {
    rules::ALL.iter().copied().find(|rule| rule.name == name)
}

/// The name of a rule that somebody who wrote `name` may have meant.
#[must_use]
pub fn similar_rule(name: &str) -> Option<&'static str> {
    crate::suggest::closest(name, rules::ALL.iter().map(|rule| rule.name))
}
