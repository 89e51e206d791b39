use crate::lint::brokers::clusters;
use crate::lint::settings::{Settings, whole};
use crate::lint::{Check, Confidence, Context, Draft, Level, Rule, Sink};
use crate::source::Span;

/// Consumers are cut off before they are done with a message.
pub const RULE: Rule = Rule {
    name: "consumer-timeout-low",
    level: Level::Warning,
    page: include_str!("../../../docs/rules/consumer-timeout-low.md"),
    check: Check::Claims(check),
};

/// A minute: below it the value is not supported (rabbitmq.com/docs/consumers, "Acknowledgement Timeout").
const LEAST: i64 = 60_000;

/// Five minutes: below them it is not recommended, as there.
const GOOD: i64 = 300_000;

fn check(context: &Context<'_>, sink: &mut Sink) {
    let system = context.system;
    let settings = Settings::of(system);
    for cluster in clusters(system) {
        if let Some(claim) = settings.get(cluster.id, "consumer_timeout") {
            judge(whole(&claim.value.value), claim.value.span, sink);
        }
    }
    for claim in system.policies.values() {
        if let Some(value) = claim.get("consumer-timeout") {
            judge(whole(&value.value), value.span, sink);
        }
    }
}

fn judge(milliseconds: Option<i64>, at: Span, sink: &mut Sink) {
    // What is no number above 0 does not get that far.
    let Some(is) = milliseconds.filter(|is| (1..GOOD).contains(is)) else { return };
    let draft: Draft<'_> = sink.finding(format!("consumers have {} to acknowledge a message", time(is)));
    let draft = if is < LEAST { draft.label(at, "milliseconds; less than a minute is not supported") } else {
        draft.level(Level::Advice).confidence(Confidence::Likely).label(at, "milliseconds; less than five minutes is not recommended")
    };
    draft
        .note(
            "whoever works longer on one message loses the channel with PRECONDITION_FAILED; the message goes to another \
             consumer, which does the same work for as long and is cut off too",
        )
        .help("write the longest time that a message may take, in milliseconds, or leave it out: 1800000, half an hour, is the default")
        .emit();
}

fn time(milliseconds: i64) -> String {
    if milliseconds < 1_000 { format!("{milliseconds} ms") } else { format!("{} s", milliseconds / 1_000) }
}
