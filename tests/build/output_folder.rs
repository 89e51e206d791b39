//! What may stand at `-o`.

use std::fs;
use std::os::unix::fs::symlink;
use std::process::Command;

use crate::site::{Said, Site, changed, hacc, inodes, is_root, said, tree};

/// A build that must fail, change nothing below `out`, and name the way out.
fn refused(site: &Site, out: &str, with: &str) {
    let there = || site.path(out).symlink_metadata().is_ok().then(|| inodes(&site.path(out)));
    let before = there();
    let Said { code, out: told, err } = site.run(&["build", "topo.kdl", "-o", out]);
    assert_eq!((code, told.as_str()), (Some(2), ""), "{out}: {err}");
    assert!(err.contains(with) && err.contains("help: "), "{out}: {err}");
    assert_eq!(there(), before, "{out}");
}

#[test]
fn things_that_are_no_folder() {
    let site = Site::srm();
    fs::write(site.path("file"), "mine").unwrap();
    symlink("file", site.path("to-file")).unwrap();
    symlink("nothing", site.path("to-nothing")).unwrap();
    symlink("round", site.path("round")).unwrap();
    refused(&site, "file", "is a file");
    refused(&site, "to-file", "link to something that is no folder");
    refused(&site, "to-nothing", "link to nothing");
    refused(&site, "round", "cannot be opened");
    refused(&site, "file/out", "file/out");
    refused(&site, "no/such/folder", "does not exist");
    refused(&site, "/dev/null", "is a file");
    refused(&site, "/proc/version/x", "version/x");
    let too_long = "x".repeat(300);
    refused(&site, &too_long, "too long");
    assert_eq!(site.read("file"), "mine");
}

#[test]
fn an_empty_name_is_no_folder() {
    let site = Site::srm();
    let said = site.run(&["build", "topo.kdl", "-o", ""]);
    assert_eq!(said.code, Some(2), "{}{}", said.out, said.err);
}

#[test]
fn what_is_refused_makes_no_secret() {
    let site = Site::of(include_str!("../../examples/srm/topo.kdl"));
    fs::create_dir_all(site.path("out/vm")).unwrap();
    fs::write(site.path("out/vm/docker-compose.yml"), "mine").unwrap();
    refused(&site, "out", "write over");
    refused(&site, "topo.lock/", "keeps beside the topology");
    refused(&site, "./topo.secrets", "keeps beside the topology");
    // Its parent looks as if everybody who is root could write there.
    refused(&site, "/proc/hacc-out", "cannot be made");
    assert!(!site.path("topo.lock").exists() && !site.path("topo.secrets").exists());
}

#[test]
fn a_store_of_secrets_is_not_read_as_a_topology() {
    let site = Site::srm();
    site.write("topo.kdl", &format!("{}\ninclude \"topo.secrets\"\n", site.read("topo.kdl")));
    let store = site.read("topo.secrets");
    let secrets: Vec<&str> = store.lines().filter_map(|line| line.strip_prefix("secret ")?.split('"').nth(3)).collect();
    assert!(!secrets.is_empty());
    for arguments in
        [&["build", "topo.kdl"][..], &["lint", "topo.kdl"], &["lint", "topo.secrets"], &["graph", "topo.secrets"]]
    {
        let said = site.run(arguments);
        assert_eq!(said.code, Some(2), "{arguments:?}");
        assert!(said.err.contains("a secret store of hacc"), "{}", said.err);
        assert!(secrets.iter().all(|secret| !said.err.contains(secret) && !said.out.contains(secret)), "{arguments:?}");
    }
}

#[test]
fn a_link_to_a_folder_is_followed() {
    let site = Site::srm();
    fs::create_dir(site.path("real")).unwrap();
    symlink("real", site.path("link")).unwrap();
    assert_eq!(site.run(&["build", "topo.kdl", "-o", "link"]).code, Some(0));
    assert!(site.path("link").symlink_metadata().unwrap().is_symlink());
    assert_eq!(changed(&site.build(), &tree(&site.path("real"))), [""; 0]);
}

#[test]
fn a_folder_that_holds_other_things_keeps_them() {
    let site = Site::srm();
    fs::create_dir_all(site.path("out/vm/mq2/data")).unwrap();
    let mine = ["out/README.md", "out/vm/notes", "out/vm/mq2/data/x", "out/.git"];
    for name in mine {
        site.write(name, "mine");
    }
    let said = site.run(&["build", "topo.kdl", "-o", "out"]);
    assert_eq!(said.code, Some(0), "{}", said.err);
    assert!(said.out.contains("left alone") && said.out.contains("notes"), "{}", said.out);
    // Nor does a node that goes take away what is not hacc's.
    let text = site.read("topo.kdl");
    site.write("topo.kdl", &text.replace("    node \"mq2\"", "    // \"mq2\""));
    assert_eq!(site.run(&["build", "topo.kdl", "-o", "out"]).code, Some(0));
    for name in mine {
        assert_eq!(site.read(name), "mine", "{name}");
    }
    assert!(!site.path("out/vm/mq2/start").exists());
}

#[test]
fn what_stands_in_the_way_is_not_written_over() {
    for (what, with) in
        [("file", "would have to write over"), ("folder", "a folder stands"), ("link", "would have to write over")]
    {
        let site = Site::srm();
        fs::create_dir_all(site.path("out/vm")).unwrap();
        let place = site.path("out/vm/docker-compose.yml");
        match what {
            "file" => fs::write(&place, "mine").unwrap(),
            "folder" => fs::create_dir(&place).unwrap(),
            _ => symlink("/etc/passwd", &place).unwrap(),
        }
        if what == "folder" {
            site.write("out/vm/docker-compose.yml/mine", "mine");
        }
        refused(&site, "out", with);
    }
    // A link in the place of a folder: never written through.
    let site = Site::srm();
    fs::create_dir_all(site.path("out/vm")).unwrap();
    fs::create_dir(site.path("aim")).unwrap();
    symlink("../../aim", site.path("out/vm/mq2")).unwrap();
    refused(&site, "out", "a link or a file stands where a folder is to be");
    assert_eq!(fs::read_dir(site.path("aim")).unwrap().count(), 0);
}

#[test]
fn a_folder_of_another_topology_is_left_alone() {
    let site = Site::srm();
    site.build();
    site.edit("topology \"srm\"", "topology \"other\"");
    refused(&site, "out", "holds the topology `srm`");
    for broken in ["", "{}", "not json", "{\"format\": 99}", "[1]"] {
        let site = Site::srm();
        fs::create_dir(site.path("out")).unwrap();
        site.write("out/manifest.json", broken);
        refused(&site, "out", "manifest.json");
    }
}

#[test]
fn a_folder_that_may_not_be_written() {
    let site = Site::srm();
    fs::create_dir(site.path("out")).unwrap();
    site.chmod("out", 0o555);
    let program = site.path("hacc");
    fs::copy(env!("CARGO_BIN_EXE_hacc"), &program).unwrap();
    let mut command = Command::new(&program);
    command.env_clear().current_dir(site.path(".")).args(["build", "topo.kdl", "-o", "out"]);
    if is_root() {
        use std::os::unix::fs::chown;
        use std::os::unix::process::CommandExt as _;
        chown(site.path("topo.secrets"), Some(65_534), Some(65_534)).unwrap();
        site.chmod(".", 0o755);
        command.gid(65_534).uid(65_534);
    }
    let said = said(&mut command);
    site.chmod("out", 0o755);
    assert_eq!(said.code, Some(2), "{}", said.err);
    assert!(said.err.contains("permission denied") && said.err.contains("help: "), "{}", said.err);
    assert_eq!(fs::read_dir(site.path("out")).unwrap().count(), 0);
}

/// On a file system of 64 KiB: nothing of a build that does not fit is left, and what was there stands. Needs a
/// mount namespace of one's own; where the system gives none, a limit on the size of files does the same work for one
/// file (`ulimit -f`), so that something is tested everywhere.
#[test]
fn a_full_disk() {
    let site = Site::srm();
    let whole = site.build();
    fs::create_dir(site.path("small")).unwrap();
    let script = "mount -t tmpfs -o size=64k none small 2>/dev/null || exit 77
        echo mine >small/mine
        \"$0\" build topo.kdl -o small/out; echo \"code $?\"
        ls -A small; cat small/mine";
    let run = |script: &str| {
        let mut command = Command::new("unshare");
        command.args(["--mount", "--map-root-user", "sh", "-c", script, env!("CARGO_BIN_EXE_hacc")]);
        command.current_dir(site.path(".")).env("LC_ALL", "C").output()
    };
    match run(script) {
        Ok(output) if output.status.code() == Some(0) => {
            let err = String::from_utf8(output.stderr).unwrap();
            assert_eq!(String::from_utf8(output.stdout).unwrap(), "code 2\nmine\nmine\n", "{err}");
            assert!(err.contains("the disk is full") && err.contains("as it was before"), "{err}");
        }
        _ => {
            let mut command = Command::new("/bin/sh");
            command.args(["-c", "trap '' XFSZ; ulimit -f 4; exec \"$0\" build topo.kdl -o limited"]);
            let said = said(command.arg(env!("CARGO_BIN_EXE_hacc")).current_dir(site.path(".")));
            assert_eq!(said.code, Some(2), "{}", said.err);
            assert!(said.err.contains("cannot be written") && said.err.contains("as it was before"), "{}", said.err);
            assert!(!site.path("limited").exists());
        }
    }
    // And the one that was whole is whole.
    assert_eq!(changed(&whole, &tree(&site.path("out"))), [""; 0]);
}

#[test]
fn two_builds_at_once_do_not_mix() {
    let site = Site::srm();
    let mut children: Vec<_> = (0..6)
        .map(|_| {
            let mut command = hacc();
            command.current_dir(site.path(".")).args(["build", "topo.kdl", "-o", "out"]);
            command.stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::piped()).spawn().unwrap()
        })
        .collect();
    let mut built = 0;
    for child in children.drain(..) {
        let output = child.wait_with_output().unwrap();
        let err = String::from_utf8(output.stderr).unwrap();
        match output.status.code() {
            Some(0) => built += 1,
            code => assert!(code == Some(2) && err.contains("error[out-"), "{err}"),
        }
    }
    assert!(built > 0);
    let expected = Site::srm().build();
    assert_eq!(changed(&expected, &site.build()), [""; 0]);
}
