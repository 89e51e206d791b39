use crate::lint::members::{by_place, names};
use crate::lint::scripts::{file_name, program};
use crate::lint::{Check, Confidence, Context, Level, Rule, Sink};
use crate::system::VrrpClaim;
use crate::topology::Tracked;

/// A check that asks only whether a process is there.
pub const RULE: Rule = Rule {
    name: "check-only-process",
    level: Level::Advice,
    page: include_str!("../../../docs/rules/check-only-process.md"),
    check: Check::Claims(check),
};

/// Programs that find processes and ask them nothing.
const FINDERS: [&str; 5] = ["kill", "killall", "pgrep", "pidof", "ps"];

fn check(context: &Context<'_>, sink: &mut Sink) {
    for (span, (), who) in by_place(context, |claim| only_process(claim).map(|span| (span, ()))) {
        sink.finding(format!("the check of {} looks only whether there is a process", names(&who)))
            .confidence(Confidence::Likely)
            .label(span, "says that it runs, not that it answers")
            .note("a HAProxy that hangs, or has no connection left to give, is there: it keeps the VIP, and every connection waits")
            .help("leave it out: hacc's own check asks HAProxy through its socket; or ask the port that clients come to")
            .emit();
    }
}

/// Where a member says so, if it tracks processes and nothing else that is alive.
fn only_process(claim: &VrrpClaim) -> Option<crate::source::Span> {
    let finds = |script| program(script).is_some_and(|program| FINDERS.contains(&file_name(program)));
    let mut at = None;
    // hacc's own check has no script.
    for check in claim.commands() {
        if !finds(&check.script) {
            return None;
        }
        at.get_or_insert(check.script.span());
    }
    let process = claim.tracks.iter().find(|track| track.what == Tracked::Process);
    at.or(process.map(|track| track.name.span()))
}
