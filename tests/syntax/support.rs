use hacc::diagnostic::Diagnostic;
use hacc::source::SourceMap;
use hacc::syntax::{self, Document};

/// Reads a text on its own.
pub fn read(text: &str) -> (Document, Vec<Diagnostic>) {
    let mut map = SourceMap::new();
    let id = map.add("test.kdl", text).expect("a small text");
    syntax::read(map.get(id))
}

/// The errors as plain text: the message, each label with the text it covers, note and help.
pub fn plain(text: &str, problems: &[Diagnostic]) -> String {
    use std::fmt::Write as _;
    let mut map = SourceMap::new();
    map.add("test.kdl", text).expect("a small text");
    let mut out = String::new();
    for problem in problems {
        let _ = writeln!(out, "{}: {}", problem.code, problem.message);
        for label in &problem.labels {
            let place = map.place_of(label.span).expect("labels lie in the text");
            let covered = map.text_of(label.span).expect("labels lie in the text");
            let _ = writeln!(out, "  {}:{} {covered:?} {}", place.line, place.column, label.text);
        }
        if let Some(note) = &problem.note {
            let _ = writeln!(out, "  note: {note}");
        }
        if let Some(help) = &problem.help {
            let _ = writeln!(out, "  help: {help}");
        }
    }
    out
}
