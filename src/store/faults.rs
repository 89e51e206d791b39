//! The disk fails, or the process is killed, at every act in turn.

use std::collections::BTreeMap;
use std::io;
use std::sync::atomic::{AtomicUsize, Ordering};

use camino::{Utf8Path, Utf8PathBuf};

use super::folder::Act;
use super::{Change, Facts, Options, Outcome, Standing};
use crate::diagnostic::Diagnostic;
use crate::plan::{Artifact, Keep, Tree};
use crate::secrets::FingerprintKey;

const KEY: FingerprintKey = FingerprintKey::new([9; 32]);

/// What fails.
#[derive(Clone, Copy, PartialEq, Debug)]
enum Fault {
    /// One act, for want of room; what follows succeeds.
    Once,
    /// All acts from there on: the process is gone.
    Kill,
}

fn facts(model: &str) -> Facts {
    Facts { generator: "hacc test".into(), topology: "t".into(), model: model.into(), secrets: None }
}

fn tree(files: &[(&str, &str)]) -> Tree {
    let artifacts = files.iter().map(|(path, body)| {
        let extension = Utf8Path::new(path).extension().unwrap_or_default();
        let mut artifact = Artifact::new(*path, *body, "from").unwrap();
        if extension == "sh" {
            artifact.mode = 0o755;
        }
        if extension == "secret" {
            artifact.mode = 0o600;
            artifact.secret = true;
        }
        if extension == "seed" {
            artifact.keep = Keep::Seeded;
        }
        artifact
    });
    Tree::new(artifacts.collect()).unwrap()
}

fn old() -> Tree {
    tree(&[
        ("top", "top"),
        ("vm/same", "same"),
        ("vm/b", "old b"),
        ("vm/b.secret", "old secret"),
        ("vm/sub/deep/gone", "gone"),
        ("vm/x.seed", "seed"),
        ("app/file", "a file that becomes a folder"),
        ("app/folder/h", "in a folder that becomes a file"),
        ("lost/a", "a whole host that goes"),
    ])
}

fn new() -> Tree {
    tree(&[
        ("top", "new top"),
        ("vm/same", "same"),
        ("vm/b", "new b, longer"),
        ("vm/b.secret", "new secret"),
        ("vm/c.sh", "#!/bin/sh\n"),
        ("vm/more/c", "c"),
        ("vm/x.seed", "another seed"),
        ("app/file/g", "g"),
        ("app/folder", "now a file"),
        ("fresh/a", "a"),
        ("fresh/b/c.secret", "c"),
        ("fresh-not/a", "a"),
    ])
}

fn third() -> Tree {
    tree(&[("vm/b", "third b"), ("vm/sub/deep/gone", "back again"), ("fresh/d", "d"), ("app/file/g", "third g")])
}

fn build(
    out: &Utf8Path,
    tree: &Tree,
    model: &str,
    fail: Option<(usize, Fault)>,
) -> (Result<Outcome, Vec<Diagnostic>>, usize) {
    let acts = AtomicUsize::new(0);
    let watch = |_| {
        let now = acts.fetch_add(1, Ordering::Relaxed);
        match fail {
            Some((at, Fault::Once)) if now == at => Err(io::Error::from(io::ErrorKind::StorageFull)),
            Some((at, Fault::Kill)) if now >= at => Err(io::Error::other("killed")),
            _ => Ok(()),
        }
    };
    let done = open(out).write_watched(tree, &facts(model), Options::default(), || Ok(()), Some(&watch));
    (done, acts.into_inner())
}

fn open(out: &Utf8Path) -> Standing {
    Standing::open(out, Some(KEY)).unwrap()
}

/// Everything below a folder: text and mode of files, `None` for folders.
fn snapshot(out: &Utf8Path) -> BTreeMap<Utf8PathBuf, Option<(String, u32)>> {
    use std::os::unix::fs::PermissionsExt;
    let mut found = BTreeMap::new();
    let mut open = vec![Utf8PathBuf::new()];
    while let Some(at) = open.pop() {
        let Ok(entries) = out.join(&at).read_dir_utf8() else { continue };
        for entry in entries.map(Result::unwrap) {
            let path = at.join(entry.file_name());
            let meta = entry.metadata().unwrap();
            if meta.is_dir() {
                open.push(path.clone());
                found.insert(path, None);
            } else {
                let text = std::fs::read_to_string(entry.path()).unwrap();
                found.insert(path, Some((text, meta.permissions().mode() & 0o7777)));
            }
        }
    }
    found
}

/// What a build of `tree` alone gives, with the seed of whoever came first.
fn expected(tree: &Tree, model: &str, seed: Option<&str>) -> BTreeMap<Utf8PathBuf, Option<(String, u32)>> {
    let (_guard, out) = folder();
    build(&out, tree, model, None).0.unwrap();
    if let Some(seed) = seed {
        std::fs::write(out.join("vm/x.seed"), seed).unwrap();
    }
    snapshot(&out)
}

fn folder() -> (tempfile::TempDir, Utf8PathBuf) {
    let dir = tempfile::tempdir().unwrap();
    let path = Utf8PathBuf::from_path_buf(dir.path().join("out")).unwrap();
    (dir, path)
}

/// Every file under a name of its own is whole: as one of the trees has it.
fn assert_whole(out: &Utf8Path, trees: &[&Tree], when: &str) {
    for (path, file) in snapshot(out) {
        let hidden = path.as_str().split('/').any(|component| component.starts_with(".hacc-"));
        if let (false, Some((text, mode))) = (hidden || path == "manifest.json", file) {
            let whole =
                trees.iter().filter_map(|tree| tree.get(&path)).any(|a| *a.body == *text.as_bytes() && a.mode == mode);
            assert!(whole, "{when}: {path} holds {text:?}, mode {mode:o}");
        }
    }
}

#[test]
fn a_kill_at_any_act_leaves_whole_files_and_the_next_build_repairs_the_tree() {
    let after = expected(&new(), "new", Some("seed"));
    let before = expected(&old(), "old", Some("seed"));
    let mut at = 0;
    loop {
        let (_guard, out) = folder();
        build(&out, &old(), "old", None).0.unwrap();
        let (done, acts) = build(&out, &new(), "new", Some((at, Fault::Kill)));
        assert_eq!(done.is_ok(), at >= acts, "act {at}");
        assert_whole(&out, &[&old(), &new()], &format!("act {at}"));
        if done.is_ok() {
            assert!(at > 40, "only {at} acts were tried");
            assert_eq!(snapshot(&out), after);
            return;
        }
        assert!(!Standing::open(&out, Some(KEY)).unwrap().is_current(&facts("new")), "act {at}");
        // Forward on odd acts, back to where it came from on even ones.
        let (tree, model, goal) = if at % 2 == 1 { (new(), "new", &after) } else { (old(), "old", &before) };
        build(&out, &tree, model, None).0.unwrap();
        assert_eq!(&snapshot(&out), goal, "act {at}");
        assert!(Standing::open(&out, Some(KEY)).unwrap().is_current(&facts(model)), "act {at}");
        at += 1;
    }
}

#[test]
fn two_kills_one_after_the_other_are_repaired_too() {
    let last = expected(&third(), "third", None);
    let (_guard, out) = folder();
    build(&out, &old(), "old", None).0.unwrap();
    let acts = build(&out, &new(), "new", None).1;
    for first in (0..acts).step_by(3) {
        for second in (0..acts).step_by(4) {
            let (_guard, out) = folder();
            build(&out, &old(), "old", None).0.unwrap();
            build(&out, &new(), "new", Some((first, Fault::Kill))).0.unwrap_err();
            let _ = build(&out, &third(), "third", Some((second, Fault::Kill)));
            let when = format!("acts {first} and {second}");
            assert_whole(&out, &[&old(), &new(), &third()], &when);
            let outcome = build(&out, &third(), "third", None).0.unwrap();
            assert_eq!(outcome.count(Change::Edited), 0, "{when}: {outcome:?}");
            let mut after = snapshot(&out);
            // The seed is the program's own and stays, with its folder.
            after.remove(Utf8Path::new("vm/x.seed"));
            assert_eq!(after, last, "{when}");
        }
    }
}

#[test]
fn a_full_disk_at_any_act_changes_nothing_or_is_repaired() {
    let after = expected(&new(), "new", Some("seed"));
    let mut undone = 0;
    for at in 0.. {
        let (_guard, out) = folder();
        let plain = tree(&[("vm/b", "old b"), ("vm/x.seed", "seed")]);
        build(&out, &plain, "old", None).0.unwrap();
        let before = snapshot(&out);
        let (done, _) = build(&out, &new(), "new", Some((at, Fault::Once)));
        let Err(errors) = done else { break };
        assert_eq!(errors.len(), 1);
        assert!(errors[0].help.is_some());
        if errors[0].note.as_deref() == Some("the output folder is as it was before this build") {
            undone += 1;
            assert_eq!(snapshot(&out), before, "act {at}");
        }
        build(&out, &new(), "new", None).0.unwrap();
        assert_eq!(snapshot(&out), after, "act {at}");
    }
    // All that needs room: manifest, folders and files. What follows are renames.
    assert!(undone >= 25, "{undone}");
}

#[test]
fn the_first_build_fails_without_a_trace() {
    for at in 0..8 {
        let (_guard, out) = folder();
        build(&out, &old(), "old", Some((at, Fault::Once))).0.unwrap_err();
        assert!(!out.exists(), "act {at}");
    }
}

#[test]
fn a_first_build_that_is_killed_is_finished_by_the_next() {
    let after = expected(&old(), "old", None);
    for at in 0.. {
        let (_guard, out) = folder();
        let done = build(&out, &old(), "old", Some((at, Fault::Kill))).0;
        assert_whole(&out, &[&old()], &format!("act {at}"));
        if done.is_ok() {
            assert!(at > 20, "only {at} acts were tried");
            return;
        }
        build(&out, &old(), "old", None).0.unwrap();
        assert_eq!(snapshot(&out), after, "act {at}");
    }
}

#[test]
fn files_and_folders_are_synced_where_that_was_asked_for_and_only_there() {
    for durable in [false, true] {
        let (_guard, out) = folder();
        build(&out, &old(), "old", None).0.unwrap();
        let acts = std::sync::Mutex::new(Vec::new());
        let watch = |act| {
            acts.lock().unwrap().push(act);
            Ok(())
        };
        let options = Options { durable, ..Options::default() };
        let standing = Standing::open(&out, Some(KEY)).unwrap();
        standing.write_watched(&new(), &facts("new"), options, || Ok(()), Some(&watch)).unwrap();
        let acts = acts.into_inner().unwrap();
        let count = |wanted: Act| acts.iter().filter(|act| **act == wanted).count();
        if durable {
            // Every file (the manifest is one of them), and more than once the folders.
            assert!(count(Act::Sync) > count(Act::Create) + 10, "{acts:?}");
            let renamed = acts.iter().rposition(|act| *act == Act::Rename).unwrap();
            assert_eq!(
                acts[renamed - 1..],
                [Act::Sync, Act::Rename, Act::Sync],
                "the manifest goes last, between syncs"
            );
        } else {
            assert_eq!(count(Act::Sync), 0);
            assert_eq!(acts.last(), Some(&Act::Rename), "the manifest goes last");
        }
    }
}
