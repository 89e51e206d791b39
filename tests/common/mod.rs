//! What several tests need.

use std::fmt::Write as _;

use camino::Utf8Path;
use hacc::diagnostic::Diagnostic;
use hacc::source::SourceMap;
use hacc::topology::Topology;
use hacc::world::Memory;

/// Plain text of diagnostics: every label with its place and the text that it covers.
pub fn plain(diagnostics: &[Diagnostic], sources: &SourceMap) -> String {
    let mut out = String::new();
    for diagnostic in diagnostics {
        if !out.is_empty() {
            out.push('\n');
        }
        writeln!(out, "error[{}]: {}", diagnostic.code, diagnostic.message).unwrap();
        for label in &diagnostic.labels {
            let place = sources.place_of(label.span).expect("a label lies in a text");
            let text = sources.text_of(label.span).expect("a label lies in a text");
            let text = text.lines().next().unwrap_or("");
            writeln!(out, "  {}:{}:{} «{text}» {}", place.path, place.line, place.column, label.text).unwrap();
        }
        for (word, text) in [("note", &diagnostic.note), ("help", &diagnostic.help)] {
            if let Some(text) = text {
                writeln!(out, "  {word}: {text}").unwrap();
            }
        }
    }
    out
}

/// Loads `main.kdl` of a world.
pub fn load(world: &Memory) -> (Result<Topology, Vec<Diagnostic>>, SourceMap) {
    let mut sources = SourceMap::new();
    let loaded = hacc::topology::load(world, Utf8Path::new("main.kdl"), &mut sources);
    (loaded, sources)
}

/// All that is wrong with a world of these files, in plain text; empty where nothing is.
pub fn errors(files: &[(&str, &str)]) -> String {
    let world = files.iter().fold(Memory::new(), |world, (path, text)| world.file(path, *text));
    let (loaded, sources) = load(&world);
    match loaded {
        Ok(_) => String::new(),
        Err(diagnostics) => {
            assert!(!diagnostics.is_empty(), "an error has a reason");
            plain(&diagnostics, &sources)
        }
    }
}
