use crate::lint::members::{Disagreement, known, said, vip_words};
use crate::lint::{Check, Context, Level, Rule, Sink};

/// Members that stand for the same addresses have to claim one VRID.
pub const RULE: Rule = Rule {
    name: "vrid-mismatch",
    level: Level::Error,
    page: include_str!("../../../docs/rules/vrid-mismatch.md"),
    check: Check::Claims(check),
};

fn check(context: &Context<'_>, sink: &mut Sink) {
    for group in context.groups() {
        let vrids = said(context, group, |claim| {
            // A VRID out of range is no VRID: keepalived drops the instance, and `vrid-out-of-range` says so.
            known(&claim.vrid, claim.span).filter(|(vrid, ..)| (1..=255).contains(vrid))
        });
        let Some(split) = Disagreement::of(&vrids, |vrid| format!("VRID {vrid}")) else { continue };
        let vip = vip_words(context, group);
        sink.finding(format!("members of {vip} claim different VRIDs: {}", split.values(ToString::to_string)))
            .labels(split.places.iter().cloned())
            .note(format!(
                "each hears only its own VRID, so each believes to be alone: all of them hold {vip} at the same time \
                 and answer for it, and a client reaches now one, now the other"
            ))
            .help(format!("claim one VRID everywhere, for instance {}, or leave it out", split.expected))
            .fix(split.fix(format!("claim VRID {} everywhere", split.expected), &split.expected.to_string()))
            .emit();
    }
}
