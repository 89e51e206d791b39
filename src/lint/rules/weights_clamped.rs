use std::collections::BTreeMap;

use crate::derive::Group;
use crate::lint::members::{name_of, place, vip_words};
use crate::lint::{Check, Confidence, Context, Level, Rule, Sink};
use crate::source::Span;
use crate::system::VrrpClaim;

/// Priorities that weights carry out of 1 to 254, where keepalived cuts them: members that differ become equal.
pub const RULE: Rule = Rule {
    name: "weights-clamped",
    level: Level::Warning,
    page: include_str!("../../../docs/rules/weights-clamped.md"),
    check: Check::Claims(check),
};

/// A member, its priority and what its weights add (while all is well) or take away (while all has failed).
struct Sum<'a> {
    claim: &'a VrrpClaim,
    base: i64,
    well: i64,
    failed: i64,
}

fn check(context: &Context<'_>, sink: &mut Sink) {
    for group in context.groups() {
        let sums: Vec<Sum<'_>> = group.members.iter().filter_map(|id| sum(&context.system.vrrps[*id])).collect();
        let over: Vec<&Sum<'_>> = sums.iter().filter(|sum| sum.base + sum.well >= 254).collect();
        if over.len() > 1 && over.iter().any(|sum| sum.base + sum.well > 254) {
            report(context, group, &over, true, sink);
        }
        let under: Vec<&Sum<'_>> = sums.iter().filter(|sum| sum.base + sum.failed <= 1).collect();
        if under.len() > 1 && under.iter().any(|sum| sum.base + sum.failed < 1) {
            report(context, group, &under, false, sink);
        }
    }
}

fn sum(claim: &VrrpClaim) -> Option<Sum<'_>> {
    // 255 ignores weights; what is out of range is another rule's.
    let base = *claim.priority.known().filter(|priority| (1..=254).contains(*priority))?;
    let weights: Option<Vec<i64>> = claim.weights().map(|weight| weight.known().copied()).collect();
    let weights = weights?;
    if weights.iter().any(|weight| !(-253..=253).contains(weight)) {
        return None;
    }
    let well = weights.iter().map(|weight| (*weight).max(0)).sum();
    Some(Sum { claim, base, well, failed: weights.iter().map(|weight| (*weight).min(0)).sum() })
}

fn report(context: &Context<'_>, group: &Group<VrrpClaim>, sums: &[&Sum<'_>], over: bool, sink: &mut Sink) {
    let system = context.system;
    let bound = if over { 254 } else { 1 };
    let mut labels: BTreeMap<Span, Vec<String>> = BTreeMap::new();
    for sum in sums {
        let change = if over { sum.well } else { sum.failed };
        let text = format!("`{}`: {} and {change:+} is {}, which counts as {bound}", name_of(system, sum.claim), sum.base, sum.base + change);
        labels.entry(place(&sum.claim.priority, sum.claim.span)).or_default().push(text);
    }
    let vip = vip_words(context, group);
    let draft = if over {
        sink.finding(format!("weights make members of {vip} equal: all of them are at 254 while they are well"))
            .note("the priorities are told apart no more: whoever starts first holds the VIP, and a reader of the files cannot tell who")
    } else {
        sink.finding(format!("weights make members of {vip} equal: all of them are at 1 when all have failed"))
            .level(Level::Advice)
            .confidence(Confidence::Possible)
            .note("of members that have failed none is better than the other: the VIP stays where it was")
    };
    draft
        .labels(labels.into_iter().take(4).map(|(span, texts)| (span, texts.join("; "))))
        .help("choose priorities and weights whose sums stay between 1 and 254, or leave the weights out: a failure is a FAULT then")
        .emit();
}
