use crate::lint::members::{Places, name_of, names, place, vip_words};
use crate::lint::{Check, Confidence, Context, Level, Rule, Sink};

/// A member that comes back takes the VIP at once.
pub const RULE: Rule = Rule {
    name: "preempts-at-once",
    level: Level::Advice,
    page: include_str!("../../../docs/rules/preempts-at-once.md"),
    check: Check::Claims(check),
};

fn check(context: &Context<'_>, sink: &mut Sink) {
    let system = context.system;
    for group in context.groups().filter(|group| group.members.len() > 1) {
        let mut places = Places::new();
        for claim in group.members.iter().map(|id| &system.vrrps[*id]) {
            let delays = claim.preempt_delay.known().is_some_and(|delay| *delay > 0);
            if claim.nopreempt.known() == Some(&false) && !delays {
                places.add(place(&claim.nopreempt, claim.span), name_of(system, claim));
            }
        }
        let labels = places.labels(|who| format!("{} takes the VIP back", names(who)));
        if labels.is_empty() {
            continue;
        }
        sink.finding(format!("{} moves back at once when a better member is well again", vip_words(context, group)))
            .confidence(Confidence::Possible)
            .labels(labels)
            .note("every recovery is a second outage: all connections are cut again, for a VIP that was where it did its work")
            .help("leave nopreempt out: then the VIP stays until it has to move; or write preempt-delay=\"60s\" or more")
            .emit();
    }
}
