use crate::lint::members::{by_place, names, place};
use crate::lint::{Check, Context, Level, Rule, Sink};

/// A delay that keepalived drops: longer than 1000 s, or beside nopreempt, state MASTER or strict mode (seen with 2.1.5 to
/// 2.3.4).
pub const RULE: Rule = Rule {
    name: "preempt-delay-ignored",
    level: Level::Warning,
    page: include_str!("../../../docs/rules/preempt-delay-ignored.md"),
    check: Check::Claims(check),
};

/// The longest delay, in milliseconds.
const LONGEST: u64 = 1_000_000;

fn check(context: &Context<'_>, sink: &mut Sink) {
    let found = by_place(context, |claim| {
        let delay = *claim.preempt_delay.known().filter(|delay| **delay > 0)?;
        let here = place(&claim.preempt_delay, claim.span);
        let (why, at) = if delay > LONGEST {
            ("longer than 1000s", here)
        } else if claim.nopreempt.known() == Some(&true) {
            ("nopreempt: who never takes the VIP back has nothing to wait for", claim.nopreempt.span())
        } else if claim.state.known().is_some_and(|state| state == "MASTER") {
            ("state MASTER: who begins as the holder waits for nothing", claim.state.span())
        } else if claim.strict.known() == Some(&true) {
            ("strict mode: VRRP to the letter knows no delay", claim.strict.span())
        } else {
            return None;
        };
        Some((here, (why, at)))
    });
    for (span, (why, at), who) in found {
        sink.finding(format!("keepalived drops the preempt-delay of {}", names(&who)))
            .label(span, if at == span { "at most 1000s" } else { "dropped" })
            .label(at, why)
            .note("the member does something else than is written: it takes the VIP back at once, or never")
            .help("write nopreempt=#false and a preempt-delay of up to 1000s, or nopreempt=#true and no delay; and no state=")
            .emit();
    }
}
