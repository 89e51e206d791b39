use serde::Serialize;

use crate::lint::Level;
use crate::source::{SourceMap, Span};

use super::{Item, Summary};

/// The whole report. The form is stable: fields may be added, none is renamed or removed without a new `version`.
#[derive(Serialize)]
pub struct Json<'a> {
    /// 1.
    version: u32,
    diagnostics: Vec<Entry<'a>>,
    summary: Summary,
}

/// An error of any phase, or a finding.
#[derive(Serialize)]
struct Entry<'a> {
    /// Name of the rule, or code of the error.
    code: &'a str,
    /// `error`, `warning` or `advice`.
    level: Level,
    message: &'a str,
    /// What follows in production, or null.
    note: Option<&'a str>,
    /// The way out, or null.
    help: Option<&'a str>,
    /// Places; the first one is the main one. May be empty.
    labels: Vec<Label<'a>>,
    /// What would mend it, or null.
    fix: Option<Fix<'a>>,
}

#[derive(Serialize)]
struct Label<'a> {
    #[serde(flatten)]
    place: Place<'a>,
    text: &'a str,
}

/// A range of a file: `start` and `end` are offsets in bytes from the file's first; lines and columns count from 1,
/// columns in Unicode scalar values; the end is exclusive.
#[derive(Serialize)]
struct Place<'a> {
    path: &'a str,
    start: u32,
    end: u32,
    line: u32,
    column: u32,
    end_line: u32,
    end_column: u32,
}

#[derive(Serialize)]
struct Fix<'a> {
    title: &'a str,
    /// Whether the cluster behaves the same afterwards, save for the mistake.
    safe: bool,
    /// Replacements; they do not overlap.
    edits: Vec<Edit<'a>>,
}

#[derive(Serialize)]
struct Edit<'a> {
    #[serde(flatten)]
    place: Place<'a>,
    /// What to write there.
    text: &'a str,
}

impl<'a> Json<'a> {
    /// The report on `items`. No text of a source is in it, so no secret either.
    #[must_use]
    pub fn new(map: &'a SourceMap, items: &[Item<'a>], summary: Summary) -> Self {
        Self { version: 1, diagnostics: items.iter().map(|item| entry(map, item)).collect(), summary }
    }
}

/// The report as JSON, with a final line end.
#[must_use]
pub fn json(map: &SourceMap, items: &[Item<'_>], summary: Summary) -> String {
    // Nothing in it can fail to be written: strings, numbers and lists.
    let mut text = serde_json::to_string_pretty(&Json::new(map, items, summary)).unwrap_or_default();
    text.push('\n');
    text
}

fn entry<'a>(map: &'a SourceMap, item: &Item<'a>) -> Entry<'a> {
    let diagnostic = item.diagnostic;
    let labels = diagnostic.labels.iter();
    Entry {
        code: diagnostic.code,
        level: item.level,
        message: &diagnostic.message,
        note: diagnostic.note.as_deref(),
        help: diagnostic.help.as_deref(),
        labels: labels.filter_map(|label| Some(Label { place: place(map, label.span)?, text: &label.text })).collect(),
        fix: item.fix.map(|fix| Fix {
            title: &fix.title,
            safe: fix.safe,
            edits: fix.edits.iter().filter_map(|(span, text)| Some(Edit { place: place(map, *span)?, text })).collect(),
        }),
    }
}

fn place(map: &SourceMap, span: Span) -> Option<Place<'_>> {
    let (_, source) = map.source_of(span)?;
    let (line, column) = source.line_column(span.start);
    let (end_line, end_column) = source.line_column(span.end);
    Some(Place {
        path: source.path().as_str(),
        start: span.start - source.base(),
        end: span.end - source.base(),
        line,
        column,
        end_line,
        end_column,
    })
}
