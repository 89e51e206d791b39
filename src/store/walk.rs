use std::io;

use rustix::io::Errno;

use super::folder::Folder;

/// Opens folders below a root one after the other, keeping those open that the next path shares with the last one:
/// over sorted paths, each folder is opened once.
pub(super) struct Walk<'r> {
    root: &'r Folder,
    open: Vec<(String, Folder)>,
}

/// Where a walk ended, and why.
#[derive(Debug)]
pub(super) struct Stop {
    /// The path of the component that could not be opened, from the root.
    pub(super) at: String,
    pub(super) error: io::Error,
}

impl Stop {
    /// Whether there simply is nothing.
    pub(super) fn is_absent(&self) -> bool {
        self.error.kind() == io::ErrorKind::NotFound
    }

    /// Whether there is something else than a folder, such as a link.
    pub(super) fn is_no_folder(&self) -> bool {
        matches!(Errno::from_io_error(&self.error), Some(Errno::NOTDIR | Errno::LOOP | Errno::MLINK))
    }
}

impl<'r> Walk<'r> {
    pub(super) fn new(root: &'r Folder) -> Self {
        Self { root, open: Vec::new() }
    }

    /// The folder with this path from the root; the root itself for the empty path.
    pub(super) fn folder(&mut self, path: &str) -> Result<&Folder, Stop> {
        self.folder_after(path, |_, _| Ok(()))
    }

    /// The same, where `first` is called with the folder above and the name of each folder that is not open yet, before
    /// it is opened: to make it.
    pub(super) fn folder_after(
        &mut self,
        path: &str,
        first: impl Fn(&Folder, &str) -> io::Result<()>,
    ) -> Result<&Folder, Stop> {
        let mut shared = 0;
        let mut rest = path;
        while let Some((name, _)) = self.open.get(shared) {
            match rest.strip_prefix(name.as_str()) {
                Some(after) if after.is_empty() || after.starts_with('/') => rest = after.trim_start_matches('/'),
                _ => break,
            }
            shared += 1;
        }
        self.open.truncate(shared);
        while !rest.is_empty() {
            let (name, after) = rest.split_once('/').unwrap_or((rest, ""));
            let last = self.open.last().map_or(self.root, |(_, folder)| folder);
            let folder = first(last, name)
                .and_then(|()| last.child(name))
                .map_err(|error| Stop { at: path[..path.len() - rest.len() + name.len()].to_owned(), error })?;
            self.open.push((name.to_owned(), folder));
            rest = after;
        }
        Ok(self.open.last().map_or(self.root, |(_, folder)| folder))
    }
}

/// The folder of a path (empty at the top) and its last component.
pub(super) fn split(path: &str) -> (&str, &str) {
    path.rsplit_once('/').unwrap_or(("", path))
}

#[cfg(test)]
mod tests {
    use super::*;
    use camino::Utf8Path;

    #[test]
    fn a_walk_finds_every_folder_whatever_the_order() {
        let dir = tempfile::tempdir().unwrap();
        let path = Utf8Path::from_path(dir.path()).unwrap();
        std::fs::create_dir_all(path.join("a/b/c")).unwrap();
        std::fs::create_dir_all(path.join("ab/b")).unwrap();
        for (at, name) in [("a/b/c", "abc"), ("a/b", "ab"), ("ab/b", "ab-b"), ("", "top")] {
            std::fs::write(path.join(at).join("name"), name).unwrap();
        }
        std::os::unix::fs::symlink("a", path.join("link")).unwrap();
        let root = Folder::open(path).unwrap();
        let mut walk = Walk::new(&root);
        for (at, name) in
            [("a/b/c", "abc"), ("a/b", "ab"), ("ab/b", "ab-b"), ("a/b", "ab"), ("", "top"), ("a/b/c", "abc")]
        {
            assert_eq!(walk.folder(at).unwrap().read("name").unwrap(), name.as_bytes(), "{at}");
        }
        assert_eq!(walk.folder("a/b/x/y").unwrap_err().at, "a/b/x");
        assert!(walk.folder("a/b/x/y").unwrap_err().is_absent());
        let stop = walk.folder("link/b").unwrap_err();
        assert_eq!(stop.at, "link");
        assert!(!stop.is_absent());
        assert_eq!(split("a/b/c"), ("a/b", "c"));
        assert_eq!(split("a"), ("", "a"));
    }
}
