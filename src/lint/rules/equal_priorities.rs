use std::collections::BTreeMap;

use crate::lint::members::{Places, known, said, vip_words};
use crate::lint::{Check, Context, Level, Rule, Sink};

/// Two members of a VIP with one priority: nothing that is written decides between them.
pub const RULE: Rule = Rule {
    name: "equal-priorities",
    level: Level::Warning,
    page: include_str!("../../../docs/rules/equal-priorities.md"),
    check: Check::Claims(check),
};

fn check(context: &Context<'_>, sink: &mut Sink) {
    for group in context.groups() {
        let priorities = said(context, group, |claim| {
            // What is out of range is `priority-out-of-range`, not a tie.
            known(&claim.priority, claim.span).filter(|(priority, ..)| (1..=254).contains(priority))
        });
        let mut ties: BTreeMap<i64, (usize, Places<'_>)> = BTreeMap::new();
        for one in &priorities {
            let (members, places) = ties.entry(one.value).or_insert_with(|| (0, Places::new()));
            *members += 1;
            places.add(one.span, one.name);
        }
        let vip = vip_words(context, group);
        for (priority, (members, places)) in ties.into_iter().rev().filter(|(_, (members, _))| *members > 1) {
            sink.finding(format!("{members} members of {vip} have priority {priority}"))
                .labels(places.labels(|who| format!("{}: priority {priority}", crate::lint::members::names(who))))
                .note(
                    "whoever starts first holds the VIP, and when both start together the higher address wins: which \
                     one it is changes from start to start, and a reader of the files cannot tell",
                )
                .help("give each member a priority of its own, the preferred one the highest (254, 251, 248, …), or leave them out")
                .emit();
        }
    }
}
