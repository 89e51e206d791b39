use crate::lint::proxies::{component, containers};
use crate::lint::{Check, Confidence, Context, Level, Rule, Sink};

/// The kernel's own limit for one process is 1048576 (`fs.nr_open`); Docker cannot give a container more.
pub const RULE: Rule = Rule {
    name: "open-files-too-many",
    level: Level::Error,
    page: include_str!("../../../docs/rules/open-files-too-many.md"),
    check: Check::Claims(check),
};

/// `fs.nr_open` as Linux has it where nobody changed it.
const MOST: i64 = 1_048_576;

fn check(context: &Context<'_>, sink: &mut Sink) {
    for claim in containers(context) {
        let Some(files) = claim.open_files.known().filter(|files| **files > MOST) else { continue };
        let name = &component(context.system, claim.unit).name.value;
        sink.finding(format!("`{name}` may have {files} open files, more than Linux gives one process"))
            .label(claim.open_files.span(), format!("{MOST} at most"))
            .confidence(Confidence::Likely)
            .note("no container of it starts (error setting rlimits: operation not permitted), until somebody raises fs.nr_open on the host")
            .help("write what the connections need: two a connection for a proxy, one for a broker")
            .emit();
    }
}
