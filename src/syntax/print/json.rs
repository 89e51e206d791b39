use std::cell::Cell;

use serde::Serialize;
use serde::ser::Serializer;

use crate::source::{Source, Span, Spanned};
use crate::syntax::print::canonical::number;
use crate::syntax::{Document, Entry, Kind, Node, Nodes, Prop, Value};

/// The document as JSON, for programs that want to work on topologies without a KDL reader of their own.
///
/// ```json
/// { "format": 1, "path": "topo.kdl", "nodes": [NODE…] }
/// NODE  = { "name", "nameSpan", "type"?, "span", "entries": [ENTRY…], "children"?: { "span", "nodes": [NODE…] } }
/// ENTRY = { "key"?, "keySpan"?, "type"?, "value", "kind", "raw", "span", "valueSpan" }
/// TYPE  = { "name", "span" }
/// SPAN  = { "start", "end", "line", "column" }
/// ```
///
/// `start` and `end` are byte offsets in the file, `end` exclusive; `line` and `column` belong to `start` and count
/// from 1, the column in characters. `kind` is one of `string`, `integer`, `float`, `boolean`, `null`. `value` is the
/// JSON value of the same sort; integers beyond 2^53 and floats that JSON cannot hold are strings in canonical form.
/// An entry with a `key` is a property, one without is an argument; they stand in written order. A node without a
/// children block has no `children`.
///
/// `format` changes when a reader of this form would have to change. New fields may be added without that.
#[must_use]
pub fn json(document: &Document, source: &Source) -> String {
    let place = Place { source, last: Cell::new((0, 0, 1)) };
    let root = Root { format: 1, path: source.path().as_str(), nodes: Siblings(document.nodes(), &place) };
    // Nothing here can fail: all keys are strings.
    let mut text = serde_json::to_string_pretty(&root).unwrap_or_default();
    text.push('\n');
    text
}

/// Turns spans into places. They come nearly in order, so the column is counted from the place before: a file that
/// is one long line stays linear.
struct Place<'a> {
    source: &'a Source,
    last: Cell<(usize, u32, u32)>,
}

impl Place<'_> {
    fn span(&self, span: Span) -> JsonSpan {
        let base = self.source.base();
        let start = span.start.saturating_sub(base);
        let starts = self.source.line_starts();
        let line = starts.partition_point(|first| *first <= start).saturating_sub(1);
        let (last_line, last, column) = self.last.get();
        let (from, column) = if line == last_line { (last, column) } else { (starts[line], 1) };
        let column = if start >= from {
            column + self.characters(from, start)
        } else {
            column.saturating_sub(self.characters(start, from))
        };
        self.last.set((line, start, column));
        let line = u32::try_from(line + 1).unwrap_or(u32::MAX);
        JsonSpan { start, end: span.end.saturating_sub(base), line, column }
    }

    fn characters(&self, from: u32, to: u32) -> u32 {
        let text = self.source.text().get(from as usize..to as usize).unwrap_or("");
        u32::try_from(text.chars().count()).unwrap_or(u32::MAX)
    }
}

#[derive(Serialize)]
struct Root<'a> {
    format: u32,
    path: &'a str,
    nodes: Siblings<'a>,
}

#[derive(Serialize)]
struct JsonSpan {
    start: u32,
    end: u32,
    line: u32,
    column: u32,
}

#[derive(Serialize)]
struct JsonType<'a> {
    name: &'a str,
    span: JsonSpan,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct JsonNode<'a> {
    name: &'a str,
    name_span: JsonSpan,
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    ty: Option<JsonType<'a>>,
    span: JsonSpan,
    entries: Vec<JsonEntry<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    children: Option<JsonChildren<'a>>,
}

#[derive(Serialize)]
struct JsonChildren<'a> {
    span: JsonSpan,
    nodes: Siblings<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct JsonEntry<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    key: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    key_span: Option<JsonSpan>,
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    ty: Option<JsonType<'a>>,
    value: JsonValue<'a>,
    kind: &'static str,
    raw: &'a str,
    span: JsonSpan,
    value_span: JsonSpan,
}

#[derive(Serialize)]
#[serde(untagged)]
enum JsonValue<'a> {
    String(&'a str),
    Text(String),
    Integer(i64),
    Float(f64),
    Bool(bool),
    Null,
}

/// Serialized one after the other, so that only one branch of the tree exists in this form at a time.
/// The depth of recursion is that of the document, which the reader limits.
struct Siblings<'a>(Nodes<'a>, &'a Place<'a>);

impl Serialize for Siblings<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.clone().map(|node| json_node(node, self.1)))
    }
}

fn json_node<'a>(node: Node<'a>, place: &'a Place<'a>) -> JsonNode<'a> {
    JsonNode {
        name: node.name(),
        name_span: place.span(node.name_span()),
        ty: json_type(node.ty(), place),
        span: place.span(node.span()),
        entries: node.entries().map(|entry| json_entry(entry, place)).collect(),
        children: node
            .children_span()
            .map(|span| JsonChildren { span: place.span(span), nodes: Siblings(node.children(), place) }),
    }
}

fn json_type<'a>(ty: Option<Spanned<&'a str>>, place: &Place<'_>) -> Option<JsonType<'a>> {
    ty.map(|ty| JsonType { name: ty.value, span: place.span(ty.span) })
}

fn json_entry<'a>(entry: Entry<'a>, place: &Place<'_>) -> JsonEntry<'a> {
    let (prop, value) = match entry {
        Entry::Arg(value) => (None, value),
        Entry::Prop(prop) => (Some(prop), prop.value()),
    };
    let (kind, json) = json_value(value);
    JsonEntry {
        key: prop.map(Prop::key),
        key_span: prop.map(|prop| place.span(prop.key_span())),
        ty: json_type(value.ty(), place),
        value: json,
        kind,
        raw: value.raw(),
        span: place.span(prop.map_or_else(|| value.typed_span(), Prop::span)),
        value_span: place.span(value.span()),
    }
}

fn json_value(value: Value<'_>) -> (&'static str, JsonValue<'_>) {
    /// The largest integer up to which every reader of JSON can be trusted (2^53).
    const SAFE: i64 = 1 << 53;
    match value.kind() {
        Kind::String(text) => ("string", JsonValue::String(text)),
        Kind::Integer(n) => match i64::try_from(n) {
            Ok(n) if (-SAFE..=SAFE).contains(&n) => ("integer", JsonValue::Integer(n)),
            _ => ("integer", JsonValue::Text(number(value))),
        },
        Kind::BigInteger(_) => ("integer", JsonValue::Text(number(value))),
        Kind::Float(f) if f.is_finite() => ("float", JsonValue::Float(f)),
        Kind::Float(_) => ("float", JsonValue::Text(number(value))),
        Kind::Bool(b) => ("boolean", JsonValue::Bool(b)),
        Kind::Null => ("null", JsonValue::Null),
    }
}
