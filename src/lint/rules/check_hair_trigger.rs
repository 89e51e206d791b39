use std::collections::BTreeSet;

use crate::lint::proxies::{proxies, written};
use crate::lint::{Check, Confidence, Context, Fix, Level, Rule, Sink};

/// A single failure takes a server out, and hacc writes `on-marked-down shutdown-sessions`: its sessions are cut with
/// it.
pub const RULE: Rule = Rule {
    name: "check-hair-trigger",
    level: Level::Warning,
    page: include_str!("../../../docs/rules/check-hair-trigger.md"),
    check: Check::Claims(check),
};

fn check(context: &Context<'_>, sink: &mut Sink) {
    let mut seen = BTreeSet::new();
    for proxy in proxies(context) {
        let Some(fall) = proxy.check.as_ref().map(|probe| &probe.fall).filter(|fall| fall.known() == Some(&1)) else {
            continue;
        };
        let Some(span) = written(fall).filter(|span| seen.insert(*span)) else { continue };
        sink.finding("one check that fails cuts every session of a server")
            .label(span, "the first failure counts")
            .confidence(Confidence::Likely)
            .note("a lost packet or a pause of a second is enough, and all clients of that server connect again at once")
            .help("write fall=2: the second check comes within a second")
            .fix(Some(Fix {
                title: "wait for a second failure".to_owned(),
                safe: false,
                edits: vec![(span, "2".to_owned())],
            }))
            .emit();
    }
}
