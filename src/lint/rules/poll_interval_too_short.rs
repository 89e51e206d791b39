use std::collections::BTreeSet;

use crate::lint::members::place;
use crate::lint::{Check, Context, Level, Rule, Sink};
use crate::topology::Follow;

/// The pause after each answer of Consul is what keeps an error from becoming a storm.
pub const RULE: Rule = Rule {
    name: "poll-interval-too-short",
    level: Level::Warning,
    page: include_str!("../../../docs/rules/poll-interval-too-short.md"),
    check: Check::Claims(check),
};

/// Milliseconds. A choice: the module's own documentation has 500 ms in its examples and 5 s as default.
const SHORTEST: u64 = 200;

fn check(context: &Context<'_>, sink: &mut Sink) {
    let mut seen = BTreeSet::new();
    for claim in context.system.follows.values().filter(|claim| claim.method.known() == Some(&Follow::Upsync)) {
        let at = place(&claim.interval, claim.span);
        let Some(ms) = claim.interval.known().copied().filter(|ms| *ms < SHORTEST) else { continue };
        if !seen.insert(at) {
            continue;
        }
        let help = "leave interval= out (500ms): a change is seen at once anyway, since the question waits in Consul";
        if ms == 0 {
            sink.finding("0 is no interval")
                .level(Level::Error)
                .label(at, "upsync takes it for none, and its own 5s")
                .note("after an error or a change nginx knows nothing new for 5s")
                .help(help)
                .emit();
        } else {
            sink.finding(format!("Consul is asked every {ms}ms while it has nothing to say"))
                .label(at, format!("{SHORTEST}ms or more"))
                .note(
                    "every worker of nginx asks for itself. While no instance is registered, or Consul has no leader, each \
                     answer is an error, at once: the pause is all that is between Consul and a storm, and between the log \
                     and as many lines",
                )
                .help(help)
                .emit();
        }
    }
}
