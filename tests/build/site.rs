//! A folder with a topology, and hacc run in it.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

/// The value of the environment variable that the wide topology asks for.
pub const MONITOR: &str = "ENVIRONMENTpassword7";

/// A copy of a topology in a folder of its own, with lock and secrets beside it.
pub struct Site {
    dir: TempDir,
}

/// What a process said.
#[derive(Debug)]
pub struct Said {
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

/// A file of a tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    pub mode: u32,
    pub text: String,
}

/// Files by their paths, relative to the top.
pub type Tree = BTreeMap<String, File>;

impl Site {
    /// The example, with known secrets.
    pub fn srm() -> Self {
        let site = Self::of(include_str!("../../examples/srm/topo.kdl"));
        site.write("topo.lock", include_str!("../data/build/srm/topo.lock"));
        site.write("topo.secrets", include_str!("../data/build/srm/topo.secrets"));
        site.chmod("topo.secrets", 0o600);
        site
    }

    /// The example with RabbitMQ 4, with known secrets.
    pub fn quorum() -> Self {
        let site = Self::of(include_str!("../../examples/quorum/topo.kdl"));
        site.write("topo.lock", include_str!("../data/build/quorum/topo.lock"));
        site.write("topo.secrets", include_str!("../data/build/quorum/topo.secrets"));
        site.chmod("topo.secrets", 0o600);
        site
    }

    /// The example with three hosts, with known secrets.
    pub fn three_hosts() -> Self {
        let site = Self::of(include_str!("../../examples/three-hosts/topo.kdl"));
        site.write("topo.lock", include_str!("../data/build/three-hosts/topo.lock"));
        site.write("topo.secrets", include_str!("../data/build/three-hosts/topo.secrets"));
        site.chmod("topo.secrets", 0o600);
        site
    }

    /// Nearly everything that the language can say, with known secrets.
    pub fn wide() -> Self {
        Self::copy_of("wide")
    }

    /// Applications and Consul on one host, with known secrets. The lab starts the same.
    pub fn registered() -> Self {
        Self::copy_of("registered")
    }

    /// Applications, Consul and readers on several hosts, with known secrets.
    pub fn apart() -> Self {
        Self::copy_of("apart")
    }

    fn copy_of(name: &str) -> Self {
        let site = Self { dir: tempfile::tempdir().unwrap() };
        copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/build").join(name), site.dir.path());
        site.chmod("topo.secrets", 0o600);
        site
    }

    /// A topology of this text, and nothing beside it.
    pub fn of(text: &str) -> Self {
        let site = Self { dir: tempfile::tempdir().unwrap() };
        site.write("topo.kdl", text);
        site
    }

    pub fn path(&self, below: &str) -> PathBuf {
        self.dir.path().join(below)
    }

    pub fn write(&self, name: &str, text: &str) {
        fs::write(self.path(name), text).unwrap();
    }

    pub fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    pub fn chmod(&self, name: &str, mode: u32) {
        fs::set_permissions(self.path(name), fs::Permissions::from_mode(mode)).unwrap();
    }

    /// Replaces a text that stands exactly once in the topology.
    pub fn edit(&self, from: &str, to: &str) {
        let text = self.read("topo.kdl");
        assert_eq!(text.matches(from).count(), 1, "{from}");
        self.write("topo.kdl", &text.replace(from, to));
    }

    /// hacc in this folder, with a bare environment.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = hacc();
        command.current_dir(self.dir.path()).args(arguments);
        command
    }

    pub fn run(&self, arguments: &[&str]) -> Said {
        said(&mut self.command(arguments))
    }

    /// Builds into `out`; it must succeed.
    pub fn build(&self) -> Tree {
        let said = self.run(&["build", "topo.kdl", "-o", "out"]);
        assert_eq!(said.code, Some(0), "{}{}", said.out, said.err);
        tree(&self.path("out"))
    }
}

/// hacc with an environment that holds nothing but what topologies here ask for.
pub fn hacc() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_hacc"));
    command.env_clear().env("WIDE_MONITOR", MONITOR);
    command
}

pub fn said(command: &mut Command) -> Said {
    let Output { status, stdout, stderr } = command.output().unwrap();
    Said { code: status.code(), out: String::from_utf8(stdout).unwrap(), err: String::from_utf8(stderr).unwrap() }
}

/// Every file below a folder. What is neither a file nor a folder is an error.
pub fn tree(top: &Path) -> Tree {
    let mut tree = Tree::new();
    let mut open = vec![top.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            let meta = path.symlink_metadata().unwrap();
            if meta.is_dir() {
                assert_eq!(meta.mode() & 0o7777, 0o755, "{}", path.display());
                open.push(path);
                continue;
            }
            assert!(meta.is_file(), "{}", path.display());
            let below = path.strip_prefix(top).unwrap().to_str().unwrap().to_owned();
            let text = String::from_utf8(fs::read(&path).unwrap()).unwrap();
            tree.insert(below, File { mode: meta.mode() & 0o7777, text });
        }
    }
    tree
}

/// Paths whose files differ, or are in one of the trees alone.
pub fn changed(before: &Tree, after: &Tree) -> Vec<String> {
    let all: std::collections::BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    all.into_iter().filter(|path| before.get(*path) != after.get(*path)).cloned().collect()
}

/// Inode, size and times of everything below a folder, itself included.
pub fn inodes(top: &Path) -> BTreeMap<PathBuf, (u64, u64, i64, i64, i64, i64)> {
    let mut found = BTreeMap::new();
    let mut open = vec![top.to_owned()];
    while let Some(path) = open.pop() {
        let meta = path.symlink_metadata().unwrap();
        if meta.is_dir() {
            open.extend(fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
        }
        let stamp = (meta.ino(), meta.size(), meta.mtime(), meta.mtime_nsec(), meta.ctime(), meta.ctime_nsec());
        found.insert(path, stamp);
    }
    found
}

/// Whether this process may do everything; permissions then keep nobody out.
pub fn is_root() -> bool {
    fs::metadata("/proc/self").unwrap().uid() == 0
}

/// Copies a folder with all that is in it.
pub fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}
