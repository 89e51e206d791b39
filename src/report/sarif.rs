//! SARIF 2.1.0, for code scanning of any maker.
//! <https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html>

use std::collections::BTreeMap;

use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::lint::{self, Fix, Level};
use crate::secrets::hex;
use crate::source::{SourceMap, Span};

use super::format::{Format, Report};
use super::{Item, explain, explain::summary};

/// What paths are relative to: the folder in which hacc was started, for code scanning the top of the repository.
const BASE: &str = "%SRCROOT%";

pub(super) const FORMAT: Format = Format {
    name: "sarif",
    about: "SARIF 2.1.0, for code scanning",
    for_people: false,
    write: |report, _| write(report),
};

fn write(report: &Report<'_>) -> String {
    let all = || report.items.iter().chain(&report.allowed);
    let mut rules: BTreeMap<&str, usize> = all().map(|item| (item.diagnostic.code, 0)).collect();
    rules.values_mut().zip(0..).for_each(|(index, n)| *index = n);
    let mut seen = BTreeMap::new();
    let results: Vec<Value> = all().map(|item| result(report.sources, item, &rules, &mut seen)).collect();
    let incomplete = report.topologies.iter().filter(|topology| !topology.complete);
    let notifications: Vec<Value> = incomplete
        .map(|topology| {
            let text = format!("{} was not checked to its end: parts of it have errors", topology.path);
            let at = json!({ "physicalLocation": { "artifactLocation": artifact(topology.path) } });
            json!({ "level": "error", "message": { "text": text }, "locations": [at] })
        })
        .collect();
    let log = json!({
        "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "hacc",
                "version": env!("CARGO_PKG_VERSION"),
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": rules.keys().map(|code| descriptor(code)).collect::<Vec<_>>(),
            } },
            "columnKind": "unicodeCodePoints",
            "originalUriBaseIds": { BASE: { "description": { "text": "The folder in which hacc was started." } } },
            "invocations": [{
                "executionSuccessful": notifications.is_empty(),
                "toolExecutionNotifications": notifications,
            }],
            "results": results,
        }],
    });
    // Nothing in it can fail to be written.
    let mut text = serde_json::to_string_pretty(&log).unwrap_or_default();
    text.push('\n');
    text
}

/// A rule with its page; or the code of an error, which has none.
fn descriptor(code: &str) -> Value {
    let Some(rule) = lint::rule(code) else {
        return json!({
            "id": code,
            "shortDescription": { "text": "An error: what is written cannot be read as a topology." },
            "defaultConfiguration": { "level": "error" },
        });
    };
    json!({
        "id": code,
        "shortDescription": { "text": summary(rule) },
        "fullDescription": { "text": summary(rule) },
        "help": { "text": explain(rule), "markdown": rule.page },
        "defaultConfiguration": { "level": level(rule.level) },
    })
}

fn result(
    map: &SourceMap,
    item: &Item<'_>,
    rules: &BTreeMap<&str, usize>,
    seen: &mut BTreeMap<String, usize>,
) -> Value {
    let diagnostic = item.diagnostic;
    let mut text = diagnostic.message.clone();
    for part in [&diagnostic.note, &diagnostic.help].into_iter().flatten() {
        text.push_str("\n\n");
        text.push_str(part);
    }
    let mut places = diagnostic.labels.iter().filter_map(|label| location(map, label.span, &label.text));
    let main: Vec<Value> = places.next().into_iter().collect();
    let related: Vec<Value> = places.collect();
    let fixes: Vec<Value> = item.fix.into_iter().map(|fix| change(map, fix)).collect();
    let suppressions: Vec<Value> = item
        .reason
        .into_iter()
        .map(|reason| {
            let mut suppression = json!({ "kind": "inSource", "status": "accepted", "justification": reason.value });
            if let (Some(place), Some(object)) = (location(map, reason.span, ""), suppression.as_object_mut()) {
                object.insert("location".to_owned(), place);
            }
            suppression
        })
        .collect();
    json!({
        "ruleId": diagnostic.code,
        "ruleIndex": rules.get(diagnostic.code),
        "kind": "fail",
        "level": level(item.level),
        "message": { "text": text },
        "locations": main,
        "relatedLocations": related,
        "fixes": fixes,
        // Said of each, if of any: SARIF 3.27.23.
        "suppressions": suppressions,
        "partialFingerprints": { "haccFinding/v1": fingerprint(map, item, seen) },
        "properties": { "confidence": item.confidence },
    })
}

/// What stays the same while lines move: rule, file and words, and which one of several alike it is. No line of a source
/// goes into it: from the hash of a line one could guess the secret in it.
fn fingerprint(map: &SourceMap, item: &Item<'_>, seen: &mut BTreeMap<String, usize>) -> String {
    let mut hash = Sha256::new();
    let path = item.diagnostic.labels.first().and_then(|label| map.source_of(label.span));
    let path = path.map_or("", |(_, source)| source.path().as_str());
    for part in [item.diagnostic.code, path, &item.diagnostic.message] {
        hash.update(part.len().to_le_bytes());
        hash.update(part);
    }
    let mut hash = hex(&hash.finalize());
    hash.truncate(32);
    let before = seen.entry(hash.clone()).or_default();
    *before += 1;
    format!("{hash}:{before}")
}

fn location(map: &SourceMap, span: Span, text: &str) -> Option<Value> {
    let (_, source) = map.source_of(span)?;
    let physical = json!({ "artifactLocation": artifact(source.path().as_str()), "region": region(map, span) });
    Some(if text.is_empty() {
        json!({ "physicalLocation": physical })
    } else {
        json!({ "physicalLocation": physical, "message": { "text": text } })
    })
}

fn region(map: &SourceMap, span: Span) -> Value {
    let Some((_, source)) = map.source_of(span) else { return Value::Null };
    let (line, column) = source.line_column(span.start);
    let (end_line, end_column) = source.line_column(span.end);
    json!({ "startLine": line, "startColumn": column, "endLine": end_line, "endColumn": end_column })
}

fn change(map: &SourceMap, fix: &Fix) -> Value {
    let mut files: BTreeMap<&str, Vec<Value>> = BTreeMap::new();
    for (span, text) in &fix.edits {
        if let Some((_, source)) = map.source_of(*span) {
            let replacement = json!({ "deletedRegion": region(map, *span), "insertedContent": { "text": text } });
            files.entry(source.path().as_str()).or_default().push(replacement);
        }
    }
    let changes: Vec<Value> = files
        .into_iter()
        .map(|(path, replacements)| json!({ "artifactLocation": artifact(path), "replacements": replacements }))
        .collect();
    let remark = if fix.safe { "" } else { " (changes how the cluster behaves)" };
    json!({ "description": { "text": format!("{}{remark}", fix.title) }, "artifactChanges": changes })
}

/// A file as a URI: relative, as its path is, or absolute.
fn artifact(path: &str) -> Value {
    let encoded: String = path
        .trim_start_matches("./")
        .bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => char::from(byte).to_string(),
            _ => format!("%{byte:02X}"),
        })
        .collect();
    if path.starts_with('/') {
        json!({ "uri": format!("file://{encoded}") })
    } else {
        json!({ "uri": encoded, "uriBaseId": BASE })
    }
}

const fn level(level: Level) -> &'static str {
    match level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Advice => "note",
    }
}
