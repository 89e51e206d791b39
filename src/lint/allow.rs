use rustc_hash::FxHashMap;

use crate::source::Span;
use crate::topology::{Allow, Scope};

use super::Finding;

/// The allows of a topology, ready to be asked; remembers which were needed.
pub(super) struct Allows<'a> {
    all: &'a [Allow],
    used: Vec<bool>,
    by_rule: FxHashMap<&'a str, OfRule>,
}

/// The allows of one rule. Those inside nodes and files are sorted by where these start; they nest or lie apart, so each
/// has one next larger one around it.
#[derive(Default)]
struct OfRule {
    everywhere: Option<usize>,
    inside: Vec<Inside>,
    /// Single lines, in order; none twice.
    lines: Vec<(Span, usize)>,
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
            match allow.scope {
                Scope::Node(within) | Scope::File(within) => {
                    of_rule.inside.push(Inside { within, allow: n, around: None });
                }
                Scope::Line(line) => of_rule.lines.push((line, n)),
                Scope::Topology => {
                    of_rule.everywhere.get_or_insert(n);
                }
            }
        }
        for of_rule in by_rule.values_mut() {
            of_rule.lines.sort();
            of_rule.lines.dedup_by_key(|(line, _)| *line);
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
    pub(super) fn accept(&mut self, finding: &Finding) -> Option<&'a Allow> {
        let of_rule = self.by_rule.get(finding.diagnostic.code)?;
        let places = || finding.diagnostic.labels.iter().map(|label| label.span);
        let line = places().find_map(|place| of_rule.on_line(place));
        let inner = line.or_else(|| places().find_map(|place| of_rule.innermost(place)));
        let allow = inner.or(of_rule.everywhere)?;
        self.used[allow] = true;
        self.all.get(allow)
    }

    /// Whether an allow of this rule holds at a place that a fix would change; it counts as needed from now on.
    pub(super) fn holds(&mut self, rule: &str, place: Span) -> bool {
        let inside = |of_rule: &OfRule| of_rule.on_line(place).or_else(|| of_rule.innermost(place));
        let allow = self.by_rule.get(rule).and_then(inside);
        if let Some(allow) = allow {
            self.used[allow] = true;
        }
        allow.is_some()
    }

    /// The allows that accepted nothing so far.
    pub(super) fn unused(&self) -> Vec<&'a Allow> {
        self.all.iter().zip(&self.used).filter(|(_, used)| !**used).map(|(allow, _)| allow).collect()
    }
}

impl OfRule {
    /// That of the line on which `place` begins: a long node has its head there.
    fn on_line(&self, place: Span) -> Option<usize> {
        let after = self.lines.partition_point(|(line, _)| line.start <= place.start);
        let (line, allow) = self.lines.get(after.checked_sub(1)?)?;
        (place.start <= line.end).then_some(*allow)
    }

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
