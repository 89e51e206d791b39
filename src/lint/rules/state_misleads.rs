use std::cmp::Reverse;

use crate::lint::members::{Places, name_of, names, place, vip_words};
use crate::lint::{Check, Confidence, Context, Fix, Level, Rule, Sink};
use crate::system::VrrpClaim;

/// `state` is a hint for the start; the priority decides. A file that says MASTER where another member is higher tells its
/// reader what is not so.
pub const RULE: Rule = Rule {
    name: "state-misleads",
    level: Level::Warning,
    page: include_str!("../../../docs/rules/state-misleads.md"),
    check: Check::Claims(check),
};

fn check(context: &Context<'_>, sink: &mut Sink) {
    let system = context.system;
    for group in context.groups() {
        let claims = || group.members.iter().map(|id| &system.vrrps[*id]);
        let masters: Vec<&VrrpClaim> = claims().filter(|claim| claim.state.known().is_some_and(|state| state == "MASTER")).collect();
        let Some(first) = masters.first() else { continue };
        let vip = vip_words(context, group);
        if masters.len() > 1 {
            let mut places = Places::new();
            for claim in &masters {
                places.add(place(&claim.state, claim.span), name_of(system, claim));
            }
            sink.finding(format!("{} members of {vip} say MASTER", masters.len()))
                .level(Level::Advice)
                .confidence(Confidence::Possible)
                .labels(places.labels(|who| format!("{}: MASTER", names(who))))
                .note("no split: each begins as BACKUP and the highest priority wins. The files tell that both are the master")
                .help("leave the state out: all members begin as BACKUP")
                .emit();
            continue;
        }
        // Out of range: keepalived takes another number.
        let priority = |claim: &VrrpClaim| claim.priority.known().copied().filter(|priority| (1..=255).contains(priority));
        let Some(own) = priority(first) else { continue };
        let best = claims().filter_map(|claim| Some((priority(claim)?, claim))).max_by_key(|(priority, claim)| (*priority, Reverse(claim.unit)));
        let Some((highest, best)) = best.filter(|(highest, _)| *highest > own) else { continue };
        let (name, other) = (name_of(system, first), name_of(system, best));
        sink.finding(format!("`{name}` says MASTER, and `{other}` holds {vip}"))
            .confidence(Confidence::Likely)
            .label(place(&first.state, first.span), "MASTER here")
            .label(place(&first.priority, first.span), format!("`{name}`: priority {own} here"))
            .label(place(&best.priority, best.span), format!("`{other}`: priority {highest} here, which wins"))
            .note("state is a hint for the start: the VIP goes to the highest priority within seconds, and whoever reads the file looks on the wrong machine")
            .help(format!("leave the state out, and write prefer=\"{name}\" if `{name}` shall hold it"))
            .fix(first.state.is_written().then(|| Fix {
                title: "begin as BACKUP, as all members do".to_owned(),
                safe: false,
                edits: vec![(first.state.span(), "\"BACKUP\"".to_owned())],
            }))
            .emit();
    }
}
