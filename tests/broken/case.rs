//! Cases on disk, and the program run on them.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::process::Command;

use camino::{Utf8Path, Utf8PathBuf};

/// Which of the two topologies.
#[derive(Clone, Copy)]
pub enum Side {
    /// The one with the mistake.
    Broken,
    /// The one without.
    Fixed,
}

/// What comes of the broken one.
#[derive(Clone, Copy)]
pub enum Expected {
    /// Errors.
    Error,
    /// Findings of error level.
    Refused,
    /// Findings below that.
    Found,
}

impl Expected {
    /// The command that shows it.
    pub fn command(self) -> &'static str {
        if matches!(self, Self::Found) { "lint" } else { "build" }
    }
}

/// A pair of topologies.
pub struct Case {
    /// `CLASS/CASE`.
    pub name: String,
    /// Where it is.
    pub folder: Utf8PathBuf,
    /// What is expected.
    pub expected: Expected,
    /// The codes that are expected, each as often as it comes.
    pub codes: Vec<String>,
}

/// A topology in a folder of its own.
pub struct Staged {
    folder: tempfile::TempDir,
}

/// What the program said.
pub struct Ran {
    /// `None` where a signal ended it.
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

fn root() -> Utf8PathBuf {
    Utf8Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/broken")
}

fn folders(of: &Utf8Path) -> Vec<String> {
    let entries = of.read_dir_utf8().unwrap().map(Result::unwrap);
    let mut names: Vec<String> =
        entries.filter(|entry| entry.path().is_dir()).map(|entry| entry.file_name().to_owned()).collect();
    names.sort();
    names
}

/// Names of all classes.
pub fn classes() -> Vec<String> {
    folders(&root())
}

/// All cases of a class.
pub fn of_class(class: &str) -> Vec<Case> {
    let folder = root().join(class);
    folders(&folder).iter().map(|name| Case::read(format!("{class}/{name}"), folder.join(name))).collect()
}

impl Case {
    fn read(name: String, folder: Utf8PathBuf) -> Self {
        let text = fs::read_to_string(folder.join("fixed.kdl")).unwrap();
        let line = text.lines().next().and_then(|line| line.strip_prefix("// "));
        let (head, _) = line.and_then(|line| line.split_once(':')).unwrap_or_else(|| panic!("{name}: no first line"));
        let mut words = head.split(' ');
        let expected = match words.next() {
            Some("error") => Expected::Error,
            Some("refused") => Expected::Refused,
            Some("found") => Expected::Found,
            word => panic!("{name}: {word:?}"),
        };
        Self { name, folder, expected, codes: words.map(str::to_owned).collect() }
    }

    /// The files of one side, by their path in the topology's folder, with the path in the repository and the mode.
    pub fn files(&self, side: Side) -> BTreeMap<String, (Utf8PathBuf, u32)> {
        let side = match side {
            Side::Broken => "broken",
            Side::Fixed => "fixed",
        };
        let mut files = BTreeMap::new();
        files.insert("topo.kdl".to_owned(), (self.folder.join(format!("{side}.kdl")), 0o644));
        for extra in [self.folder.join("both"), self.folder.join(side)] {
            for path in below(&extra) {
                let name = path.strip_prefix(&extra).unwrap().as_str();
                let (name, mode) = match name.split_once('@') {
                    Some((name, mode)) => (name, u32::from_str_radix(mode, 8).unwrap()),
                    None if name.ends_with(".secrets") => (name, 0o600),
                    None => (name, 0o644),
                };
                files.insert(name.to_owned(), (path.clone(), mode));
            }
        }
        files
    }

    /// Puts one side into a new folder.
    pub fn stage(&self, side: Side) -> Staged {
        let staged = Staged::new();
        for (name, (from, mode)) in self.files(side) {
            staged.put(&name, &fs::read(from).unwrap(), mode);
        }
        staged
    }
}

impl Staged {
    /// An empty folder.
    pub fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    /// Adds a file.
    pub fn put(&self, name: &str, bytes: &[u8], mode: u32) {
        let path = self.folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, bytes).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
    }

    /// Everything that is in the folder.
    pub fn files(&self) -> BTreeMap<Utf8PathBuf, Vec<u8>> {
        let root = Utf8Path::from_path(self.folder.path()).unwrap();
        below(root).into_iter().map(|path| (path.clone(), fs::read(path).unwrap())).collect()
    }

    /// Runs a command on `topo.kdl`, in its folder, as in a pipe.
    pub fn run(&self, command: &str, format: &str) -> Ran {
        let mut hacc = Command::new(env!("CARGO_BIN_EXE_hacc"));
        hacc.current_dir(self.folder.path()).env_clear();
        hacc.env("LC_ALL", "C.UTF-8").env("SHOP_PASSWORD", "correct-horse");
        hacc.args([command, "topo.kdl", "--format", format]);
        if command == "build" {
            hacc.args(["-o", "out"]);
        }
        let output = hacc.output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        Ran { code: output.status.code(), stdout: text(output.stdout), stderr: text(output.stderr) }
    }
}

/// All files below a folder, and folders without files; nothing where there is no such folder.
fn below(folder: &Utf8Path) -> Vec<Utf8PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(at) = open.pop() {
        let Ok(entries) = at.read_dir_utf8() else { continue };
        for entry in entries.map(Result::unwrap) {
            let list = if entry.file_type().unwrap().is_dir() { &mut open } else { &mut found };
            list.push(entry.path().to_owned());
        }
    }
    found.sort();
    found
}
