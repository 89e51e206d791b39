use std::collections::BTreeMap;
use std::io;
use std::sync::atomic::{AtomicU64, Ordering};

use camino::{Utf8Path, Utf8PathBuf};

use super::{World, plain};

/// A world that lives in memory: for tests, and for texts that an editor holds.
///
/// Folders exist as far as files lie in them. Randomness is a fixed stream: two worlds made alike give the same bytes.
#[derive(Debug, Default)]
pub struct Memory {
    files: BTreeMap<Utf8PathBuf, Vec<u8>>,
    env: BTreeMap<String, String>,
    drawn: AtomicU64,
}

impl Memory {
    /// An empty world.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a file, or replaces it.
    #[must_use]
    pub fn file(mut self, path: impl AsRef<Utf8Path>, bytes: impl Into<Vec<u8>>) -> Self {
        self.files.insert(plain(path.as_ref()), bytes.into());
        self
    }

    /// Sets an environment variable.
    #[must_use]
    pub fn var(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.env.insert(name.into(), value.into());
        self
    }

    fn below<'a>(&'a self, dir: &'a Utf8Path) -> impl Iterator<Item = &'a Utf8Path> {
        self.files.keys().filter_map(move |file| file.strip_prefix(dir).ok()).filter(|rest| !rest.as_str().is_empty())
    }
}

impl World for Memory {
    fn read(&self, path: &Utf8Path) -> io::Result<Vec<u8>> {
        let path = plain(path);
        if let Some(bytes) = self.files.get(&path) {
            return Ok(bytes.clone());
        }
        let kind =
            if self.below(&path).next().is_some() { io::ErrorKind::IsADirectory } else { io::ErrorKind::NotFound };
        Err(kind.into())
    }

    fn list(&self, dir: &Utf8Path) -> io::Result<Vec<Utf8PathBuf>> {
        let dir = plain(dir);
        let mut files: Vec<_> = self.below(&dir).map(Utf8Path::to_path_buf).collect();
        files.sort();
        if files.is_empty() { Err(io::ErrorKind::NotFound.into()) } else { Ok(files) }
    }

    fn env(&self, name: &str) -> Option<String> {
        self.env.get(name).cloned()
    }

    fn random(&self, bytes: &mut [u8]) -> io::Result<()> {
        for chunk in bytes.chunks_mut(8) {
            let n = self.drawn.fetch_add(1, Ordering::Relaxed);
            chunk.copy_from_slice(&split_mix(n).to_le_bytes()[..chunk.len()]);
        }
        Ok(())
    }
}

/// The `n`-th number of the `SplitMix64` stream with seed 0 (Steele, Lea, Flood 2014).
const fn split_mix(n: u64) -> u64 {
    let z = n.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_exist_as_far_as_files_lie_in_them() {
        let world = Memory::new().file("a/b.kdl", "x").file("./a/c/../d", "y");
        assert_eq!(world.read("a/./b.kdl".into()).unwrap(), b"x");
        assert_eq!(world.read("a".into()).unwrap_err().kind(), io::ErrorKind::IsADirectory);
        assert_eq!(world.read("a/b".into()).unwrap_err().kind(), io::ErrorKind::NotFound);
        assert_eq!(world.list("a".into()).unwrap(), ["b.kdl", "d"]);
        assert_eq!(world.list("a/b.kdl".into()).unwrap_err().kind(), io::ErrorKind::NotFound);
    }

    #[test]
    fn randomness_repeats_but_does_not_stand_still() {
        let (mut first, mut second, mut again) = ([0; 11], [0; 11], [0; 11]);
        let world = Memory::new();
        world.random(&mut first).unwrap();
        world.random(&mut second).unwrap();
        Memory::new().random(&mut again).unwrap();
        assert_eq!(first, again);
        assert_ne!(first, second);
    }
}
