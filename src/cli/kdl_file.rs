use std::io::ErrorKind;

use camino::Utf8Path;

use crate::diagnostic::Diagnostic;
use crate::source::{SourceId, SourceMap};
use crate::world::{LIMIT, Piped, World, why};

/// Standard input, where a file is asked for.
pub(super) const STANDARD_INPUT: &str = "-";

/// Adds the text of a file to the sources.
pub(super) fn read(world: &dyn World, path: &Utf8Path, sources: &mut SourceMap) -> Result<SourceId, Diagnostic> {
    add(path, world.read(path), sources)
}

/// The same; `-` is standard input.
pub(super) fn read_or_input(
    world: &dyn World,
    path: &Utf8Path,
    sources: &mut SourceMap,
) -> Result<SourceId, Diagnostic> {
    if path != STANDARD_INPUT {
        return read(world, path, sources);
    }
    add(Utf8Path::new(Piped::PATH), world.stdin(), sources)
}

fn add(path: &Utf8Path, bytes: std::io::Result<Vec<u8>>, sources: &mut SourceMap) -> Result<SourceId, Diagnostic> {
    let unreadable = |message: String| Err(Diagnostic::new("unreadable", message));
    match bytes.map(String::from_utf8) {
        Ok(Ok(text)) if text.len() as u64 <= LIMIT => match sources.add(path, text) {
            Some(id) => Ok(id),
            None => unreadable(format!("{path} is too large")),
        },
        Ok(Ok(_)) => unreadable(format!("{path} is too large")),
        Ok(Err(error)) => {
            let at = error.utf8_error().valid_up_to();
            unreadable(format!("{path} is not UTF-8: byte {at} begins no character"))
        }
        Err(error) if error.kind() == ErrorKind::NotFound => {
            unreadable(format!("{path} cannot be read: there is no such file"))
        }
        Err(error) => unreadable(format!("{path} cannot be read: {}", why(&error))),
    }
}
