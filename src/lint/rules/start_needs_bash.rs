use crate::lint::{Check, Confidence, Context, Level, Rule, Sink};

/// hacc gives start= to `/bin/sh -c`: in Debian's and Alpine's images that is dash or busybox, which know no bash
/// words (`ShellCheck` SC3000 and above).
pub const RULE: Rule = Rule {
    name: "start-needs-bash",
    level: Level::Warning,
    page: include_str!("../../../docs/rules/start-needs-bash.md"),
    check: Check::Claims(check),
};

/// What only bash and its like read, and what they are called. Blanks keep words apart.
const OF_BASH: [(&str, &str); 7] = [
    ("[[ ", "[[ … ]]"),
    ("<<<", "<<<"),
    ("<(", "<( … )"),
    ("$'", "$'…'"),
    ("&>", "&>"),
    ("source ", "source"),
    ("function ", "function"),
];

fn check(context: &Context<'_>, sink: &mut Sink) {
    for application in context.topology.into_iter().flat_map(|topology| &topology.applications) {
        let Some(start) = &application.start else { continue };
        let line = &start.value;
        // Who calls bash has it.
        if line.split([' ', '/', ';', '&']).any(|word| word == "bash") {
            continue;
        }
        let found = OF_BASH.into_iter().find(|(text, _)| {
            line.match_indices(text).any(|(at, _)| {
                let word = text.starts_with(|c: char| c.is_ascii_alphabetic());
                let before = line[..at].trim_end();
                !word || before.is_empty() || before.ends_with([';', '&', '|', '{', '('])
            })
        });
        let Some((_, what)) = found else { continue };
        sink.finding(format!("`{}` is started by a line that only bash reads", application.name.value))
            .label(start.span, format!("`{what}` is no word of sh"))
            .confidence(Confidence::Likely)
            .note("/bin/sh reads it, which is dash or busybox in most images: it ends with a syntax error or \"not found\", again and again")
            .help("write it for sh ([ … ] for [[ … ]], `.` for source), or begin with bash -c '…' where the image has it")
            .emit();
    }
}
