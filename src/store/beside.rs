//! The two files beside the topology: how they are found, read, and replaced.

use std::fs::File;
use std::io::{self, Write};

use camino::{Utf8Path, Utf8PathBuf};
use rustix::fs::{FlockOperation, Mode, OFlags};
use rustix::io::Errno;

use crate::diagnostic::Diagnostic;
use crate::world::{Disk, World, why};

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

    /// Replaces the file by rename; at no moment has it wider permissions than `mode`. A link is followed: the user
    /// put it there.
    ///
    /// The new text is written to a temporary file that is locked meanwhile: two builds take turns, and what a killed
    /// one left is taken over by the next.
    pub(super) fn write(&self, text: &str, mode: u32) -> Result<(), Box<Diagnostic>> {
        let failed = |error: &io::Error| {
            let message = format!("`{}` cannot be written: {}", self.path, why(error));
            Box::new(
                Diagnostic::new("unwritable", message)
                    .note("it is as it was, and nothing was written to the output folder")
                    .help("make the folder of the topology writable for the user who builds"),
            )
        };
        let place = self.place().map_err(|error| failed(&error))?;
        let temporary = format!("{place}.hacc-tmp");
        let mut file = lock_file(Utf8Path::new(&temporary)).map_err(|error| failed(&error))?;
        let now = match Disk.read(&place) {
            Ok(bytes) => Some(bytes),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(failed(&error)),
        };
        if now.as_deref() != self.text.as_deref().map(str::as_bytes) {
            let _ = std::fs::remove_file(&temporary);
            let message = format!("`{}` was changed by somebody else during this build", self.path);
            return Err(Box::new(
                Diagnostic::new("changed-meanwhile", message)
                    .note("nothing was written: what they chose would have been lost")
                    .help("build again"),
            ));
        }
        let done = fill(&mut file, text, mode).and_then(|()| std::fs::rename(&temporary, &place));
        done.map_err(|error| {
            let _ = std::fs::remove_file(&temporary);
            failed(&error)
        })
    }

    /// Where the file itself is.
    fn place(&self) -> io::Result<Utf8PathBuf> {
        match self.path.symlink_metadata() {
            Ok(meta) if meta.is_symlink() => self.path.canonicalize_utf8(),
            _ => Ok(self.path.clone()),
        }
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

/// Opens the file of this path and locks it, making it where there is none. Only its owner may read it.
fn lock_file(path: &Utf8Path) -> io::Result<File> {
    loop {
        let flags = OFlags::RDWR | OFlags::CREATE | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
        let file = File::from(rustix::fs::open(path.as_std_path(), flags, Mode::from_raw_mode(0o600))?);
        match rustix::fs::flock(&file, FlockOperation::LockExclusive) {
            Err(Errno::INTR) => continue,
            Ok(()) | Err(Errno::NOTSUP | Errno::NOLCK | Errno::NOSYS | Errno::INVAL) => {}
            Err(error) => return Err(error.into()),
        }
        // Whoever had the lock before may have renamed or removed the file.
        let mine = rustix::fs::fstat(&file)?;
        match rustix::fs::lstat(path.as_std_path()) {
            Ok(there) if (there.st_dev, there.st_ino) == (mine.st_dev, mine.st_ino) => return Ok(file),
            Ok(_) | Err(Errno::NOENT) => {}
            Err(error) => return Err(error.into()),
        }
    }
}

fn fill(file: &mut File, text: &str, mode: u32) -> io::Result<()> {
    rustix::fs::fchmod(&*file, Mode::from_raw_mode(mode & 0o600))?;
    file.set_len(0)?;
    file.write_all(text.as_bytes())?;
    rustix::fs::fchmod(&*file, Mode::from_raw_mode(mode))?;
    // Rare and small, and a secret that is lost in a power cut while the output already has it is a cluster that
    // nobody can log in to.
    file.sync_all()
}
