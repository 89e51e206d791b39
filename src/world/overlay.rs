use std::collections::BTreeMap;
use std::io;

use camino::{Utf8Path, Utf8PathBuf};

use super::{World, plain};

/// A world in which some files have another text: what would be, if they were written.
#[derive(Clone)]
pub struct Overlay<'w> {
    below: &'w dyn World,
    texts: BTreeMap<Utf8PathBuf, String>,
}

impl<'w> Overlay<'w> {
    /// The world as it is.
    pub fn over(below: &'w dyn World) -> Self {
        Self { below, texts: BTreeMap::new() }
    }

    /// Gives a file another text.
    pub fn put(&mut self, path: &Utf8Path, text: String) {
        self.texts.insert(plain(path), text);
    }
}

impl World for Overlay<'_> {
    fn read(&self, path: &Utf8Path) -> io::Result<Vec<u8>> {
        match self.texts.get(&plain(path)) {
            Some(text) => Ok(text.clone().into_bytes()),
            None => self.below.read(path),
        }
    }

    fn stdin(&self) -> io::Result<Vec<u8>> {
        self.below.stdin()
    }

    fn list(&self, dir: &Utf8Path) -> io::Result<Vec<Utf8PathBuf>> {
        self.below.list(dir)
    }

    fn env(&self, name: &str) -> Option<String> {
        self.below.env(name)
    }

    fn random(&self, bytes: &mut [u8]) -> io::Result<()> {
        self.below.random(bytes)
    }

    fn mode(&self, path: &Utf8Path) -> io::Result<u32> {
        self.below.mode(path)
    }
}
