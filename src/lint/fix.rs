//! Fixes as new texts.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::source::{SourceId, SourceMap, Span};
use crate::syntax::{self, Document};

use super::{Finding, Fix};

/// What comes of applying fixes.
#[derive(Clone, Debug, Default)]
pub struct Applied {
    /// The texts that change.
    pub texts: BTreeMap<SourceId, String>,
    /// For each fix whether it is applied. One is not where an earlier one changes the same place in another way: once that is
    /// done, let the rules judge again.
    pub taken: Vec<bool>,
}

/// The changes of one text, by their first byte: up to where, and what to put there.
type Changes = BTreeMap<usize, (usize, String)>;

/// Makes the fixes of findings ready to be applied, by hacc or by who reads them from a report: with a part that is replaced by
/// nothing goes what it alone needed, the `;` of a node, its line, the space before an argument. The edits are then in the
/// order of the texts. A fix that cannot be applied is taken away.
pub fn settle<'f>(sources: &SourceMap, findings: impl IntoIterator<Item = &'f mut Finding>) {
    let mut documents: BTreeMap<SourceId, Document> = BTreeMap::new();
    for finding in findings {
        finding.fix = finding.fix.take().and_then(|fix| settled(sources, fix, &mut documents));
    }
}

fn settled(sources: &SourceMap, fix: Fix, documents: &mut BTreeMap<SourceId, Document>) -> Option<Fix> {
    let mut edits = Vec::with_capacity(fix.edits.len());
    for (span, new) in fix.edits {
        if !new.is_empty() || span.is_empty() {
            edits.push((span, new));
            continue;
        }
        let (id, source) = sources.source_of(span)?;
        let base = source.base();
        let document = documents.entry(id).or_insert_with(|| syntax::read(source).0);
        let gone = syntax::removal(document, (span.start - base) as usize..(span.end - base) as usize)?;
        let global = |at: usize| Some(base + u32::try_from(at).ok()?);
        for range in gone {
            edits.push((Span::new(global(range.start)?, global(range.end)?), String::new()));
        }
    }
    edits.sort();
    edits.dedup();
    let fix = Fix { edits, ..fix };
    changes(sources, &fix).is_some().then_some(fix)
}

/// Applies fixes that are [settled](settle), the earlier ones first.
#[must_use]
pub fn apply(sources: &SourceMap, fixes: &[&Fix]) -> Applied {
    let mut applied = Applied::default();
    let mut all: BTreeMap<SourceId, Changes> = BTreeMap::new();
    for fix in fixes {
        let changes = changes(sources, fix);
        let fits = changes.as_ref().is_some_and(|changes| agree(changes, &all));
        applied.taken.push(fits);
        for (source, range, text) in changes.into_iter().flatten().filter(|_| fits) {
            all.entry(source).or_default().insert(range.start, (range.end, text));
        }
    }
    for (id, changes) in all {
        let text = sources.get(id).text();
        let mut new = String::with_capacity(text.len());
        let mut done = 0;
        for (start, (end, replacement)) in changes {
            new.push_str(text.get(done..start).unwrap_or(""));
            new.push_str(&replacement);
            done = end;
        }
        new.push_str(text.get(done..).unwrap_or(""));
        applied.texts.insert(id, new);
    }
    applied
}

/// The changes of a fix; `None` where there are none, one of its places is in no text, or two are the same.
fn changes(sources: &SourceMap, fix: &Fix) -> Option<Vec<(SourceId, Range<usize>, String)>> {
    let mut changes = Vec::with_capacity(fix.edits.len());
    for (span, new) in &fix.edits {
        let (id, source) = sources.source_of(*span)?;
        sources.text_of(*span)?;
        let range = (span.start - source.base()) as usize..(span.end - source.base()) as usize;
        changes.push((id, range, new.clone()));
    }
    changes.sort_by_key(|(id, range, _)| (*id, range.start, range.end));
    changes.dedup();
    let apart = changes.windows(2).all(|pair| {
        let ((id, range, _), (next_id, next, _)) = (&pair[0], &pair[1]);
        id != next_id || (range.end <= next.start && range.start < next.start)
    });
    (apart && !changes.is_empty()).then_some(changes)
}

/// Whether these changes touch no place of the others, but in the same way.
fn agree(changes: &[(SourceId, Range<usize>, String)], all: &BTreeMap<SourceId, Changes>) -> bool {
    changes.iter().all(|(id, range, text)| {
        let Some(others) = all.get(id) else { return true };
        if let Some((end, other)) = others.get(&range.start) {
            return *end == range.end && other == text;
        }
        let before = others.range(..range.start).next_back().is_none_or(|(_, (end, _))| *end <= range.start);
        before && others.range(range.start..).next().is_none_or(|(start, _)| range.end <= *start)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The text after these fixes, each a list of first and last byte and what to put there, and which were taken.
    fn fixed(text: &str, fixes: &[&[(u32, u32, &str)]]) -> (String, Vec<bool>) {
        let mut sources = SourceMap::new();
        sources.add("before.kdl", "x").unwrap();
        let id = sources.add("topo.kdl", text).unwrap();
        let base = sources.get(id).base();
        let edits = |fix: &[(u32, u32, &str)]| {
            fix.iter().map(|(start, end, new)| (Span::new(base + start, base + end), (*new).to_owned())).collect()
        };
        let mut documents = BTreeMap::new();
        let fixes: Vec<Fix> = fixes
            .iter()
            .map(|fix| {
                let fix = Fix { title: String::new(), safe: true, edits: edits(fix) };
                // One that cannot be made ready is not applied as it is either.
                settled(&sources, fix.clone(), &mut documents).unwrap_or(fix)
            })
            .collect();
        let mut applied = apply(&sources, &fixes.iter().collect::<Vec<_>>());
        (applied.texts.remove(&id).unwrap_or_else(|| text.to_owned()), applied.taken)
    }

    #[test]
    fn of_two_fixes_of_one_place_the_first_is_applied() {
        let text = "a 1 2 3\nb 4\n";
        assert_eq!(fixed(text, &[&[(2, 3, "x")], &[(4, 5, "y")]]), ("a x y 3\nb 4\n".to_owned(), vec![true, true]));
        assert_eq!(fixed(text, &[&[(2, 5, "x")], &[(4, 7, "y")]]), ("a x 3\nb 4\n".to_owned(), vec![true, false]));
        assert_eq!(fixed(text, &[&[(4, 5, "x")], &[(2, 7, "y")]]), ("a 1 x 3\nb 4\n".to_owned(), vec![true, false]));
        // All of a fix or nothing.
        let both: &[(u32, u32, &str)] = &[(10, 11, "z"), (2, 3, "y")];
        assert_eq!(fixed(text, &[&[(2, 3, "x")], both]), ("a x 2 3\nb 4\n".to_owned(), vec![true, false]));
        assert_eq!(fixed(text, &[both]), ("a y 2 3\nb z\n".to_owned(), vec![true]));
        // The same change is no other one.
        assert_eq!(fixed(text, &[&[(2, 3, "y")], both]), ("a y 2 3\nb z\n".to_owned(), vec![true, true]));
    }

    #[test]
    fn insertions() {
        let text = "a 1\n";
        assert_eq!(fixed(text, &[&[(3, 3, " k=2")], &[(2, 3, "5")]]), ("a 5 k=2\n".to_owned(), vec![true, true]));
        assert_eq!(fixed(text, &[&[(3, 3, " k=2")], &[(3, 3, " l=2")]]), ("a 1 k=2\n".to_owned(), vec![true, false]));
    }

    #[test]
    fn a_part_that_goes_takes_its_line_with_it() {
        assert_eq!(fixed("a\nb; c\n", &[&[(0, 1, "")]]), ("b; c\n".to_owned(), vec![true]));
        assert_eq!(fixed("a\nb; c\n", &[&[(2, 3, "")], &[(5, 6, "")]]), ("a\nc\n".to_owned(), vec![true, false]));
        assert_eq!(fixed("a 1 k=2 { b; }\n", &[&[(4, 7, "")], &[(10, 11, "")]]).0, "a 1\n");
    }

    #[test]
    fn what_cannot_be_applied_is_not() {
        let text = "aé\n";
        for fix in [&[(2, 3, "x")][..], &[(0, 9, "x")], &[(0, 3, "x"), (1, 3, "y")], &[]] {
            assert_eq!(fixed(text, &[fix]), (text.to_owned(), vec![false]), "{fix:?}");
        }
    }
}
