use serde::Serialize;

use crate::lint::{Confidence, Level};
use crate::source::{SourceMap, Span};

use super::format::{Format, Judged, Report};
use super::{Item, Summary};

pub(super) const FORMAT: Format = Format {
    name: "json",
    about: "For programs: docs/lint-json.md",
    for_people: false,
    write: |report, _| lint(report),
};

/// The whole report. The form is stable: fields may be added, none is renamed or removed without a new `version`.
/// `schemas/lint.schema.json` describes it.
#[derive(Serialize)]
pub struct Json<'a> {
    /// 1.
    version: u32,
    /// What was judged, and whether all of it could be; `lint` only.
    #[serde(skip_serializing_if = "Option::is_none")]
    topologies: Option<&'a [Judged<'a>]>,
    diagnostics: Vec<Entry<'a>>,
    /// Findings that somebody accepts; `lint` only.
    #[serde(skip_serializing_if = "Option::is_none")]
    allowed: Option<Vec<Allowed<'a>>>,
    summary: Summary,
}

/// A finding that somebody accepts.
#[derive(Serialize)]
struct Allowed<'a> {
    #[serde(flatten)]
    entry: Entry<'a>,
    /// Why, and where that stands.
    reason: Label<'a>,
}

/// An error of any phase, or a finding.
#[derive(Serialize)]
struct Entry<'a> {
    /// Name of the rule, or code of the error.
    code: &'a str,
    /// `error`, `warning` or `advice`.
    level: Level,
    /// `certain`, `likely` or `possible`; errors are certain.
    confidence: Confidence,
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
        let diagnostics = items.iter().map(|item| entry(map, item)).collect();
        Self { version: 1, topologies: None, diagnostics, allowed: None, summary }
    }
}

/// The report as JSON, with a final line end.
#[must_use]
pub fn json(map: &SourceMap, items: &[Item<'_>], summary: Summary) -> String {
    pretty(&Json::new(map, items, summary))
}

fn lint(report: &Report<'_>) -> String {
    let allowed = report.allowed.iter().filter_map(|item| {
        let reason = item.reason?;
        let place = place(report.sources, reason.span)?;
        Some(Allowed { entry: entry(report.sources, item), reason: Label { place, text: &reason.value } })
    });
    pretty(&Json {
        topologies: Some(&report.topologies),
        allowed: Some(allowed.collect()),
        ..Json::new(report.sources, &report.items, report.summary)
    })
}

fn pretty(json: &Json<'_>) -> String {
    // Nothing in it can fail to be written: strings, numbers and lists.
    let mut text = serde_json::to_string_pretty(json).unwrap_or_default();
    text.push('\n');
    text
}

fn entry<'a>(map: &'a SourceMap, item: &Item<'a>) -> Entry<'a> {
    let diagnostic = item.diagnostic;
    let labels = diagnostic.labels.iter();
    Entry {
        code: diagnostic.code,
        level: item.level,
        confidence: item.confidence,
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
