use std::collections::BTreeSet;

use crate::lint::members::{name_of, place};
use crate::lint::{Check, Context, Fix, Level, Rule, Sink};

/// A try that may take longer than the time between two.
pub const RULE: Rule = Rule {
    name: "check-overlaps",
    level: Level::Warning,
    page: include_str!("../../../docs/rules/check-overlaps.md"),
    check: Check::Claims(check),
};

fn check(context: &Context<'_>, sink: &mut Sink) {
    let mut seen = BTreeSet::new();
    for claim in context.system.vrrps.values() {
        for check in claim.commands() {
            let (Some(every), Some(timeout)) = (check.every.known(), check.timeout.known()) else { continue };
            let at = place(&check.timeout, claim.span);
            if timeout <= every || !seen.insert(at) {
                continue;
            }
            let (every_is, timeout_is) = (seconds(*every), seconds(*timeout));
            sink.finding(format!("a check of `{}` may take {timeout_is} and is due every {every_is}", name_of(context.system, claim)))
                .label(at, format!("given up after {timeout_is}"))
                .label(place(&check.every, claim.span), format!("every {every_is}"))
                .note("while one hangs the next ones are left out: a HAProxy that hangs is noticed later than is written, by that much each time")
                .help(format!("write timeout=\"{every_is}\" or less, or leave it out"))
                .fix(check.timeout.is_written().then(|| Fix {
                    title: format!("give up after {every_is}"),
                    safe: false,
                    edits: vec![(check.timeout.span(), format!("\"{every_is}\""))],
                }))
                .emit();
        }
    }
}

/// Milliseconds as a topology writes them.
fn seconds(millis: u64) -> String {
    if millis.is_multiple_of(1000) { format!("{}s", millis / 1000) } else { format!("{millis}ms") }
}
