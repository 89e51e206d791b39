//! Whether what is said points at the place where broken and fixed differ.

use std::fs;
use std::ops::Range;

use camino::Utf8Path;
use hacc::source::SourceMap;
use hacc::syntax;
use serde::Deserialize;
use similar::{DiffTag, TextDiff};

use crate::case::{Case, Side};

/// A diagnostic, as programs read it.
#[derive(Deserialize)]
pub struct Diagnostic {
    pub code: String,
    message: String,
    note: Option<String>,
    help: Option<String>,
    pub labels: Vec<Label>,
}

/// A place that it marks.
#[derive(Deserialize)]
pub struct Label {
    pub path: String,
    pub start: usize,
    pub end: usize,
}

#[derive(Deserialize)]
struct Report {
    diagnostics: Vec<Diagnostic>,
}

/// The diagnostics of a report in JSON.
pub fn diagnostics(json: &str) -> Vec<Diagnostic> {
    serde_json::from_str::<Report>(json).map_or_else(|error| panic!("{error}: {json}"), |report| report.diagnostics)
}

/// A place where the two sides differ.
#[derive(Debug)]
enum Place {
    /// Bytes of a text.
    Text(String, Range<usize>),
    /// A file that nobody can mark: it is missing, holds secrets, is no text, or differs in its mode.
    File(String),
}

/// What is wrong with the labels of a case; empty where they are right.
pub fn misplaced(case: &Case, diagnostics: &[Diagnostic], second: bool) -> Vec<String> {
    let places = places(case);
    let mut wrong = Vec::new();
    if places.is_empty() {
        wrong.push("broken and fixed do not differ".to_owned());
    }
    for place in &places {
        if !diagnostics.iter().any(|diagnostic| diagnostic.points_at(case, place, true)) {
            wrong.push(format!("nothing points at {place:?}"));
        }
    }
    for diagnostic in diagnostics {
        let main_alone = places.iter().any(|place| diagnostic.points_at(case, place, false));
        if main_alone == second {
            let what = if second { "points at the place after all" } else { "does not point at the place" };
            wrong.push(format!("the main label of {} {what}", diagnostic.code));
        }
    }
    wrong
}

impl Diagnostic {
    /// Whether a label (the main one, or any) marks the place; a file has to be named.
    fn points_at(&self, case: &Case, place: &Place, any: bool) -> bool {
        match place {
            Place::Text(path, range) => {
                let mut labels = self.labels.iter().take(if any { usize::MAX } else { 1 });
                labels.any(|label| label.path == *path && label.marks(&text(case, path), range))
            }
            Place::File(path) => {
                let mut texts: Vec<String> = vec![self.message.clone()];
                texts.extend(self.note.iter().chain(&self.help).cloned());
                texts
                    .extend(self.labels.iter().map(|label| text(case, &label.path)[label.start..label.end].to_owned()));
                let named = |name: &str| texts.iter().any(|text| text.contains(name));
                let (path, end) = (Utf8Path::new(path), Utf8Path::new(path).extension());
                // A folder may stand where a file belongs.
                let parent = path.parent().filter(|parent| !parent.as_str().is_empty());
                named(path.as_str())
                    || parent.is_some_and(|parent| named(parent.as_str()))
                    || end.is_some_and(|end| named(&format!("`.{end}`")))
            }
        }
    }
}

impl Label {
    /// Whether the label covers the range, or touches it but for blanks, without leaving its lines. What is missing has no
    /// text: then its line counts, or a node in which it should stand.
    fn marks(&self, text: &str, range: &Range<usize>) -> bool {
        let lines = line_start(text, range.start)..line_end(text, range.end);
        let inside = lines.start <= self.start && self.end <= lines.end;
        let one_line = !text[self.start..self.end].trim().contains('\n');
        let between = match self.start <= range.end && range.start <= self.end {
            true => "",
            false if self.end < range.start => &text[self.end..range.start],
            false => &text[range.end..self.start],
        };
        if between.trim().is_empty() && (inside || one_line) {
            return true;
        }
        (range.is_empty() && inside) || self.names_owner(text, range)
    }

    /// Whether it stands before the children of a node in which the place lies; where there is no such node, at the
    /// file's beginning.
    fn names_owner(&self, text: &str, place: &Range<usize>) -> bool {
        let mut sources = SourceMap::new();
        let id = sources.add("text", text).unwrap();
        let base = sources.get(id).base() as usize;
        let (document, _) = syntax::read(sources.get(id));
        let mut inside = false;
        let mut open: Vec<syntax::Node<'_>> = document.nodes().collect();
        while let Some(node) = open.pop() {
            let at = |offset: u32| offset as usize - base;
            if at(node.span().start) < place.start && place.end <= at(node.span().end) {
                inside = true;
                let header = node.children_span().map_or(at(node.span().end), |block| at(block.start) + 1);
                if place.is_empty() && at(node.name_span().start) <= self.start && self.end <= header {
                    return true;
                }
                open.extend(node.children());
            }
        }
        !inside && self.start == 0
    }
}

fn text(case: &Case, path: &str) -> String {
    let files = case.files(Side::Broken);
    let (from, _) = files.get(path).unwrap_or_else(|| panic!("{}: a label in {path}", case.name));
    fs::read_to_string(from).unwrap()
}

fn line_start(text: &str, at: usize) -> usize {
    text[..at].rfind('\n').map_or(0, |newline| newline + 1)
}

fn line_end(text: &str, at: usize) -> usize {
    text[at..].find('\n').map_or(text.len(), |newline| at + newline)
}

/// Endings of files whose text may be shown.
const SHOWN: &[&str] = &[".kdl", ".j2", ".lock"];

/// Where the sides of a case differ.
fn places(case: &Case) -> Vec<Place> {
    let (broken, fixed) = (case.files(Side::Broken), case.files(Side::Fixed));
    let mut places = Vec::new();
    let names: std::collections::BTreeSet<&String> = broken.keys().chain(fixed.keys()).collect();
    for name in names {
        let (Some((old, old_mode)), Some((new, new_mode))) = (broken.get(name), fixed.get(name)) else {
            // A file of the mended side alone replaces one of the broken side, or is what is missing.
            let replaced = !broken.contains_key(name) && broken.keys().any(|other| !fixed.contains_key(other));
            if !replaced {
                places.push(Place::File(name.clone()));
            }
            continue;
        };
        let [old, new] = [old, new].map(|path| fs::read(path).unwrap());
        if old == new && old_mode == new_mode {
            continue;
        }
        match (String::from_utf8(old), String::from_utf8(new)) {
            (Ok(old), Ok(new)) if SHOWN.iter().any(|ending| name.ends_with(ending)) => {
                places.extend(differences(&old, &new).into_iter().map(|range| Place::Text(name.clone(), range)));
            }
            _ => places.push(Place::File(name.clone())),
        }
    }
    places
}

/// Bytes of `broken` that `fixed` has otherwise: whole lines, each without what their beginnings and ends share; an
/// empty range where `fixed` only has more.
fn differences(broken: &str, fixed: &str) -> Vec<Range<usize>> {
    let lines = |text: &str| {
        let mut starts = vec![0];
        starts.extend(text.split_inclusive('\n').scan(0, |at, line| {
            *at += line.len();
            Some(*at)
        }));
        starts
    };
    let (old_starts, new_starts) = (lines(broken), lines(fixed));
    let diff = TextDiff::from_lines(broken, fixed);
    let changed = diff.ops().iter().filter(|op| op.tag() != DiffTag::Equal);
    changed
        .map(|op| {
            let old = old_starts[op.old_range().start]..old_starts[op.old_range().end];
            let new = new_starts[op.new_range().start]..new_starts[op.new_range().end];
            let trimmed = trim(&broken[old.clone()], &fixed[new]);
            old.start + trimmed.start..old.start + trimmed.end
        })
        .collect()
}

/// The part of `old` that is left without the beginning and the end that it shares with `new`, and without blanks
/// around it.
fn trim(old: &str, new: &str) -> Range<usize> {
    let shared = |a: &mut dyn Iterator<Item = char>, b: &mut dyn Iterator<Item = char>| -> usize {
        a.zip(b).take_while(|(a, b)| a == b).map(|(a, _)| a.len_utf8()).sum()
    };
    let start = shared(&mut old.chars(), &mut new.chars());
    let end = old.len() - shared(&mut old[start..].chars().rev(), &mut new[start..].chars().rev());
    let part = &old[start..end];
    let lead = part.len() - part.trim_start().len();
    if part.trim().is_empty() { start..start } else { start + lead..start + lead + part.trim().len() }
}

#[test]
fn differences_are_found_where_they_are() {
    let found = |broken, fixed| -> Vec<(usize, usize)> {
        differences(broken, fixed).iter().map(|range| (range.start, range.end)).collect()
    };
    assert_eq!(found("a b c\n", "a x c\n"), [(2, 3)]);
    assert_eq!(found("a\n", "a\nb\n"), [(2, 2)]);
    assert_eq!(found("a\n  bad\nb\n", "a\nb\n"), [(4, 7)]);
    assert_eq!(found("a c\n", "a b c\n"), [(2, 2)]);
    assert_eq!(found("a 1\nb\nc 1\n", "a 2\nb\nc 2\n"), [(2, 3), (8, 9)]);
    assert_eq!(found("", "a\n"), [(0, 0)]);
}

#[test]
fn a_label_marks_its_place_and_no_other() {
    let text = "host \"vm\" {\n  node \"a\"\n  node \"b\"\n}\nhost \"web\"\n";
    let marks = |label: &str, range: Range<usize>| {
        let start = text.find(label).unwrap();
        Label { path: String::new(), start, end: start + label.len() }.marks(text, &range)
    };
    let at = |piece: &str| text.find(piece).unwrap();
    assert!(marks("\"b\"", at("b\"")..at("b\"") + 1), "it covers the place");
    assert!(!marks("\"a\"", at("b\"")..at("b\"") + 1), "it stands in another line");
    assert!(!marks("host \"vm\" {\n  node \"a\"\n  node \"b\"", at("b\"")..at("b\"") + 1), "it covers everything");
    assert!(marks("\"vm\"", at("  node \"b\"")..at("  node \"b\"")), "the node that lacks a line");
    assert!(!marks("\"web\"", at("  node \"b\"")..at("  node \"b\"")), "another node");
}
