//! What rules about groups share: who claims which value, where, and how to say it.

use std::collections::BTreeMap;
use std::fmt::Display;

use rustc_hash::FxHashMap;

use crate::derive::Group;
use crate::source::Span;
use crate::system::{Fact, Origin, System, VrrpClaim};

use super::{Context, Fix};

/// One member's claim of a value.
pub(super) struct Said<'a, V> {
    pub(super) value: V,
    /// Who claims it.
    pub(super) name: &'a str,
    /// Where.
    pub(super) span: Span,
    /// How it came to be.
    pub(super) how: How,
}

/// How a value came to be, as far as the reader has to know.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum How {
    Written,
    Chosen,
    Default,
}

impl How {
    pub(super) const fn of<T>(fact: &Fact<T>) -> Self {
        match fact.origin {
            Origin::Written(_) | Origin::Inferred { .. } => Self::Written,
            Origin::Chosen { .. } | Origin::Allocated { .. } => Self::Chosen,
            Origin::Default { .. } => Self::Default,
        }
    }

    const fn remark(self) -> &'static str {
        match self {
            Self::Written => "",
            Self::Chosen => " (chosen, not written)",
            Self::Default => " (the default)",
        }
    }
}

/// The place of a fact; where it is nowhere, the declaration.
pub(super) fn place<T>(fact: &Fact<T>, declaration: Span) -> Span {
    let span = fact.span();
    if span.is_some() { span } else { declaration }
}

/// The name of the unit that makes a VRRP claim.
pub(super) fn name_of<'a>(system: &'a System, claim: &VrrpClaim) -> &'a str {
    &system.units[claim.unit].name.value
}

/// What is found at one place: members that were told together are one finding. In the order of the text.
pub(super) fn by_place<'a, K: Ord>(
    context: &Context<'a>,
    of: impl Fn(&'a VrrpClaim) -> Option<(Span, K)>,
) -> Vec<(Span, K, Vec<&'a str>)> {
    let mut found: BTreeMap<(Span, K), Vec<&str>> = BTreeMap::new();
    for claim in context.system.vrrps.values() {
        if let Some(key) = of(claim) {
            let who = found.entry(key).or_default();
            let name = name_of(context.system, claim);
            if who.last() != Some(&name) {
                who.push(name);
            }
        }
    }
    found.into_iter().map(|((span, key), who)| (span, key, who)).collect()
}

/// What the members of a group say about one thing; members of which nothing certain is known are left out.
pub(super) fn said<'a, V>(
    context: &Context<'a>,
    group: &Group<VrrpClaim>,
    mut of: impl FnMut(&'a VrrpClaim) -> Option<(V, Span, How)>,
) -> Vec<Said<'a, V>> {
    let system = context.system;
    let members = group.members.iter().map(|id| &system.vrrps[*id]);
    members
        .filter_map(|claim| {
            let (value, span, how) = of(claim)?;
            Some(Said { value, name: name_of(system, claim), span, how })
        })
        .collect()
}

/// A known fact as [`said`] wants it.
pub(super) fn known<T: Clone>(fact: &Fact<T>, declaration: Span) -> Option<(T, Span, How)> {
    Some((fact.known()?.clone(), place(fact, declaration), How::of(fact)))
}

/// Members that claim different values of something that has to be equal.
pub(super) struct Disagreement<V> {
    /// What most members claim; where as many claim something else, what stands first in the text.
    pub(super) expected: V,
    /// The other values, in the order of the text.
    pub(super) others: Vec<V>,
    /// Every place: first those that differ, then those that agree with the expected value.
    pub(super) places: Vec<(Span, String)>,
    /// The places that differ, where all of them were written.
    differing: Option<Vec<Span>>,
}

impl<V: Ord + Clone> Disagreement<V> {
    /// The disagreement in `said`, if there is one; `word` says a value.
    pub(super) fn of(said: &[Said<'_, V>], word: impl Fn(&V) -> String) -> Option<Self> {
        struct Camp {
            size: usize,
            start: Span,
        }
        let mut camps: BTreeMap<&V, Camp> = BTreeMap::new();
        let mut places: BTreeMap<(&V, Span), (How, Vec<&str>)> = BTreeMap::new();
        for one in said {
            let camp = camps.entry(&one.value).or_insert(Camp { size: 0, start: one.span });
            camp.size += 1;
            camp.start = camp.start.min(one.span);
            places.entry((&one.value, one.span)).or_insert_with(|| (one.how, Vec::new())).1.push(one.name);
        }
        if camps.len() < 2 {
            return None;
        }
        let (expected, _) =
            camps.iter().max_by_key(|(_, camp)| (camp.size, std::cmp::Reverse(camp.start))).map(|(v, c)| (*v, c))?;
        let mut others: Vec<(&V, Span)> =
            camps.iter().filter(|(value, _)| **value != expected).map(|(value, camp)| (*value, camp.start)).collect();
        others.sort_by_key(|(_, start)| *start);
        let all_written = places.iter().all(|((value, _), (how, _))| *value == expected || *how == How::Written);
        let mut ordered: Vec<_> = places.into_iter().collect();
        ordered.sort_by_key(|((value, span), _)| (*value == expected, *span));
        let differing = ordered.iter().filter(|((value, _), _)| *value != expected).map(|((_, span), _)| *span);
        let differing = all_written.then(|| differing.collect());
        let places = ordered
            .iter()
            .map(|((value, span), (how, who))| (*span, format!("{}: {}{}", names(who), word(value), how.remark())))
            .collect();
        Some(Self {
            expected: expected.clone(),
            others: others.into_iter().map(|(value, _)| value.clone()).collect(),
            places,
            differing,
        })
    }

    /// The change that makes all claim the expected value, written as `text`; only where every differing value was
    /// written, so that there is something to change.
    pub(super) fn fix(&self, title: String, text: &str) -> Option<Fix> {
        let edits = self.differing.as_ref()?.iter().map(|span| (*span, text.to_owned())).collect();
        Some(Fix { title, safe: true, edits })
    }

    /// All values, the expected one first: "51 and 52".
    pub(super) fn values(&self, word: impl Fn(&V) -> String) -> String {
        list(std::iter::once(&self.expected).chain(&self.others).map(word))
    }
}

/// The virtual addresses of a group in words: "VIP 172.30.8.100".
pub(super) fn vip_words(context: &Context<'_>, group: &Group<VrrpClaim>) -> String {
    let mut seen = rustc_hash::FxHashSet::default();
    let vips = group.members.iter().flat_map(|id| &context.system.vrrps[*id].vips);
    let distinct: Vec<String> =
        vips.filter_map(Fact::known).filter(|ip| seen.insert(**ip)).take(4).map(ToString::to_string).collect();
    if distinct.is_empty() { "the VIP".to_owned() } else { format!("VIP {}", list(distinct)) }
}

/// Names in backticks, the first few of them: "`lb2`, `lb3` and 4 more".
pub(super) fn names<S: AsRef<str>>(names: &[S]) -> String {
    let shown = names.iter().take(3).map(|name| format!("`{}`", name.as_ref()));
    match names.len().saturating_sub(3) {
        0 => list(shown),
        more => format!("{} and {more} more", shown.collect::<Vec<_>>().join(", ")),
    }
}

/// "a", "a and b", "a, b and c"; of many, the first few.
pub(super) fn list<T: Display>(items: impl IntoIterator<Item = T>) -> String {
    const SHOWN: usize = 6;
    let mut items: Vec<String> = items.into_iter().map(|item| item.to_string()).collect();
    let more = items.len().saturating_sub(SHOWN);
    if more > 0 {
        items.truncate(SHOWN);
        items.push(format!("{more} more"));
    }
    match items.pop() {
        None => String::new(),
        Some(last) if items.is_empty() => last,
        Some(last) => format!("{} and {last}", items.join(", ")),
    }
}

/// Collects who stands at each place, so that a value said once for many members is shown once.
pub(super) struct Places<'a> {
    order: Vec<(Span, Vec<&'a str>)>,
    index: FxHashMap<Span, usize>,
}

impl<'a> Places<'a> {
    pub(super) fn new() -> Self {
        Self { order: Vec::new(), index: FxHashMap::default() }
    }

    pub(super) fn add(&mut self, span: Span, name: &'a str) {
        let at = *self.index.entry(span).or_insert(self.order.len());
        if at == self.order.len() {
            self.order.push((span, Vec::new()));
        }
        self.order[at].1.push(name);
    }

    /// Everybody, by place.
    pub(super) fn names(&self) -> impl Iterator<Item = &'a str> {
        self.order.iter().flat_map(|(_, names)| names.iter().copied())
    }

    /// The places with what `text` says of the names at each.
    pub(super) fn labels(&self, text: impl Fn(&[&str]) -> String) -> Vec<(Span, String)> {
        self.order.iter().map(|(span, who)| (*span, text(who))).collect()
    }
}
