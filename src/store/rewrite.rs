use std::sync::Arc;

use camino::{Utf8Path, Utf8PathBuf};
use rustix::fs::Access;

use crate::diagnostic::Diagnostic;
use crate::world::{Disk, World, why};

use super::replace::{self, Refused};

/// A file of the user's that gets another text because the user asked for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rewrite {
    /// The file, or a link to it.
    pub path: Utf8PathBuf,
    /// What it held when it was read.
    pub before: Arc<str>,
    /// What it is to hold.
    pub after: String,
}

impl Rewrite {
    /// Replaces the file by rename: it has the old text or the new one at any moment, and keeps its permissions. Its owner
    /// too, where this user may give a file away.
    ///
    /// # Errors
    /// Where it cannot be written or was changed by somebody else meanwhile; it is then as it was.
    pub fn write(&self) -> Result<(), Box<Diagnostic>> {
        let path = &self.path;
        let refused = replace::place(path).map_err(Refused::Failed).and_then(|place| {
            // A rename asks nobody whether the file may be written.
            rustix::fs::access(place.as_std_path(), Access::WRITE_OK).map_err(|error| Refused::Failed(error.into()))?;
            let mode = Disk.mode(&place)?;
            replace::replace(Utf8Path::new(&place), Some(&*self.before), &self.after, mode)
        });
        match refused {
            Ok(()) => Ok(()),
            Err(Refused::Changed) => Err(Box::new(
                Diagnostic::new("changed-meanwhile", format!("`{path}` was changed by somebody else meanwhile"))
                    .note("it was left as they made it")
                    .help("run the command again"),
            )),
            Err(Refused::Failed(error)) => Err(Box::new(
                Diagnostic::new("unwritable", format!("`{path}` cannot be written: {}", why(&error)))
                    .note("it is as it was")
                    .help("make the file and its folder writable for the user who runs this"),
            )),
        }
    }
}
