use std::collections::BTreeSet;

use crate::lint::members::place;
use crate::lint::{Check, Context, Level, Rule, Sink};

/// Failures are counted during a time, or not at all (nginx, `ngx_http_upstream_round_robin.c`).
pub const RULE: Rule = Rule {
    name: "fail-timeout-ignored",
    level: Level::Warning,
    page: include_str!("../../../docs/rules/fail-timeout-ignored.md"),
    check: Check::Claims(check),
};

fn check(context: &Context<'_>, sink: &mut Sink) {
    let mut seen = BTreeSet::new();
    for claim in context.system.registers.values() {
        let (Some(fails), Some(timeout)) = (claim.max_fails.known(), claim.fail_timeout.known()) else { continue };
        // With no count, a time that nobody wrote is no mistake: that is how such counting is turned off.
        let (message, note, help) = match (*fails, *timeout) {
            (0, _) if claim.fail_timeout.is_written() => (
                "fail-timeout= has no effect where max-fails=0",
                "failures are not counted: an instance that answers with errors keeps its share of the requests",
                "write max-fails=2, or leave fail-timeout out",
            ),
            (1.., 0) => (
                "no failure is remembered with fail-timeout=\"0s\"",
                "an instance that fails is left out until the next second begins, and gets requests again",
                "write fail-timeout=\"10s\"; max-fails=0 if nothing is to be counted",
            ),
            _ => continue,
        };
        let at = place(&claim.fail_timeout, claim.span);
        if seen.insert(at) {
            sink.finding(message)
                .label(at, "has no effect")
                .labels(claim.max_fails.is_written().then(|| (claim.max_fails.span(), format!("counts to {fails}"))))
                .note(note)
                .help(help)
                .emit();
        }
    }
}
