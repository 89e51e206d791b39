//! The same input makes the same bytes, wherever, whenever and by whomever it is built.

use std::fs;
use std::os::unix::fs::symlink;
use std::os::unix::process::CommandExt as _;
use std::process::Command;

use serde_json::Value;

use crate::site::{Site, Tree, changed, copy, hacc, is_root, said, tree};

/// What a site builds in its own folder; all else is compared with it.
fn expected() -> Tree {
    Site::wide().build()
}

/// A build by a command of any kind; it must succeed, and say of nothing that it was edited or foreign.
fn builds(command: &mut Command) {
    let said = said(command);
    assert_eq!(said.code, Some(0), "{}", said.err);
    assert_eq!(said.err, "");
}

#[test]
fn wherever_it_is_called_from() {
    let expected = expected();
    let site = Site::wide();
    fs::create_dir_all(site.path("deep/er")).unwrap();
    symlink(site.path("."), site.path("deep/link")).unwrap();
    symlink("../topo.kdl", site.path("deep/other.kdl")).unwrap();
    let absolute = site.path("topo.kdl");
    let far = site.path("absolute-out");
    let calls: [(&str, &str, &str); 7] = [
        (".", "./topo.kdl", "o1"),
        (".", ".//deep/../topo.kdl", "./o2/"),
        ("deep", "../topo.kdl", "../o3"),
        ("deep/er", "../../topo.kdl", "o4"),
        ("deep", "link/topo.kdl", "link/o5"),
        ("/", absolute.to_str().unwrap(), far.to_str().unwrap()),
        ("/tmp", absolute.to_str().unwrap(), far.to_str().unwrap()),
    ];
    for (folder, topology, out) in calls {
        let folder = site.path(folder);
        builds(hacc().current_dir(&folder).args(["build", topology, "-o", out]));
        assert_eq!(changed(&expected, &tree(&folder.join(out))), [""; 0], "{topology}");
    }
}

/// What lies beside the topology lies beside the file itself.
#[test]
fn through_a_link_to_the_file() {
    let expected = expected();
    let site = Site::wide();
    fs::create_dir(site.path("elsewhere")).unwrap();
    symlink("../topo.kdl", site.path("elsewhere/one.kdl")).unwrap();
    symlink("one.kdl", site.path("elsewhere/two.kdl")).unwrap();
    for link in ["elsewhere/one.kdl", "elsewhere/two.kdl"] {
        builds(&mut site.command(&["build", link, "-o", "linked"]));
        assert_eq!(changed(&expected, &tree(&site.path("linked"))), [""; 0]);
    }
    assert_eq!(fs::read_dir(site.path("elsewhere")).unwrap().count(), 2);
}

#[test]
fn whatever_the_environment_says() {
    let expected = expected();
    let site = Site::wide();
    let environments: &[&[(&str, &str)]] = &[
        &[("LC_ALL", "C"), ("TZ", "UTC"), ("HOME", "/nonexistent"), ("USER", "nobody")],
        &[("LC_ALL", "de_DE.UTF-8"), ("LANG", "de_DE.UTF-8"), ("TZ", "Asia/Kathmandu"), ("HOME", "/")],
        &[("LC_ALL", "tr_TR.UTF-8"), ("LANGUAGE", "tr"), ("TZ", ":/etc/none"), ("USER", "ı")],
        &[("RAYON_NUM_THREADS", "1"), ("COLUMNS", "20"), ("TERM", "dumb"), ("SOURCE_DATE_EPOCH", "1")],
        &[("RAYON_NUM_THREADS", "4"), ("CLICOLOR_FORCE", "1"), ("TMPDIR", "/nonexistent"), ("HACC_IF_1", "x")],
        &[("RAYON_NUM_THREADS", "not a number"), ("PATH", ""), ("PWD", "/lies"), ("HOSTNAME", "mq3")],
    ];
    for (n, environment) in environments.iter().enumerate() {
        let out = format!("out{n}");
        builds(site.command(&["build", "topo.kdl", "-o", &out]).envs(environment.iter().copied()));
        assert_eq!(changed(&expected, &tree(&site.path(&out))), [""; 0], "{environment:?}");
    }
}

#[test]
fn whatever_the_umask_is() {
    let expected = expected();
    let site = Site::wide();
    for umask in ["000", "022", "077", "777"] {
        let out = format!("out{umask}");
        // Made before, as it is the caller's own folder and its umask holds for it.
        fs::create_dir(site.path(&out)).unwrap();
        let script = format!("umask {umask}; exec \"$0\" build topo.kdl -o {out}");
        let mut command = Command::new("/bin/sh");
        command.args(["-c", &script, env!("CARGO_BIN_EXE_hacc")]).current_dir(site.path("."));
        builds(command.env_clear().env("WIDE_MONITOR", crate::site::MONITOR));
        assert_eq!(changed(&expected, &tree(&site.path(&out))), [""; 0], "{umask}");
    }
    // And what is written beside the topology: the lock for all, the secrets for nobody else.
    for umask in ["000", "077"] {
        let site = Site::of(include_str!("../../examples/srm/topo.kdl"));
        let script = format!("umask {umask}; exec \"$0\" build topo.kdl -o out");
        let mut command = Command::new("/bin/sh");
        builds(command.args(["-c", &script, env!("CARGO_BIN_EXE_hacc")]).current_dir(site.path(".")).env_clear());
        let mode = |name: &str| {
            use std::os::unix::fs::PermissionsExt as _;
            site.path(name).metadata().unwrap().permissions().mode() & 0o7777
        };
        assert_eq!((mode("topo.lock"), mode("topo.secrets")), (0o644, 0o600), "{umask}");
    }
}

#[test]
fn whoever_builds() {
    let expected = expected();
    let site = Site::wide();
    fs::create_dir(site.path("theirs")).unwrap();
    let mut command = site.command(&["build", "topo.kdl", "-o", "theirs"]);
    command.env("HOME", "/home/somebody").env("USER", "somebody").env("LOGNAME", "somebody");
    if is_root() {
        // As somebody who owns the folder and no more; nobody else's group either.
        use std::os::unix::fs::{PermissionsExt as _, chown};
        fs::set_permissions(site.path("."), fs::Permissions::from_mode(0o755)).unwrap();
        for name in ["theirs", "topo.secrets", "topo.lock"] {
            chown(site.path(name), Some(65_534), Some(65_534)).unwrap();
        }
        // The program itself may lie where nobody else can go.
        let copy = site.path("hacc");
        // Copied by another process: one that this one had open for writing could not be run while a neighbour forks.
        assert!(Command::new("cp").arg(env!("CARGO_BIN_EXE_hacc")).arg(&copy).status().unwrap().success());
        let mut other = Command::new(copy);
        other.env_clear().env("WIDE_MONITOR", crate::site::MONITOR).current_dir(site.path("."));
        other.args(["build", "topo.kdl", "-o", "theirs"]).gid(65_534).uid(65_534);
        command = other;
    }
    builds(&mut command);
    assert_eq!(changed(&expected, &tree(&site.path("theirs"))), [""; 0]);
}

#[test]
fn whatever_the_order_of_the_files_in_a_folder_is() {
    let expected = expected();
    let site = Site::wide();
    // Copies made in another order, with other names in between that came and went.
    let templates = site.path("templates/nginx");
    let names: Vec<_> = fs::read_dir(&templates).unwrap().map(|entry| entry.unwrap().path()).collect();
    for (n, path) in names.iter().rev().enumerate() {
        let text = fs::read(path).unwrap();
        fs::remove_file(path).unwrap();
        fs::write(templates.join(format!("zz{n}")), "").unwrap();
        fs::write(path, text).unwrap();
        fs::remove_file(templates.join(format!("zz{n}"))).unwrap();
    }
    assert_eq!(changed(&expected, &site.build()), [""; 0]);
    let other = site.path("copied");
    copy(&site.path("templates"), &other);
    fs::remove_dir_all(site.path("templates")).unwrap();
    fs::rename(other, site.path("templates")).unwrap();
    let said = site.run(&["build", "topo.kdl", "-o", "out", "--format", "json"]);
    assert_eq!(serde_json::from_str::<Value>(&said.out).unwrap()["result"], "unchanged");
}

/// Rewrites that mean the same, each of the text before.
fn rewrites(text: &str) -> Vec<(&'static str, String)> {
    let commented: String = text.lines().flat_map(|line| ["// a line\n  ", line, " \n\n"]).collect();
    let slashdash = format!("/-host \"no\" address=\"10.0.0.1\"\n{text}\n/* the\n end */");
    let raw = text.replace("\"172.30.8.100\"", "#\"172.30.8.100\"#").replace("\"leastconn\"", "leastconn");
    let numbers = text.replace("generate=32", "generate=0x20").replace("port=5600", "port=5_600");
    let order = text
        .replace("balance=\"leastconn\"", "")
        .replace("listen \"amqp\" port=5600", "listen \"amqp\" balance=\"leastconn\" port=5600")
        .replace("stats port=8100 path=\"/haproxy\" user=\"root\"", "stats user=\"root\" path=\"/haproxy\" port=8100");
    let crlf = text.replace('\n', "\r\n");
    vec![
        ("comments", commented),
        ("what is commented out", slashdash),
        ("quotes", raw),
        ("numbers", numbers),
        ("order of properties", order),
        ("line ends", crlf),
    ]
}

#[test]
fn however_the_topology_is_written() {
    let site = Site::srm();
    let text = site.read("topo.kdl");
    let before = site.build();
    for (what, text_now) in rewrites(&text) {
        assert_ne!(text, text_now, "{what}");
        site.write("topo.kdl", &text_now);
        let said = site.run(&["build", "topo.kdl", "-o", "out", "--format", "json"]);
        assert_eq!(said.code, Some(0), "{what}: {}", said.out);
        assert_eq!(serde_json::from_str::<Value>(&said.out).unwrap()["result"], "unchanged", "{what}");
        assert_eq!(changed(&before, &tree(&site.path("out"))), [""; 0], "{what}");
    }
    // The test above can fail: a change of meaning is one of the model.
    site.write("topo.kdl", &text.replace("every=\"5s\"", "every=\"5001ms\""));
    assert_ne!(site.build()["manifest.json"], before["manifest.json"]);
}
