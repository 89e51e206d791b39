//! One file, replaced by rename.

use std::fs::File;
use std::io::{self, Write};

use camino::{Utf8Path, Utf8PathBuf};
use rustix::fs::{FlockOperation, Gid, Mode, OFlags, Uid};
use rustix::io::Errno;

use crate::world::{Disk, World};

/// Why a file was not replaced; it is as it was.
#[derive(Debug)]
pub(super) enum Refused {
    /// Somebody else changed it since it was read.
    Changed,
    /// The system does not let it.
    Failed(io::Error),
}

impl From<io::Error> for Refused {
    fn from(error: io::Error) -> Self {
        Self::Failed(error)
    }
}

/// Replaces the file by rename if it still holds `before` (`None`: if there is none); at no moment has it wider permissions
/// than `mode`. A link is followed: the user put it there. A file that holds the new text already is left alone.
///
/// The new text is written to a temporary file that is locked meanwhile: two processes take turns, and what a killed one left
/// is taken over by the next.
pub(super) fn replace(path: &Utf8Path, before: Option<&str>, text: &str, mode: u32) -> Result<(), Refused> {
    let place = place(path)?;
    let temporary = format!("{place}.hacc-tmp");
    let mut file = lock_file(Utf8Path::new(&temporary))?;
    let done = fill_and_rename(&mut file, &temporary, &place, before, text, mode);
    // Renamed, it is the file itself.
    if !matches!(done, Ok(true)) {
        let _ = std::fs::remove_file(&temporary);
    }
    done.map(|_| ())
}

/// Whether the file was renamed into place.
fn fill_and_rename(
    file: &mut File,
    temporary: &str,
    place: &Utf8Path,
    before: Option<&str>,
    text: &str,
    mode: u32,
) -> Result<bool, Refused> {
    let now = match Disk.read(place) {
        Ok(bytes) => Some(bytes),
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(error) => return Err(error.into()),
    };
    if now.as_deref() != before.map(str::as_bytes) {
        return if now.as_deref() == Some(text.as_bytes()) { Ok(false) } else { Err(Refused::Changed) };
    }
    if now.is_some() {
        keep_owner(file, place)?;
    }
    fill(file, text, mode)?;
    std::fs::rename(temporary, place)?;
    Ok(true)
}

/// Gives the new file the owner and the group of the old one, as far as this user may.
fn keep_owner(file: &File, place: &Utf8Path) -> io::Result<()> {
    let (old, new) = (rustix::fs::stat(place.as_std_path())?, rustix::fs::fstat(file)?);
    if (old.st_uid, old.st_gid) != (new.st_uid, new.st_gid) {
        let (owner, group) = (Uid::from_raw(old.st_uid), Gid::from_raw(old.st_gid));
        let _ =
            rustix::fs::fchown(file, Some(owner), Some(group)).or_else(|_| rustix::fs::fchown(file, None, Some(group)));
    }
    Ok(())
}

/// Where the file itself is.
pub(super) fn place(path: &Utf8Path) -> io::Result<Utf8PathBuf> {
    match path.symlink_metadata() {
        Ok(meta) if meta.is_symlink() => path.canonicalize_utf8(),
        _ => Ok(path.to_owned()),
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
