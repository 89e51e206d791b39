use std::collections::BTreeSet;

use crate::lint::members::name_of;
use crate::lint::scripts::{commands, program};
use crate::lint::{Check, Context, Fix, Level, Rule, Sink};

/// /bin and /sbin are links on systems of today, and keepalived from 2.3 on runs nothing that it reaches through a link
/// (seen with 2.3.3 and 2.3.4; 2.1.5 and 2.2.7 run it).
pub const RULE: Rule = Rule {
    name: "script-behind-link",
    level: Level::Warning,
    page: include_str!("../../../docs/rules/script-behind-link.md"),
    check: Check::Claims(check),
};

fn check(context: &Context<'_>, sink: &mut Sink) {
    let mut seen = BTreeSet::new();
    for claim in context.system.vrrps.values() {
        for (command, what) in commands(claim) {
            let behind = |path: &&str| ["/bin/", "/sbin/"].iter().any(|folder| path.starts_with(folder));
            let Some(program) = program(command).filter(behind) else { continue };
            if !seen.insert(command.span()) {
                continue;
            }
            let whole = command.known().map(|command| format!("/usr{}", command.trim_start()));
            let plain = whole.filter(|whole| !whole.contains(['"', '\\']));
            sink.finding(format!("keepalived from 2.3 on does not run the {what} of `{}`: `{program}` lies behind a link", name_of(context.system, claim)))
                .label(command.span(), format!("{0} is a link to /usr{0}", &program[..program[1..].find('/').map_or(program.len(), |end| end + 1)]))
                .note("\"Disabling track script due to insecure\": the member checks nothing from then on, and the VIP stays on a dead HAProxy")
                .help(format!("write /usr{program}"))
                .fix(plain.filter(|_| command.is_written()).map(|whole| Fix {
                    title: format!("run /usr{program}"),
                    safe: true,
                    edits: vec![(command.span(), format!("\"{whole}\""))],
                }))
                .emit();
        }
    }
}
