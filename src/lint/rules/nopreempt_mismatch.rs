use crate::lint::members::{Disagreement, known, said, vip_words};
use crate::lint::{Check, Confidence, Context, Level, Rule, Sink};

/// Some members of a VIP wait, others take it back.
pub const RULE: Rule = Rule {
    name: "nopreempt-mismatch",
    level: Level::Warning,
    page: include_str!("../../../docs/rules/nopreempt-mismatch.md"),
    check: Check::Claims(check),
};

fn check(context: &Context<'_>, sink: &mut Sink) {
    for group in context.groups() {
        let waits = said(context, group, |claim| {
            // From those keepalived takes it back, which is a finding of its own.
            let cleared = claim.state.known().is_some_and(|state| state == "MASTER") || claim.priority.known() == Some(&255);
            known(&claim.nopreempt, claim.span).filter(|(waits, ..)| !(*waits && cleared))
        });
        let word = |waits: &bool| if *waits { "waits (nopreempt)" } else { "takes the VIP back" }.to_owned();
        let Some(split) = Disagreement::of(&waits, word) else { continue };
        sink.finding(format!("some members of {} take it back when they are well again, others wait", vip_words(context, group)))
            .confidence(Confidence::Likely)
            .labels(split.places.iter().cloned())
            .note("after a failure the VIP comes back or stays away, depending on who failed: nobody can tell where it will be")
            .help("write nopreempt= once, on the `vip` node, or leave it out: then all wait")
            .emit();
    }
}
