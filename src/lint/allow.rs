use rustc_hash::FxHashMap;

use crate::source::Span;
use crate::topology::Allow;

use super::Finding;

/// The allows of a topology, ready to be asked; remembers which were needed.
pub(super) struct Allows<'a> {
    all: &'a [Allow],
    used: Vec<bool>,
    by_rule: FxHashMap<&'a str, OfRule>,
}

/// The allows of one rule. Those inside nodes are sorted by where their node starts; nodes nest or lie apart, so each
/// has one next larger one around it.
#[derive(Default)]
struct OfRule {
    everywhere: Option<usize>,
    inside: Vec<Inside>,
}

struct Inside {
    within: Span,
    allow: usize,
    around: Option<usize>,
}

impl<'a> Allows<'a> {
    pub(super) fn new(all: &'a [Allow]) -> Self {
        let mut by_rule: FxHashMap<&str, OfRule> = FxHashMap::default();
        for (n, allow) in all.iter().enumerate() {
            let of_rule = by_rule.entry(allow.rule.value.as_str()).or_default();
            match allow.within {
                Some(within) => of_rule.inside.push(Inside { within, allow: n, around: None }),
                None => {
                    of_rule.everywhere.get_or_insert(n);
                }
            }
        }
        for of_rule in by_rule.values_mut() {
            of_rule.inside.sort_by_key(|inside| (inside.within.start, u32::MAX - inside.within.end));
            let mut open: Vec<usize> = Vec::new();
            for n in 0..of_rule.inside.len() {
                let within = of_rule.inside[n].within;
                while open.last().is_some_and(|outer| !covers(of_rule.inside[*outer].within, within)) {
                    open.pop();
                }
                of_rule.inside[n].around = open.last().copied();
                open.push(n);
            }
        }
        Self { all, used: vec![false; all.len()], by_rule }
    }

    /// The allow that accepts `finding`, the innermost one where several do; it counts as needed from now on.
    pub(super) fn accept(&mut self, finding: &Finding) -> Option<usize> {
        let of_rule = self.by_rule.get(finding.diagnostic.code)?;
        let inner = finding.diagnostic.labels.iter().find_map(|label| of_rule.innermost(label.span));
        let allow = inner.or(of_rule.everywhere)?;
        self.used[allow] = true;
        Some(allow)
    }

    /// The allows that accepted nothing so far.
    pub(super) fn unused(&self) -> Vec<&'a Allow> {
        self.all.iter().zip(&self.used).filter(|(_, used)| !**used).map(|(allow, _)| allow).collect()
    }
}

impl OfRule {
    fn innermost(&self, place: Span) -> Option<usize> {
        let after = self.inside.partition_point(|inside| inside.within.start <= place.start);
        let mut at = after.checked_sub(1);
        while let Some(n) = at {
            if covers(self.inside[n].within, place) {
                return Some(self.inside[n].allow);
            }
            at = self.inside[n].around;
        }
        None
    }
}

const fn covers(outer: Span, inner: Span) -> bool {
    outer.start <= inner.start && inner.end <= outer.end
}
