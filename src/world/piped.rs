use std::io;

use camino::{Utf8Path, Utf8PathBuf};

use super::World;

/// A world in which standard input is a file: `<stdin>`, in the working folder.
pub struct Piped<'w> {
    world: &'w dyn World,
    bytes: Vec<u8>,
}

impl<'w> Piped<'w> {
    /// The path under which the text is read.
    pub const PATH: &'static str = "<stdin>";

    /// Reads standard input to its end.
    ///
    /// # Errors
    /// Whatever the system says.
    pub fn read(world: &'w dyn World) -> io::Result<Self> {
        Ok(Self { bytes: world.stdin()?, world })
    }
}

impl World for Piped<'_> {
    fn read(&self, path: &Utf8Path) -> io::Result<Vec<u8>> {
        if path == Self::PATH { Ok(self.bytes.clone()) } else { self.world.read(path) }
    }

    fn list(&self, dir: &Utf8Path) -> io::Result<Vec<Utf8PathBuf>> {
        self.world.list(dir)
    }

    fn env(&self, name: &str) -> Option<String> {
        self.world.env(name)
    }

    fn random(&self, bytes: &mut [u8]) -> io::Result<()> {
        self.world.random(bytes)
    }

    fn mode(&self, path: &Utf8Path) -> io::Result<u32> {
        self.world.mode(path)
    }
}
