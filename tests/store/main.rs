//! The output folder: what is written, kept, refused.

mod kept;
mod refused;
mod system;
mod written;

use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::process::Command;

use camino::{Utf8Path, Utf8PathBuf};
use hacc::diagnostic::Diagnostic;
use hacc::plan::{Artifact, Keep, Tree};
use hacc::secrets::FingerprintKey;
use hacc::store::{Change, Facts, Options, Outcome, Run, Standing};
use hacc::world::{Disk, World};
use sha2::{Digest, Sha256};

struct Out {
    _guard: tempfile::TempDir,
    dir: Utf8PathBuf,
    path: Utf8PathBuf,
}

fn out() -> Out {
    let guard = tempfile::tempdir().unwrap();
    let dir = Utf8PathBuf::from_path_buf(guard.path().to_owned()).unwrap();
    Out { path: dir.join("out"), dir, _guard: guard }
}

#[allow(clippy::unnecessary_wraps)] // as it is asked for
fn key() -> Option<FingerprintKey> {
    Some(FingerprintKey::new([5; 32]))
}

fn facts(model: &str) -> Facts {
    Facts { generator: "hacc 0".into(), topology: "t".into(), model: model.into(), secrets: None }
}

fn file(path: &str, body: &str) -> Artifact {
    Artifact::new(path, body, format!("node of {path}")).unwrap()
}

fn secret(path: &str, body: &str) -> Artifact {
    file(path, body).with_secret()
}

fn tree(files: &[(&str, &str)]) -> Tree {
    Tree::new(files.iter().map(|(path, body)| file(path, body)).collect()).unwrap()
}

const OVERWRITE: Options = Options { run: Run::Real, overwrite_edited: true, durable: false };
const DRY: Options = Options { run: Run::Dry, overwrite_edited: false, durable: false };

impl Out {
    fn build(&self, tree: &Tree) -> Outcome {
        self.try_build(tree, Options::default()).unwrap()
    }

    /// The model is the tree itself, as in a build.
    fn try_build(&self, tree: &Tree, options: Options) -> Result<Outcome, Vec<Diagnostic>> {
        Standing::open(&self.path, key())?.write(tree, &facts(&model(tree)), options)
    }

    fn is_current(&self, tree: &Tree) -> bool {
        Standing::open(&self.path, key()).unwrap().is_current(&facts(&model(tree)))
    }

    fn put(&self, path: &str, text: &str) {
        let path = self.path.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    fn text(&self, path: &str) -> String {
        std::fs::read_to_string(self.path.join(path)).unwrap()
    }

    fn mode(&self, path: &str) -> u32 {
        self.path.join(path).metadata().unwrap().permissions().mode() & 0o7777
    }

    fn names(&self) -> Vec<String> {
        Disk.list(&self.path).unwrap().into_iter().map(Utf8PathBuf::into_string).collect()
    }
}

fn model(tree: &Tree) -> String {
    format!("{tree:?}")
}

/// The only error, with a way out.
fn only(errors: Result<Outcome, Vec<Diagnostic>>) -> Diagnostic {
    let mut errors = errors.unwrap_err();
    assert_eq!(errors.len(), 1, "{errors:#?}");
    assert!(errors[0].help.is_some() && errors[0].note.is_some(), "{errors:#?}");
    errors.remove(0)
}

fn changes(outcome: &Outcome) -> Vec<(&str, Change)> {
    outcome.files.iter().map(|file| (file.path.as_str(), file.change)).collect()
}
