//! Umasks, mounts, full disks and kills: the system itself.

use super::*;

/// Mounts `what`; the guard takes the mount away. `None` where that is not allowed here.
fn mount(arguments: &[&str], at: &Utf8Path) -> Option<Mounted> {
    let done = Command::new("mount").args(arguments).arg(at).output().ok()?;
    done.status.success().then(|| Mounted(at.to_owned()))
}

struct Mounted(Utf8PathBuf);

impl Drop for Mounted {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(&self.0).output();
    }
}

#[test]
fn the_umask_changes_nothing() {
    // The umask belongs to the whole process: a child has its own.
    if let Some(dir) = std::env::var_os("HACC_TEST_UMASK") {
        let out = Utf8PathBuf::from_path_buf(dir.into()).unwrap();
        let tree = Tree::new(vec![file("vm/a", "a"), secret("vm/sub/b", "b")]).unwrap();
        Standing::open(&out, key()).unwrap().write(&tree, &facts("m"), Options::default()).unwrap();
        return;
    }
    for umask in ["000", "077", "777"] {
        let at = out();
        // With a umask of 777 nobody but root could go into the folder itself, which is the user's.
        std::fs::create_dir(&at.path).unwrap();
        let done = Command::new("sh")
            .args(["-c", &format!("umask {umask}; exec \"$0\" --exact system::the_umask_changes_nothing")])
            .arg(std::env::current_exe().unwrap())
            .env("HACC_TEST_UMASK", &at.path)
            .output()
            .unwrap();
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stdout));
        let modes = ["vm", "vm/a", "vm/sub", "vm/sub/b", "manifest.json"].map(|path| at.mode(path));
        assert_eq!(modes, [0o755, 0o644, 0o755, 0o600, 0o644], "umask {umask}");
    }
}

#[test]
fn a_build_with_nothing_to_change_succeeds_on_a_read_only_mount() {
    let at = out();
    let plan = tree(&[("vm/a", "a"), ("x/b", "b")]);
    at.build(&plan);
    let Some(_first) = mount(&["--bind", at.path.as_str()], &at.path) else { return };
    let done = Command::new("mount").args(["-o", "remount,bind,ro", at.path.as_str()]).output().unwrap();
    assert!(done.status.success());
    assert!(std::fs::write(at.path.join("x"), "").is_err(), "it is not read-only");
    assert!(at.is_current(&plan));
    assert!(!at.build(&plan).changed);
    let error = only(at.try_build(&tree(&[("vm/a", "b")]), Options::default()));
    assert!(error.message.contains("mounted read-only"), "{error:?}");
    assert_eq!(error.note.as_deref(), Some("the output folder is as it was before this build"));
}

#[test]
fn a_full_disk_changes_nothing() {
    let at = out();
    std::fs::create_dir(&at.path).unwrap();
    let Some(_mounted) = mount(&["-t", "tmpfs", "-o", "size=256k", "tmpfs"], &at.path) else { return };
    let small = tree(&[("vm/a", "a"), ("vm/b", "b")]);
    at.build(&small);
    let large = "x".repeat(100_000);
    let plan = tree(&[("vm/a", "A"), ("vm/b", &large), ("vm/c", &large), ("new/d", &large)]);
    let error = only(at.try_build(&plan, Options::default()));
    assert!(error.message.ends_with("the disk is full"), "{error:?}");
    assert_eq!(error.note.as_deref(), Some("the output folder is as it was before this build"));
    assert_eq!(at.names(), ["manifest.json", "vm/a", "vm/b"]);
    assert!(at.is_current(&small));
}

#[test]
fn a_process_killed_at_any_time_leaves_whole_files() {
    let plan = |body: &str, count: usize| {
        let files = (0..count).map(|n| file(&format!("host{}/sub/file{n}", n % 3), &body.repeat(200)));
        Tree::new(files.collect()).unwrap()
    };
    if let Some(dir) = std::env::var_os("HACC_TEST_KILL") {
        let at = Utf8PathBuf::from_path_buf(dir.into()).unwrap();
        for body in ["a", "b", "c"].iter().cycle() {
            let tree = plan(body, if *body == "b" { 200 } else { 300 });
            Standing::open(&at, key()).unwrap().write(&tree, &facts(body), Options::default()).unwrap();
        }
    }
    let at = out();
    for turn in 0..25u64 {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "system::a_process_killed_at_any_time_leaves_whole_files"])
            .env("HACC_TEST_KILL", &at.path)
            .stdout(std::process::Stdio::null())
            .spawn()
            .unwrap();
        let ready = || at.path.join("manifest.json").exists();
        while turn == 0 && !ready() && child.try_wait().unwrap().is_none() {
            std::thread::yield_now();
        }
        std::thread::sleep(std::time::Duration::from_micros(20_000 + turn * 7919 % 40_000));
        child.kill().unwrap();
        child.wait().unwrap();
        for path in at.names().iter().filter(|path| !path.contains(".hacc-") && *path != "manifest.json") {
            let text = at.text(path);
            assert!(
                ["a", "b", "c", "d"].iter().any(|body| text == body.repeat(200)),
                "{path} holds {} bytes",
                text.len()
            );
        }
        if turn % 3 == 0 {
            let outcome = at.build(&plan("d", 250));
            assert_eq!(outcome.count(Change::Edited), 0);
            assert_eq!(at.names().len(), 251);
        }
    }
}
