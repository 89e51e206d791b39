use std::collections::BTreeMap;

use crate::lint::members::place;
use crate::lint::patterns::Names;
use crate::lint::{Check, Context, Level, Rule, Sink};
use crate::system::{Component, Id, PolicyClaim};

/// Two policies for the same names, of which one never applies, or nobody knows which.
pub const RULE: Rule = Rule {
    name: "policy-shadowed",
    level: Level::Warning,
    page: include_str!("../../../docs/rules/policy-shadowed.md"),
    check: Check::Claims(check),
};

/// Kinds of things that a policy applies to: classic and quorum queues, streams, exchanges.
const KINDS: usize = 4;

fn kinds(apply_to: &str) -> [bool; KINDS] {
    match apply_to {
        "queues" => [true, true, true, false],
        "classic_queues" => [true, false, false, false],
        "quorum_queues" => [false, true, false, false],
        "streams" => [false, false, true, false],
        "exchanges" => [false, false, false, true],
        "all" => [true; KINDS],
        _ => [false; KINDS],
    }
}

/// A policy whose names are plain.
struct Plain<'a> {
    claim: &'a PolicyClaim,
    /// What its names begin with, or the whole of the one name.
    literal: String,
    exact: bool,
    priority: i64,
    kinds: [bool; KINDS],
}

fn check(context: &Context<'_>, sink: &mut Sink) {
    let mut vhosts: BTreeMap<(Id<Component>, &str), Vec<Plain<'_>>> = BTreeMap::new();
    for claim in context.system.policies.values() {
        let (Some(pattern), Some(apply_to), Some(priority)) =
            (claim.pattern.known(), claim.apply_to.known(), claim.priority.known())
        else {
            continue;
        };
        let (literal, exact) = match Names::of(pattern) {
            Names::Prefix(literal) => (literal, false),
            Names::Exact(literal) => (literal, true),
            // What begins with `amq.` is nobody's business here.
            Names::NotAmq => (String::new(), false),
            Names::Other => continue,
        };
        let plain = Plain { claim, literal, exact, priority: *priority, kinds: kinds(apply_to) };
        vhosts.entry((claim.cluster, &claim.vhost)).or_default().push(plain);
    }
    for mut policies in vhosts.into_values() {
        // A name stands behind everything that it begins with; of equal ones the first written.
        policies.sort_by(|a, b| {
            a.literal.cmp(&b.literal).then(a.exact.cmp(&b.exact)).then(a.claim.span.cmp(&b.claim.span))
        });
        within(&policies, sink);
    }
}

/// Walks down the prefixes that stand around each policy, and keeps for each kind the highest of them.
fn within(policies: &[Plain<'_>], sink: &mut Sink) {
    let mut around: Vec<(usize, [Option<usize>; KINDS])> = Vec::new();
    for (n, policy) in policies.iter().enumerate() {
        let holds = |outer: &Plain<'_>| {
            if outer.exact { policy.exact && policy.literal == outer.literal } else { policy.literal.starts_with(&outer.literal) }
        };
        while around.last().is_some_and(|(outer, _)| !holds(&policies[*outer])) {
            around.pop();
        }
        let highest = around.last().map_or([None; KINDS], |(_, highest)| *highest);
        let over = (0..KINDS).filter(|kind| policy.kinds[*kind]).map(|kind| highest[kind]);
        // It is lost where for each kind some other one is as high or higher.
        let over: Option<Vec<usize>> = over
            .map(|outer| outer.filter(|outer| policies[*outer].priority >= policy.priority))
            .collect();
        if let Some(&outer) = over.as_ref().and_then(|over| over.first()) {
            report(policy, &policies[outer], sink);
        }
        let mut own = highest;
        for kind in (0..KINDS).filter(|kind| policy.kinds[*kind]) {
            if own[kind].is_none_or(|outer| policies[outer].priority <= policy.priority) {
                own[kind] = Some(n);
            }
        }
        around.push((n, own));
    }
}

fn report(inner: &Plain<'_>, outer: &Plain<'_>, sink: &mut Sink) {
    let (name, other) = (&inner.claim.policy.value, &outer.claim.policy.value);
    let at = |plain: &Plain<'_>| place(&plain.claim.pattern, plain.claim.policy.span);
    let tie = inner.priority == outer.priority;
    let message = if tie {
        format!("policies `{name}` and `{other}` match the same names with one priority")
    } else {
        format!("policy `{name}` never applies: `{other}` is higher and matches all of its names")
    };
    sink.finding(message)
        .label(at(inner), format!("priority {}", inner.priority))
        .label(at(outer), format!("`{other}`: priority {}", outer.priority))
        .note(if tie {
            "a queue has one policy; which of two with one priority is not defined, and can be another after a restart"
        } else {
            "a queue has one policy, the highest that matches: the keys of the others count for nothing"
        })
        .help(format!("give `{name}` a higher priority, with all keys that its queues need: keys of two policies are not merged"))
        .emit();
}
