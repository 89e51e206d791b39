use std::collections::BTreeSet;

use crate::lint::members::name_of;
use crate::lint::scripts::{commands, program};
use crate::lint::{Check, Context, Level, Rule, Sink};

/// keepalived runs commands by their path; one without it depends on the PATH of whoever starts keepalived.
pub const RULE: Rule = Rule {
    name: "script-relative",
    level: Level::Warning,
    page: include_str!("../../../docs/rules/script-relative.md"),
    check: Check::Claims(check),
};

fn check(context: &Context<'_>, sink: &mut Sink) {
    let mut seen = BTreeSet::new();
    for claim in context.system.vrrps.values() {
        for (command, what) in commands(claim) {
            let Some(program) = program(command).filter(|program| !program.starts_with('/')) else { continue };
            if !seen.insert(command.span()) {
                continue;
            }
            sink.finding(format!("the {what} of `{}` runs `{program}`, wherever that is", name_of(context.system, claim)))
                .label(command.span(), "no path")
                .note("it is looked for in the PATH that keepalived happens to have; one that is not found is dropped, and nothing is checked")
                .help(format!("write the whole path, for instance /usr/bin/{program}"))
                .emit();
        }
    }
}
