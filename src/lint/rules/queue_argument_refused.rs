use crate::lint::settings::text;
use crate::lint::{Check, Context, Level, Rule, Sink};
use crate::topology::{PolicyValue, QueueKind};

/// An argument with which the broker does not make the queue (measured with 3.10.8, 4.0.5 and 4.3.6).
pub const RULE: Rule = Rule {
    name: "queue-argument-refused",
    level: Level::Error,
    page: include_str!("../../../docs/rules/queue-argument-refused.md"),
    check: Check::Claims(check),
};

/// Arguments that only classic queues know.
const CLASSIC_ONLY: [&str; 2] = ["x-max-priority", "x-queue-mode"];

/// Arguments that are whole numbers.
const WHOLE: [&str; 8] = [
    "x-delivery-limit",
    "x-expires",
    "x-max-length",
    "x-max-length-bytes",
    "x-max-priority",
    "x-message-ttl",
    "x-quorum-initial-group-size",
    "x-stream-max-segment-size-bytes",
];

fn check(context: &Context<'_>, sink: &mut Sink) {
    for claim in context.system.queues.values() {
        for (key, value) in &claim.arguments {
            let name = key.value.as_str();
            let number = matches!(value.value, PolicyValue::Integer(0..));
            let (at, is, help) = if WHOLE.contains(&name) && !number {
                (value.span, format!("`{}` is no whole number from 0 on", text(&value.value)), "write the number without quotes")
            } else if CLASSIC_ONLY.contains(&name) && claim.kind.known() == Some(&QueueKind::Quorum) {
                (key.span, "known to classic queues alone".to_owned(), "leave the argument out, or type= as well")
            } else if name == "x-queue-type" {
                (key.span, "said by type=".to_owned(), "write type= instead")
            } else {
                continue;
            };
            sink.finding(format!("no broker makes queue `{}` with `{name}`", claim.name.value))
                .label(at, is)
                .note("the import of the definitions ends at this queue, and the broker does not boot")
                .help(help)
                .emit();
        }
    }
}
