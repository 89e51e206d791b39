use std::collections::BTreeSet;

use crate::lint::proxies::containers;
use crate::lint::{Check, Context, Level, Rule, Sink};

/// Docker's json-file driver wants a positive size and at least one file ("max-size must be a positive number",
/// "max-file cannot be less than 1": loggerutils of moby).
pub const RULE: Rule = Rule {
    name: "log-out-of-range",
    level: Level::Error,
    page: include_str!("../../../docs/rules/log-out-of-range.md"),
    check: Check::Claims(check),
};

fn check(context: &Context<'_>, sink: &mut Sink) {
    let mut seen = BTreeSet::new();
    for claim in containers(context) {
        let size =
            (claim.log_size.known() == Some(&0)).then(|| (claim.log_size.span(), "more than nothing", "size=\"20MB\""));
        let files = claim
            .log_files
            .known()
            .filter(|files| **files < 1)
            .map(|_| (claim.log_files.span(), "1 or more", "files=5"));
        for (span, label, write) in size.into_iter().chain(files).filter(|(span, ..)| seen.insert(*span)) {
            sink.finding("no log fits into so little")
                .label(span, label)
                .note("Docker refuses to start the container, after docker compose config has accepted it")
                .help(format!("write {write}, or leave it out"))
                .emit();
        }
    }
}
