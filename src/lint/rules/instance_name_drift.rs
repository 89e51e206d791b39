use crate::lint::members::{Disagreement, known, said, vip_words};
use crate::lint::{Check, Confidence, Context, Level, Rule, Sink};

/// One VIP, several names of its instance: no split, but scripts and people look for one.
pub const RULE: Rule = Rule {
    name: "instance-name-drift",
    level: Level::Advice,
    page: include_str!("../../../docs/rules/instance-name-drift.md"),
    check: Check::Claims(check),
};

fn check(context: &Context<'_>, sink: &mut Sink) {
    for group in context.groups() {
        let instances = said(context, group, |claim| known(&claim.instance, claim.span));
        let Some(split) = Disagreement::of(&instances, |name| format!("\"{name}\"")) else { continue };
        sink.finding(format!("members of {} call its instance {}", vip_words(context, group), split.values(|name| format!("\"{name}\""))))
            .confidence(Confidence::Possible)
            .labels(split.places.iter().cloned())
            .note("VRRP does not send the name. Logs, notify scripts and whoever compares two files look for one and find another")
            .help("say instance= once, on the `vip` node, or leave it out")
            .emit();
    }
}
