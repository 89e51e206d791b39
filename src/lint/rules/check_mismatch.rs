use crate::derive::Group;
use crate::lint::members::{Disagreement, How, known, place, said, vip_words};
use crate::lint::{Check, Confidence, Context, Level, Rule, Sink};
use crate::system::VrrpClaim;

/// Members of a VIP judge their HAProxy in different ways.
pub const RULE: Rule = Rule {
    name: "check-mismatch",
    level: Level::Warning,
    page: include_str!("../../../docs/rules/check-mismatch.md"),
    check: Check::Claims(check),
};

fn check(context: &Context<'_>, sink: &mut Sink) {
    for group in context.groups() {
        let checked = said(context, group, |claim| known(&claim.checked, claim.span));
        let word = |checked: &bool| if *checked { "checks its HAProxy" } else { "checks nothing" }.to_owned();
        report(context, group, "check their HAProxy: some do, some do not", Disagreement::of(&checked, word), sink);
        // What is out of range is another rule's.
        let weights = said(context, group, |claim| {
            let weight = &claim.check.as_ref()?.weight;
            known(weight, claim.span).filter(|(weight, ..)| (-253..=253).contains(weight))
        });
        let word = |weight: &i64| if *weight == 0 { "no weight: a failure is a FAULT".to_owned() } else { format!("weight {weight}") };
        report(context, group, "give a failed check different weights", Disagreement::of(&weights, word), sink);
        let scripts = said(context, group, |claim| {
            let script = &claim.check.as_ref()?.script;
            let words = script.known().map_or("hacc's own check", String::as_str);
            Some((words.to_owned(), place(script, claim.span), How::of(script)))
        });
        report(context, group, "check their HAProxy with different commands", Disagreement::of(&scripts, Clone::clone), sink);
    }
}

fn report<V: Ord + Clone>(
    context: &Context<'_>,
    group: &Group<VrrpClaim>,
    what: &str,
    split: Option<Disagreement<V>>,
    sink: &mut Sink,
) {
    let Some(split) = split else { return };
    sink.finding(format!("members of {} {what}", vip_words(context, group)))
        .confidence(Confidence::Likely)
        .labels(split.places)
        .note("a failure counts for more on one member than on another: whether the VIP moves depends on who holds it, and a test of one direction says nothing of the other")
        .help("say it once for all, on the `vip` node")
        .emit();
}
