use camino::{Utf8Path, Utf8PathBuf};
use rustc_hash::FxHashMap;

use super::Artifact;

/// All files of one build, in the order of their paths (bytewise). No two share a path, none has another's folder as
/// its path, and no two names differ in case alone, so that the tree fits every file system.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tree {
    artifacts: Vec<Artifact>,
}

/// Two files that cannot be in one tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clash {
    /// The path (or folder) of the first.
    pub first: Utf8PathBuf,
    /// Where the first comes from: [`Artifact::from`].
    pub first_from: String,
    /// The path (or folder) of the second: the same, the folder of the other, or a name that differs in case alone.
    pub second: Utf8PathBuf,
    /// Where the second comes from.
    pub second_from: String,
}

/// What already has a name.
#[derive(Clone, Copy)]
struct Taken<'a> {
    path: &'a str,
    folder: bool,
    from: &'a str,
}

impl Tree {
    /// The tree of these files, in whatever order they come.
    ///
    /// # Errors
    /// Every pair that cannot be in one tree.
    pub fn new(mut artifacts: Vec<Artifact>) -> Result<Self, Vec<Clash>> {
        artifacts.sort_by(|a, b| a.path().as_str().cmp(b.path().as_str()));
        let clashes = clashes(&artifacts);
        if clashes.is_empty() { Ok(Self { artifacts }) } else { Err(clashes) }
    }

    /// The files in the order of their paths.
    pub fn iter(&self) -> std::slice::Iter<'_, Artifact> {
        self.artifacts.iter()
    }

    /// The files in the order of their paths.
    pub fn as_slice(&self) -> &[Artifact] {
        &self.artifacts
    }

    /// The file at this path.
    pub fn get(&self, path: &Utf8Path) -> Option<&Artifact> {
        let index = self.artifacts.binary_search_by(|a| a.path().as_str().cmp(path.as_str())).ok()?;
        self.artifacts.get(index)
    }

    /// How many files there are.
    pub fn len(&self) -> usize {
        self.artifacts.len()
    }

    /// Whether there is no file.
    pub fn is_empty(&self) -> bool {
        self.artifacts.is_empty()
    }
}

impl<'a> IntoIterator for &'a Tree {
    type Item = &'a Artifact;
    type IntoIter = std::slice::Iter<'a, Artifact>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

fn clashes(artifacts: &[Artifact]) -> Vec<Clash> {
    let mut found = Vec::new();
    let mut names: FxHashMap<String, Taken<'_>> = FxHashMap::default();
    for artifact in artifacts {
        let path = artifact.path().as_str();
        // Longest first: once a folder is known in this spelling, so are those above it.
        let ends = std::iter::once((path.len(), false)).chain(path.rmatch_indices('/').map(|(at, _)| (at, true)));
        for (end, folder) in ends {
            let here = Taken { path: &path[..end], folder, from: &artifact.from };
            let Some(there) = names.get(&fold(here.path)).copied() else {
                names.insert(fold(here.path), here);
                continue;
            };
            if here.folder && there.folder && here.path == there.path {
                break;
            }
            found.push(Clash {
                first: there.path.into(),
                first_from: there.from.to_owned(),
                second: here.path.into(),
                second_from: here.from.to_owned(),
            });
            break;
        }
    }
    found
}

fn fold(path: &str) -> String {
    if path.is_ascii() { path.to_ascii_lowercase() } else { path.to_lowercase() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree(paths: &[&str]) -> Result<Tree, Vec<Clash>> {
        Tree::new(paths.iter().map(|path| Artifact::new(*path, "", *path).unwrap()).collect())
    }

    #[test]
    fn files_come_in_the_order_of_their_paths() {
        let tree = tree(&["b/c", "a", "b-c", "b/a/x"]).unwrap();
        let paths: Vec<&str> = tree.iter().map(|a| a.path().as_str()).collect();
        assert_eq!(paths, ["a", "b-c", "b/a/x", "b/c"]);
        assert_eq!(tree.get("b/c".into()).unwrap().from, "b/c");
        assert_eq!(tree.get("b".into()), None);
    }

    #[test]
    fn no_name_is_taken_twice() {
        for (paths, first, second) in [
            (&["a/b", "a/b"][..], "a/b", "a/b"),
            (&["a/B", "a/b"], "a/B", "a/b"),
            (&["a/É", "a/é"], "a/É", "a/é"),
            (&["a/b", "a/b/c"], "a/b", "a/b"),
            (&["a/b/c/d", "a/b"], "a/b", "a/b"),
            (&["VM/a", "vm/b"], "VM", "vm"),
            (&["x/VM/a/y", "x/vm/b/z"], "x/VM", "x/vm"),
        ] {
            let clashes = tree(paths).unwrap_err();
            assert_eq!(clashes.len(), 1, "{paths:?}");
            assert_eq!((clashes[0].first.as_str(), clashes[0].second.as_str()), (first, second), "{paths:?}");
        }
        assert!(tree(&["a/b", "a/c", "b/b", "ab", "a/b.d"]).is_ok());
    }
}
