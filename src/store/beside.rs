//! The two files beside the topology: how they are found, read, and replaced.

use std::io;

use camino::{Utf8Path, Utf8PathBuf};

use crate::diagnostic::Diagnostic;
use crate::world::{World, why};

use super::replace::{Refused, replace};

/// A file beside the topology, as it was when it was read.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Beside {
    pub(super) path: Utf8PathBuf,
    /// `None`: there was none.
    pub(super) text: Option<String>,
}

impl Beside {
    /// Reads the file that has the topology's path with another ending.
    pub(super) fn read(world: &dyn World, topology: &Utf8Path, ending: &'static str) -> Result<Self, Box<Diagnostic>> {
        let path = topology.with_extension(ending);
        if path == topology {
            let message =
                format!("a topology cannot be called `{topology}`: that is the name of a file kept beside it");
            let help = format!("rename it to `{}`", topology.with_extension("kdl"));
            return Err(Box::new(Diagnostic::new("topology-name", message).help(help)));
        }
        let bytes = match world.read(&path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Self { path, text: None }),
            Err(error) => {
                let message = format!("`{path}` cannot be read: {}", why(&error));
                return Err(Box::new(
                    Diagnostic::new("unreadable", message)
                        .note(
                            "what it keeps decides the output, so there is no going on without it; nothing was written",
                        )
                        .help("make it a readable file again, from version control or a backup"),
                ));
            }
        };
        let Ok(text) = String::from_utf8(bytes) else {
            let message = format!("`{path}` is not a text (it is not valid UTF-8)");
            return Err(Box::new(
                Diagnostic::new("unreadable", message)
                    .note("nothing was written, and the file was left as it is")
                    .help("restore it from version control or a backup"),
            ));
        };
        Ok(Self { path, text: Some(text) })
    }

    /// Replaces the file, as [`replace`] does.
    pub(super) fn write(&self, text: &str, mode: u32) -> Result<(), Box<Diagnostic>> {
        let failed = |error: &io::Error| {
            let message = format!("`{}` cannot be written: {}", self.path, why(error));
            Box::new(
                Diagnostic::new("unwritable", message)
                    .note("it is as it was, and nothing was written to the output folder")
                    .help("make the folder of the topology writable for the user who builds"),
            )
        };
        replace(&self.path, self.text.as_deref(), text, mode).map_err(|refused| match refused {
            Refused::Failed(error) => failed(&error),
            Refused::Changed => {
                let message = format!("`{}` was changed by somebody else during this build", self.path);
                Box::new(
                    Diagnostic::new("changed-meanwhile", message)
                        .note("nothing was written: what they chose would have been lost")
                        .help("build again"),
                )
            }
        })
    }

    /// A diagnostic about this file as a whole.
    pub(super) fn trouble(&self, code: &'static str, what: &str) -> Diagnostic {
        Diagnostic::new(code, format!("`{}` {what}", self.path))
    }

    /// Whether a merge left its marks; as an error with the way out.
    pub(super) fn conflict(&self, help: &str) -> Option<(usize, Diagnostic)> {
        let text = self.text.as_deref()?;
        let line = text.lines().position(|line| line.starts_with("<<<<<<< ") || line.starts_with(">>>>>>> "))? + 1;
        let found = self
            .trouble("merge-conflict", &format!("holds a merge conflict that nobody has resolved (line {line})"))
            .note("nothing was written, and the file was left as it is")
            .help(help);
        let at = text.lines().take(line - 1).map(|line| line.len() + 1).sum();
        Some((at, found))
    }
}
