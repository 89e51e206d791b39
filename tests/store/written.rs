//! What is written, and what a dry run tells of it.

use super::*;

#[test]
fn a_tree_is_written_with_exact_modes_and_then_left_alone() {
    let at = out();
    let script = file("vm/bin/run", "#!/bin/sh\n").with_mode(0o755);
    let tree =
        Tree::new(vec![script, secret("vm/cookie", "s3cret"), file("vm/a", "a"), file("README.txt", "r")]).unwrap();
    let outcome = at.build(&tree);
    assert!(outcome.changed && outcome.count(Change::Created) == 4);
    assert_eq!(at.names(), ["README.txt", "manifest.json", "vm/a", "vm/bin/run", "vm/cookie"]);
    assert_eq!(
        [at.mode("vm/bin/run"), at.mode("vm/cookie"), at.mode("vm/a"), at.mode("vm")],
        [0o755, 0o600, 0o644, 0o755]
    );
    assert!(!at.text("manifest.json").contains(&hex("s3cret")), "the plain hash of a secret can be guessed at");
    assert!(at.is_current(&tree));

    let manifest = at.path.join("manifest.json").metadata().unwrap();
    let outcome = at.build(&tree);
    assert!(!outcome.changed && outcome.count(Change::Unchanged) == 4);
    assert_eq!(at.path.join("manifest.json").metadata().unwrap().ctime_nsec(), manifest.ctime_nsec());
    assert_eq!(Standing::open(&at.path, key()).unwrap().outcome(true), outcome);
}

fn hex(text: &str) -> String {
    format!("{:02x?}", Sha256::digest(text).as_slice()).replace([',', ' ', '[', ']'], "")
}

#[test]
fn what_changes_is_replaced_and_what_goes_is_removed_with_its_folder() {
    let at = out();
    at.build(&tree(&[("vm/a", "a"), ("vm/b", "b"), ("vm/sub/c", "c"), ("old/d", "d")]));
    let inode = at.path.join("vm/a").metadata().unwrap().ino();
    let next = tree(&[("vm/a", "a"), ("vm/b", "B"), ("new/e", "e")]);
    let outcome = at.build(&next);
    assert_eq!(
        changes(&outcome),
        [
            ("new/e", Change::Created),
            ("old/d", Change::Removed),
            ("vm/a", Change::Unchanged),
            ("vm/b", Change::Replaced),
            ("vm/sub/c", Change::Removed),
        ]
    );
    assert_eq!(at.names(), ["manifest.json", "new/e", "vm/a", "vm/b"]);
    assert!(!at.path.join("old").exists() && !at.path.join("vm/sub").exists());
    assert_eq!(at.path.join("vm/a").metadata().unwrap().ino(), inode);
    assert_eq!(at.text("vm/b"), "B");
    assert!(at.is_current(&next));
}

#[test]
fn permissions_are_set_right_without_a_new_file() {
    let at = out();
    let tree = Tree::new(vec![secret("vm/cookie", "s"), file("vm/a", "a")]).unwrap();
    at.build(&tree);
    let inode = at.path.join("vm/cookie").metadata().unwrap().ino();
    std::fs::set_permissions(at.path.join("vm/cookie"), std::fs::Permissions::from_mode(0o644)).unwrap();
    assert!(!at.is_current(&tree));
    assert_eq!(at.build(&tree).with(Change::Mode).collect::<Vec<_>>(), ["vm/cookie"]);
    assert_eq!((at.mode("vm/cookie"), at.path.join("vm/cookie").metadata().unwrap().ino()), (0o600, inode));
}

#[test]
fn a_link_to_a_folder_may_be_the_output_folder() {
    let at = out();
    std::fs::create_dir(at.dir.join("real")).unwrap();
    symlink("real", &at.path).unwrap();
    at.build(&tree(&[("vm/a", "a")]));
    assert_eq!(std::fs::read_to_string(at.dir.join("real/vm/a")).unwrap(), "a");
    assert!(at.path.is_symlink());
}

#[test]
fn a_dry_run_writes_nothing_and_tells_the_same() {
    let at = out();
    let plan = tree(&[("vm/a", "a"), ("x/b", "b")]);
    let told = at.try_build(&plan, DRY).unwrap();
    assert!(!at.path.exists());
    assert_eq!(told, at.build(&plan));
    let next = tree(&[("vm/a", "A"), ("x/c", "c")]);
    let before = at.names();
    let told = at.try_build(&next, DRY).unwrap();
    assert_eq!(before, at.names());
    assert_eq!(told, at.build(&next));
    assert!(!at.try_build(&next, DRY).unwrap().changed);
}

#[test]
fn a_dry_run_without_secrets_says_what_it_cannot_know() {
    let at = out();
    at.build(&Tree::new(vec![secret("vm/s", "s"), file("vm/a", "a")]).unwrap());
    let plan = Tree::new(vec![secret("vm/s", "placeholder"), secret("vm/t", "x"), file("vm/a", "A")]).unwrap();
    let standing = Standing::look(&at.path, None).unwrap();
    let outcome = standing.write(&plan, &facts("m"), Options { run: Run::DryWithoutSecrets, ..DRY }).unwrap();
    assert_eq!(changes(&outcome), [("vm/a", Change::Replaced), ("vm/s", Change::Unknown), ("vm/t", Change::Created)]);
}

#[test]
fn the_same_input_gives_the_same_manifest_anywhere() {
    let plan = tree(&[("vm/a", "a"), ("b/c", "c")]);
    let (one, two) = (out(), out());
    one.build(&tree(&[("vm/x", "x"), ("vm/a", "old")]));
    one.build(&plan);
    two.build(&plan);
    assert_eq!(one.text("manifest.json"), two.text("manifest.json"));
}

#[test]
fn durable_writes_the_same_tree() {
    let at = out();
    let durable = Options { durable: true, ..Options::default() };
    at.try_build(&tree(&[("vm/a", "a"), ("vm/sub/b", "b"), ("old/x", "x")]), durable).unwrap();
    let next = tree(&[("vm/a", "A"), ("vm/sub/b", "b"), ("new/deep/er", "n")]);
    at.try_build(&next, durable).unwrap();
    assert_eq!(at.names(), ["manifest.json", "new/deep/er", "vm/a", "vm/sub/b"]);
    assert!(at.is_current(&next));
}

#[test]
fn a_large_tree_is_written_by_several_threads_and_is_the_same() {
    let at = out();
    let files = |body: &str| {
        let paths = (0..3000).map(|n| (format!("host{}/node{}/file{n}", n % 7, n % 31), format!("{body}{n}")));
        Tree::new(paths.map(|(path, body)| file(&path, &body)).collect()).unwrap()
    };
    for body in ["a", "b"] {
        let plan = files(body);
        let outcome = at.build(&plan);
        assert_eq!(outcome.files.len(), 3000);
        assert_eq!(at.names().len(), 3001);
        for artifact in &plan {
            assert_eq!(at.text(artifact.path().as_str()).as_bytes(), &*artifact.body);
        }
        assert!(at.is_current(&plan));
        assert!(!at.build(&plan).changed);
    }
    at.put("host3/node3/file3", "edit");
    assert!(!at.is_current(&files("b")));
    std::fs::remove_file(at.path.join("host3/node3/file3")).unwrap();
    assert!(!at.is_current(&files("b")));
    assert_eq!(at.build(&files("b")).with(Change::Created).collect::<Vec<_>>(), ["host3/node3/file3"]);
}
