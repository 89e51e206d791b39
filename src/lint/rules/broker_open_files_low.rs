use crate::lint::{Check, Confidence, Context, Fix, Level, Rule, Sink};

/// A broker that runs out of files before it runs out of memory.
pub const RULE: Rule = Rule {
    name: "broker-open-files-low",
    level: Level::Warning,
    page: include_str!("../../../docs/rules/broker-open-files-low.md"),
    check: Check::Claims(check),
};

/// Below it even a test is short: each connection and each queue has one (rabbitmq.com/docs/production-checklist,
/// "Open File Handle Limit").
const LEAST: i64 = 4_096;

fn check(context: &Context<'_>, sink: &mut Sink) {
    let declared = context.topology.map_or(&[][..], |topology| &topology.rabbitmqs);
    for rabbitmq in declared {
        // What leaves nothing at all is the business of `limit-out-of-range`.
        let Some(is) = rabbitmq.open_files.as_ref().filter(|is| (1..LEAST).contains(&is.value)) else { continue };
        sink.finding(format!("the brokers of `{}` may open {} files each", rabbitmq.name.value, is.value))
            .confidence(Confidence::Likely)
            .label(is.span, "connections, queues and segments of messages together")
            .note(
                "each connection is a file. When one broker dies, its clients come to the others, which accept no more, and \
                 write messages slowly, for they close one file to open the next",
            )
            .help("leave it out: 16384 is the default here; 65536 for thousands of clients")
            .fix(Some(Fix { title: "write 65536".to_owned(), safe: true, edits: vec![(is.span, "65536".to_owned())] }))
            .emit();
    }
}
