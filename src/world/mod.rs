//! The only door to files that are read, to the environment and to randomness.

mod disk;
mod memory;
mod overlay;
mod path;
mod piped;
mod why;

pub use disk::Disk;
pub(crate) use disk::{LIMIT, read_regular};
pub use memory::Memory;
pub use overlay::Overlay;
pub use path::plain;
pub use piped::Piped;
pub use why::why;

use std::io;

use camino::Utf8Path;

/// What the phases may ask of the outside. Tests answer from memory.
pub trait World: Sync {
    /// The bytes of a file; relative paths start at the working folder.
    ///
    /// # Errors
    /// Whatever the system says; [`io::ErrorKind::NotFound`] where there is no such file.
    fn read(&self, path: &Utf8Path) -> io::Result<Vec<u8>>;

    /// All of standard input.
    ///
    /// # Errors
    /// Whatever the system says; [`io::ErrorKind::Unsupported`] in worlds without one.
    fn stdin(&self) -> io::Result<Vec<u8>> {
        Err(io::ErrorKind::Unsupported.into())
    }

    /// The names of all files below a folder, relative to it, sorted. Links count as files, also those to folders.
    ///
    /// # Errors
    /// Whatever the system says.
    fn list(&self, dir: &Utf8Path) -> io::Result<Vec<camino::Utf8PathBuf>>;

    /// An environment variable, where it is set and valid Unicode.
    fn env(&self, name: &str) -> Option<String>;

    /// Fills `bytes` with randomness fit for secrets.
    ///
    /// # Errors
    /// Where the system has none to give.
    fn random(&self, bytes: &mut [u8]) -> io::Result<()>;

    /// The permission bits of a file; 0o600 in worlds that have none.
    ///
    /// # Errors
    /// Whatever the system says; [`io::ErrorKind::NotFound`] where there is no such file.
    fn mode(&self, _path: &Utf8Path) -> io::Result<u32> {
        Ok(0o600)
    }
}
