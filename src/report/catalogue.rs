use std::fmt::Write as _;

use serde::Serialize;

use crate::lint::{Confidence, Entry, Level};

use super::explain::summary;

/// Every rule as a row of a Markdown table.
#[must_use]
pub fn rule_table(entries: &[Entry]) -> String {
    let mut out = String::from("| rule | level | how sure | fix | what it finds |\n|---|---|---|---|---|\n");
    for entry in entries {
        let sure: Vec<&str> = entry.confidences.iter().rev().map(|confidence| confidence.word()).collect();
        let fixes: Vec<&str> = entry.fixes.iter().rev().map(|safe| kind(*safe)).collect();
        let fixes = if fixes.is_empty() { "–".to_owned() } else { fixes.join(", ") };
        let about = summary(entry.rule).replace('|', "\\|");
        let _ = writeln!(
            out,
            "| `{}` | {} | {} | {fixes} | {about} |",
            entry.rule.name,
            entry.rule.level.word(),
            sure.join(", "),
        );
    }
    out
}

/// Rules for programs. Stable: fields may be added; none is renamed or removed without a new `version`.
#[derive(Serialize)]
struct Catalogue<'a> {
    /// 1.
    version: u32,
    rules: Vec<Row<'a>>,
}

#[derive(Serialize)]
struct Row<'a> {
    name: &'a str,
    /// The level of its findings, unless one says otherwise.
    level: Level,
    /// All levels that its findings have, the mildest first.
    levels: Vec<Level>,
    /// How sure its findings are; null where that differs.
    confidence: Option<Confidence>,
    /// Each of `safe` and `changes-behaviour` that a fix of it can be; empty where it has none.
    fixes: Vec<&'a str>,
    /// What it finds, in a sentence.
    summary: String,
    /// Its page, Markdown.
    page: &'a str,
}

/// Rules as JSON, with a final line end.
#[must_use]
pub fn rules_json(entries: &[Entry]) -> String {
    let rows = entries.iter().map(|entry| Row {
        name: entry.rule.name,
        level: entry.rule.level,
        levels: entry.levels.iter().copied().collect(),
        confidence: entry.confidence(),
        fixes: entry.fixes.iter().rev().map(|safe| kind(*safe)).collect(),
        summary: summary(entry.rule),
        page: entry.rule.page,
    });
    let catalogue = Catalogue { version: 1, rules: rows.collect() };
    // Nothing in it can fail to be written.
    let mut text = serde_json::to_string_pretty(&catalogue).unwrap_or_default();
    text.push('\n');
    text
}

const fn kind(safe: bool) -> &'static str {
    if safe { "safe" } else { "changes-behaviour" }
}
