use std::fs::File;
use std::io::{self, Read};

use camino::{Utf8Path, Utf8PathBuf};
use rustix::fs::{FileType, Mode, OFlags};

use super::World;

/// The largest file that is read: 256 MiB.
pub const LIMIT: u64 = 256 << 20;

/// The machine hacc runs on.
#[derive(Clone, Copy, Debug, Default)]
pub struct Disk;

impl World for Disk {
    fn read(&self, path: &Utf8Path) -> io::Result<Vec<u8>> {
        // Non-blocking: the opening of a FIFO would wait for a writer.
        let flags = OFlags::RDONLY | OFlags::NONBLOCK | OFlags::CLOEXEC | OFlags::NOCTTY;
        let file = File::from(rustix::fs::open(path.as_std_path(), flags, Mode::empty())?);
        read_regular(file, LIMIT)
    }

    fn stdin(&self) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        io::stdin().lock().take(LIMIT + 1).read_to_end(&mut bytes)?;
        if bytes.len() as u64 > LIMIT { Err(too_large(LIMIT)) } else { Ok(bytes) }
    }

    fn list(&self, dir: &Utf8Path) -> io::Result<Vec<Utf8PathBuf>> {
        let mut found = Vec::new();
        let mut open = vec![Utf8PathBuf::new()];
        while let Some(below) = open.pop() {
            for entry in dir.join(&below).read_dir_utf8()? {
                let entry = entry?;
                let path = below.join(entry.file_name());
                let kind = entry.file_type()?;
                if kind.is_dir() {
                    open.push(path);
                } else {
                    found.push(path);
                }
            }
        }
        found.sort();
        Ok(found)
    }

    fn env(&self, name: &str) -> Option<String> {
        // std::env::var may not be asked for such names on every system.
        if name.is_empty() || name.contains(['=', '\0']) { None } else { std::env::var(name).ok() }
    }

    fn random(&self, bytes: &mut [u8]) -> io::Result<()> {
        getrandom::fill(bytes).map_err(io::Error::other)
    }

    fn mode(&self, path: &Utf8Path) -> io::Result<u32> {
        Ok(rustix::fs::stat(path.as_std_path())?.st_mode & 0o7777)
    }
}

/// Reads an open file to its end if it is a regular one of at most `limit` bytes.
///
/// # Errors
/// Where it is something else or larger, or where reading fails.
pub(crate) fn read_regular(file: File, limit: u64) -> io::Result<Vec<u8>> {
    let stat = rustix::fs::fstat(&file)?;
    match FileType::from_raw_mode(stat.st_mode) {
        FileType::RegularFile => {}
        FileType::Directory => return Err(io::Error::new(io::ErrorKind::IsADirectory, "it is a folder, not a file")),
        _ => return Err(io::Error::new(io::ErrorKind::InvalidInput, "it is not a regular file")),
    }
    let size = u64::try_from(stat.st_size).unwrap_or(0);
    if size > limit {
        return Err(too_large(limit));
    }
    let mut bytes = Vec::with_capacity(usize::try_from(size).unwrap_or(0) + 1);
    // A file of /proc says 0 and may go on for ever.
    file.take(limit + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > limit { Err(too_large(limit)) } else { Ok(bytes) }
}

fn too_large(limit: u64) -> io::Error {
    let message = format!("it is larger than {} MiB, the most that is read", limit >> 20);
    io::Error::new(io::ErrorKind::FileTooLarge, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder() -> (tempfile::TempDir, Utf8PathBuf) {
        let dir = tempfile::tempdir().unwrap();
        let path = Utf8PathBuf::from_path_buf(dir.path().to_owned()).unwrap();
        (dir, path)
    }

    #[test]
    fn what_is_no_regular_file_is_refused_without_waiting() {
        let (_guard, dir) = folder();
        let fifo = dir.join("fifo");
        rustix::fs::mknodat(rustix::fs::CWD, fifo.as_std_path(), FileType::Fifo, Mode::RWXU, 0).unwrap();
        assert_eq!(Disk.read(&fifo).unwrap_err().kind(), io::ErrorKind::InvalidInput);
        assert_eq!(Disk.read(&dir).unwrap_err().kind(), io::ErrorKind::IsADirectory);
        assert_eq!(Disk.read("/dev/zero".into()).unwrap_err().kind(), io::ErrorKind::InvalidInput);
        assert_eq!(Disk.read(&dir.join("none")).unwrap_err().kind(), io::ErrorKind::NotFound);
    }

    #[test]
    fn a_file_beyond_the_limit_is_refused_before_it_is_read() {
        let (_guard, dir) = folder();
        let path = dir.join("sparse");
        File::create(&path).unwrap().set_len(LIMIT + 1).unwrap();
        assert_eq!(Disk.read(&path).unwrap_err().kind(), io::ErrorKind::FileTooLarge);
        assert_eq!(read_regular(File::open(&path).unwrap(), LIMIT + 1).unwrap().len() as u64, LIMIT + 1);
    }

    #[test]
    fn files_are_listed_sorted_and_links_to_folders_are_not_entered() {
        let (_guard, dir) = folder();
        std::fs::create_dir_all(dir.join("b/c")).unwrap();
        for path in ["b/c/1", "a", "b/0"] {
            std::fs::write(dir.join(path), path).unwrap();
        }
        std::os::unix::fs::symlink(&dir, dir.join("b/loop")).unwrap();
        assert_eq!(Disk.list(&dir).unwrap(), ["a", "b/0", "b/c/1", "b/loop"]);
        assert_eq!(Disk.list(&dir.join("none")).unwrap_err().kind(), io::ErrorKind::NotFound);
    }

    #[test]
    fn a_name_that_no_variable_can_have_is_not_set() {
        assert_eq!(Disk.env(""), None);
        assert_eq!(Disk.env("A=B"), None);
        assert_eq!(Disk.env("A\0B"), None);
        assert!(Disk.env("PATH").is_some());
    }
}
