use crate::lint::members::{by_place, names, place};
use crate::lint::{Check, Context, Level, Rule, Sink};

/// A member that is to speak by unicast and has nobody to speak to: it speaks by multicast.
pub const RULE: Rule = Rule {
    name: "unicast-without-peers",
    level: Level::Warning,
    page: include_str!("../../../docs/rules/unicast-without-peers.md"),
    check: Check::Claims(check),
};

fn check(context: &Context<'_>, sink: &mut Sink) {
    let found = by_place(context, |claim| {
        if !claim.peers.is_empty() {
            return None;
        }
        let asked = claim.unicast.is_written() && claim.unicast.known() == Some(&true);
        let hops = claim.unicast_ttl.known().is_some();
        let fact = if asked { place(&claim.unicast, claim.span) } else { place(&claim.unicast_ttl, claim.span) };
        (asked || hops).then_some((fact, asked))
    });
    for (span, asked, who) in found {
        let (label, help) = if asked {
            ("to nobody: there is no other member", "give the component a second node, or leave unicast= out")
        } else {
            ("said of unicast, and these adverts go by multicast", "write unicast=#true, or leave unicast-ttl= out")
        };
        sink.finding(format!("adverts of {} go by multicast, whatever is written", names(&who)))
            .label(span, label)
            .note("keepalived takes what belongs to unicast back where there are no peers: adverts go to 224.0.0.18, where others may listen")
            .help(help)
            .emit();
    }
}
