//! Folders held open, and every act of the store on them. Names are looked up from an open folder, component by
//! component, and links are not followed: what a link in the tree points to is never read or written.

use std::fs::File;
use std::io::{self, Write};
use std::mem::MaybeUninit;
use std::os::fd::OwnedFd;

use camino::Utf8Path;
use rustix::fs::{AtFlags, CWD, FileType, FlockOperation, Mode, OFlags, RawDir, SeekFrom, Stat};
use rustix::io::Errno;

use crate::world::{LIMIT, read_regular};

/// A folder held open.
#[derive(Debug)]
pub(super) struct Folder(OwnedFd);

/// What stands under a name.
#[derive(Clone, Copy, Debug)]
pub(super) struct Look {
    pub(super) kind: FileType,
    pub(super) mode: u32,
    pub(super) size: u64,
    /// Time of the last change of the inode, in seconds and nanoseconds: no program can set it at will.
    pub(super) ctime: (i64, i64),
}

/// What the store is about to do to the disk. Tests let it fail here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Act {
    MakeFolder,
    Create,
    Write,
    Chmod,
    Rename,
    Unlink,
    RemoveFolder,
    Sync,
}

/// Called before each act; an error stands in for the system's. Production has none.
pub(super) type Watch<'w> = dyn Fn(Act) -> io::Result<()> + Sync + 'w;

/// How new names come by exactly the permissions that they are to have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Modes {
    /// They are set: the umask may have taken some away.
    Set,
    /// They are given by the system as asked for: nothing of 0755 was taken from the new folder that all this is in.
    Given,
}

/// The acts, each announced to the watch.
#[derive(Clone, Copy)]
pub(super) struct Hand<'a> {
    pub(super) watch: Option<&'a Watch<'a>>,
    /// Whether files and folders are synced.
    pub(super) durable: bool,
}

impl Folder {
    /// Opens a folder by its path; a link to a folder is followed.
    pub(super) fn open(path: &Utf8Path) -> io::Result<Self> {
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
        Ok(Self(rustix::fs::open(path.as_std_path(), flags, Mode::empty())?))
    }

    /// Opens a folder in this one; a link is not followed.
    pub(super) fn child(&self, name: &str) -> io::Result<Self> {
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        Ok(Self(rustix::fs::openat(&self.0, name, flags, Mode::empty())?))
    }

    /// What stands under a name; `None` where nothing does.
    pub(super) fn look(&self, name: &str) -> io::Result<Option<Look>> {
        match rustix::fs::statat(&self.0, name, AtFlags::SYMLINK_NOFOLLOW) {
            Ok(stat) => Ok(Some(Look::of(&stat))),
            Err(Errno::NOENT) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Reads a regular file; a link is not followed.
    pub(super) fn read(&self, name: &str) -> io::Result<Vec<u8>> {
        let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC;
        read_regular(File::from(rustix::fs::openat(&self.0, name, flags, Mode::empty())?), LIMIT)
    }

    /// The names in this folder, sorted; those that are not Unicode are shown as far as they are.
    pub(super) fn names(&self) -> io::Result<Vec<(String, FileType)>> {
        let mut names = Vec::new();
        // Without an open folder of its own, as `Dir` has: this is asked of every folder of a large tree.
        let mut buffer = [const { MaybeUninit::uninit() }; 8192];
        rustix::fs::seek(&self.0, SeekFrom::Start(0))?;
        let mut entries = RawDir::new(&self.0, &mut buffer);
        while let Some(entry) = entries.next() {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy();
            if name == "." || name == ".." {
                continue;
            }
            let kind = match entry.file_type() {
                FileType::Unknown => self.look(&name)?.map_or(FileType::Unknown, |look| look.kind),
                kind => kind,
            };
            names.push((name.into_owned(), kind));
        }
        names.sort_unstable_by(|a, b| a.0.cmp(&b.0));
        Ok(names)
    }

    /// Locks the folder for this process until it is closed. `false`: another one has it, and did not give it back within
    /// half a second (a build that is about to end, or a process that was just started beside one).
    pub(super) fn lock(&self) -> io::Result<bool> {
        const TRIES: u32 = 50;
        for attempt in 1.. {
            match rustix::fs::flock(&self.0, FlockOperation::NonBlockingLockExclusive) {
                Err(Errno::WOULDBLOCK) if attempt == TRIES => return Ok(false),
                Err(Errno::WOULDBLOCK) => std::thread::sleep(std::time::Duration::from_millis(10)),
                Err(Errno::INTR) => {}
                // Some network file systems have no locks; two builds at once are then the user's care.
                Ok(()) | Err(Errno::NOTSUP | Errno::NOLCK | Errno::NOSYS | Errno::BADF | Errno::INVAL) => {
                    return Ok(true);
                }
                Err(error) => return Err(error.into()),
            }
        }
        Ok(false)
    }
}

impl Look {
    fn of(stat: &Stat) -> Self {
        Self {
            kind: FileType::from_raw_mode(stat.st_mode),
            mode: stat.st_mode & 0o7777,
            size: u64::try_from(stat.st_size).unwrap_or(0),
            ctime: (stat.st_ctime, i64::try_from(stat.st_ctime_nsec).unwrap_or(0)),
        }
    }

    pub(super) fn is_file(&self) -> bool {
        self.kind == FileType::RegularFile
    }

    pub(super) fn is_folder(&self) -> bool {
        self.kind == FileType::Directory
    }
}

impl Hand<'_> {
    fn announce(&self, act: Act) -> io::Result<()> {
        self.watch.map_or(Ok(()), |watch| watch(act))
    }

    /// Makes a folder of mode 0755 whatever the umask: programs that run as other users in containers go through it.
    /// One that is there already is left as it is; `false` then.
    pub(super) fn make_folder(&self, at: &Folder, name: &str, modes: Modes) -> io::Result<bool> {
        self.announce(Act::MakeFolder)?;
        match rustix::fs::mkdirat(&at.0, name, Mode::from_raw_mode(0o755)) {
            Ok(()) => {
                if modes == Modes::Set {
                    rustix::fs::fchmod(&at.child(name)?.0, Mode::from_raw_mode(0o755))?;
                }
                Ok(true)
            }
            Err(Errno::EXIST) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    /// Makes a folder in which the store is alone, and tells how what is made in it comes by its permissions: one look
    /// here saves one call for every file.
    pub(super) fn make_stage(&self, at: &Folder, name: &str) -> io::Result<Modes> {
        self.make_folder(at, name, Modes::Given)?;
        if at.look(name)?.is_some_and(|look| look.mode == 0o755) {
            return Ok(Modes::Given);
        }
        rustix::fs::fchmod(&at.child(name)?.0, Mode::from_raw_mode(0o755))?;
        Ok(Modes::Set)
    }

    /// Makes the folder itself that the user named, under the umask. `false`: it is there already.
    pub(super) fn make_root(&self, path: &Utf8Path) -> io::Result<bool> {
        self.announce(Act::MakeFolder)?;
        match rustix::fs::mkdirat(CWD, path.as_std_path(), Mode::from_raw_mode(0o777)) {
            Ok(()) => Ok(true),
            Err(Errno::EXIST) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    /// Writes a new file with exactly these permissions; it never had wider ones. An existing name, be it a link, is
    /// an error.
    pub(super) fn create(&self, at: &Folder, name: &str, mode: u32, modes: Modes, body: &[u8]) -> io::Result<()> {
        self.announce(Act::Create)?;
        let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let first = if modes == Modes::Given { mode } else { mode & 0o600 };
        let mut file = File::from(rustix::fs::openat(&at.0, name, flags, Mode::from_raw_mode(first))?);
        if let Err(error) = self.announce(Act::Write) {
            // What a full disk or a kill leaves behind.
            file.write_all(&body[..body.len() / 2])?;
            return Err(error);
        }
        file.write_all(body)?;
        if modes == Modes::Set {
            // A umask may have taken even the owner's bits.
            rustix::fs::fchmod(&file, Mode::from_raw_mode(mode))?;
        }
        if self.durable {
            self.announce(Act::Sync)?;
            file.sync_all()?;
        }
        Ok(())
    }

    /// Sets the permissions of a regular file.
    pub(super) fn chmod(&self, at: &Folder, name: &str, mode: u32) -> io::Result<()> {
        self.announce(Act::Chmod)?;
        // Through an open file, as not every system can do it without following links. A file that its owner cannot
        // read cannot be opened to read, but perhaps to write.
        let open = |access| {
            let flags = access | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC;
            rustix::fs::openat(&at.0, name, flags, Mode::empty())
        };
        let file = open(OFlags::RDONLY)
            .or_else(|error| if error == Errno::ACCESS { open(OFlags::WRONLY) } else { Err(error) })?;
        rustix::fs::fchmod(&file, Mode::from_raw_mode(mode))?;
        if self.durable {
            self.announce(Act::Sync)?;
            rustix::fs::fsync(&file)?;
        }
        Ok(())
    }

    /// Gives a file or folder another name in the same folder, replacing a file that had it.
    pub(super) fn rename(&self, at: &Folder, from: &str, to: &str) -> io::Result<()> {
        self.announce(Act::Rename)?;
        Ok(rustix::fs::renameat(&at.0, from, &at.0, to)?)
    }

    /// Removes a name that is no folder; it may be gone already.
    pub(super) fn unlink(&self, at: &Folder, name: &str) -> io::Result<()> {
        self.announce(Act::Unlink)?;
        match rustix::fs::unlinkat(&at.0, name, AtFlags::empty()) {
            Ok(()) | Err(Errno::NOENT) => Ok(()),
            // A read-only file system says that first.
            Err(Errno::ROFS) if at.look(name)?.is_none() => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// Removes a folder if it is empty; `false` if it is not.
    pub(super) fn remove_folder(&self, at: &Folder, name: &str) -> io::Result<bool> {
        self.announce(Act::RemoveFolder)?;
        match rustix::fs::unlinkat(&at.0, name, AtFlags::REMOVEDIR) {
            Ok(()) | Err(Errno::NOENT) => Ok(true),
            Err(Errno::NOTEMPTY | Errno::EXIST) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    /// Syncs a folder, where syncing was asked for.
    pub(super) fn sync(&self, at: &Folder) -> io::Result<()> {
        if self.durable {
            self.announce(Act::Sync)?;
            rustix::fs::fsync(&at.0)?;
        }
        Ok(())
    }

    /// Removes a folder with all that is in it, without following links.
    pub(super) fn remove_tree(&self, at: &Folder, name: &str) -> io::Result<()> {
        // Folders still to be emptied, as paths below `at`; children are emptied before their parent.
        let mut open = vec![name.to_owned()];
        while let Some(path) = open.last().cloned() {
            let mut walk = super::walk::Walk::new(at);
            let folder = walk.folder(&path).map_err(|stop| stop.error)?;
            let before = open.len();
            for (inner, kind) in folder.names()? {
                if kind == FileType::Directory {
                    open.push(format!("{path}/{inner}"));
                } else {
                    self.unlink(folder, &inner)?;
                }
            }
            if open.len() == before {
                open.pop();
                let (parent, last) = super::walk::split(&path);
                self.remove_folder(walk.folder(parent).map_err(|stop| stop.error)?, last)?;
            }
        }
        Ok(())
    }
}
