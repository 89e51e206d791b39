use std::collections::BTreeSet;

use camino::Utf8Path;

use crate::diagnostic::Diagnostic;
use crate::schema::{self, Schema};
use crate::source::{SourceMap, Span};
use crate::world::World;

use super::include::Files;
use super::{Topology, lower};

/// Reads the topology at `path` and everything it includes. The texts are added to `sources`, so that every span of
/// the result, good or bad, can be shown.
///
/// # Errors
/// Everything that is wrong, in the order of the text (files in the order in which they were read). A file that
/// cannot be read is without a place if it is `path` itself.
pub fn load(world: &dyn World, path: &Utf8Path, sources: &mut SourceMap) -> Result<Topology, Vec<Diagnostic>> {
    match read(world, path, sources) {
        Read { topology: Some(topology), errors, .. } if errors.is_empty() => Ok(topology),
        Read { errors, .. } => Err(errors),
    }
}

/// What could be read of a topology.
#[derive(Debug)]
pub struct Read {
    /// What could be understood: with errors, only a part, and what is wrong counts as not written. `None`: nothing.
    pub topology: Option<Topology>,
    /// Everything that is wrong, in the order of the text.
    pub errors: Vec<Diagnostic>,
    /// The nodes of the top level, in the order of the text; one inside a text of `unclear` may be cut otherwise than its
    /// author meant.
    pub nodes: Vec<Span>,
    /// Texts with errors of syntax: nobody knows what they say.
    pub unclear: Vec<Span>,
}

/// As [`load`], with what could be understood in spite of errors.
pub fn read(world: &dyn World, path: &Utf8Path, sources: &mut SourceMap) -> Read {
    let schema = Schema::builtin();
    let mut found = Vec::new();
    let files = Files::read(world, path, sources, &mut found);
    let Some(root) = files.iter().next() else {
        return Read { topology: None, errors: found, nodes: Vec::new(), unclear: Vec::new() };
    };
    let nodes = files.nodes();

    // What a text with errors lacks may stand in it, unreadable.
    let broken: Vec<Span> = files.iter().filter(|file| !file.whole).map(|file| file.document.span()).collect();
    let unclear = |span: Span| broken.iter().any(|text| text.start <= span.start && span.start <= text.end);
    // Nor does a line with an error mean what it seems to say.
    let line = |span: Span| {
        let (id, source) = sources.source_of(span)?;
        Some((id.0, source.line_starts().partition_point(|start| *start <= span.start - source.base())))
    };
    let unread: BTreeSet<(u32, usize)> = found
        .iter()
        .filter(|diagnostic| diagnostic.code == "syntax")
        .flat_map(|diagnostic| diagnostic.labels.iter().filter_map(|label| line(label.span)))
        .collect();
    let complete = found.is_empty();
    let start = complete.then(|| Span::new(root.document.base(), root.document.base()));
    let said = schema::check(schema, nodes.iter().copied(), start);
    // Where braces do not add up, nodes stand in blocks that nobody meant.
    let doubtful =
        |diagnostic: &Diagnostic| diagnostic.code.starts_with("missing-") || diagnostic.code == "misplaced-node";
    let place = |diagnostic: &Diagnostic| diagnostic.labels.first().map_or(Span::NONE, |label| label.span);
    let follows = |diagnostic: &Diagnostic| {
        let span = place(diagnostic);
        (doubtful(diagnostic) && unclear(span)) || line(span).is_some_and(|line| unread.contains(&line))
    };

    let labels = |diagnostics: &[Diagnostic]| -> Vec<u32> {
        diagnostics.iter().flat_map(|diagnostic| &diagnostic.labels).map(|label| label.span.start).collect()
    };
    let mut faults = [labels(&found), labels(&said)].concat();
    faults.sort_unstable();
    found.extend(said.into_iter().filter(|diagnostic| !follows(diagnostic)));
    let (topology, said) = lower(schema, &nodes, faults);
    found.extend(said.into_iter().filter(|diagnostic| !follows(diagnostic)));
    // Stable: what was found at one place stays in the order in which it was found.
    found.sort_by_key(|diagnostic| place(diagnostic).start);
    let mut spans: Vec<Span> = nodes.iter().map(|node| node.span()).collect();
    spans.sort_unstable();
    Read { topology: Some(topology), errors: found, nodes: spans, unclear: broken }
}
