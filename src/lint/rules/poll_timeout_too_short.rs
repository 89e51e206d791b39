use std::collections::BTreeSet;

use crate::lint::members::place;
use crate::lint::{Check, Context, Level, Rule, Sink};
use crate::system::POLL_GIVE_UP;
use crate::topology::Follow;

/// A question waits in Consul until something changes: whoever gives up before Consul answers fails every time.
pub const RULE: Rule = Rule {
    name: "poll-timeout-too-short",
    level: Level::Error,
    page: include_str!("../../../docs/rules/poll-timeout-too-short.md"),
    check: Check::Claims(check),
};

fn check(context: &Context<'_>, sink: &mut Sink) {
    let mut seen = BTreeSet::new();
    for claim in context.system.follows.values().filter(|claim| claim.method.known() == Some(&Follow::Upsync)) {
        let at = place(&claim.wait, claim.span);
        if claim.wait.known().is_some_and(|ms| *ms <= POLL_GIVE_UP * 1000) && seen.insert(at) {
            sink.finding("upsync gives up before Consul answers")
                .label(at, format!("more than {POLL_GIVE_UP}s"))
                .note(format!(
                    "a question for which there is nothing new stays in Consul for up to 22s, and a server that says nothing \
                     is given up after {POLL_GIVE_UP}s: until then every question ends in the error log (timed out reading \
                     upsync_server), and the other servers are never asked"
                ))
                .help("leave wait= out: 6 minutes, as the module itself has it")
                .emit();
        }
    }
}
