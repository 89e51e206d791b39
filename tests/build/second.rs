//! The second build: what it leaves alone, and what an edit changes.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::process::CommandExt as _;

use crate::site::{Site, Tree, changed, copy, inodes, is_root, said, tree};

/// The lines of the lock that hold entries.
fn lock(site: &Site) -> BTreeSet<String> {
    site.read("topo.lock").lines().filter(|line| !line.starts_with("//")).map(str::to_owned).collect()
}

/// Paths that a build after an edit changed, without the manifest, which tells of all others.
fn edited(before: &Tree, after: &Tree) -> Vec<String> {
    let mut paths = changed(before, after);
    paths.retain(|path| path != "manifest.json");
    paths
}

#[test]
fn it_writes_nothing() {
    for site in [Site::srm(), Site::wide()] {
        site.build();
        let before = inodes(&site.path("."));
        let said = site.run(&["build", "topo.kdl", "-o", "out"]);
        assert_eq!((said.code, said.err.as_str()), (Some(0), ""));
        assert!(said.out.contains("nothing to change"), "{}", said.out);
        for arguments in [
            &["build", "topo.kdl", "-o", "out", "--durable"][..],
            &["build", "topo.kdl", "-o", "out", "--overwrite-edited", "--force", "--new-secrets"],
            &["build", "topo.kdl", "-o", "out", "--dry-run"],
            &["lint", "topo.kdl"],
            &["graph", "topo.kdl"],
        ] {
            assert_eq!(site.run(arguments).code, Some(0), "{arguments:?}");
        }
        assert_eq!(inodes(&site.path(".")), before);
    }
}

#[test]
fn it_needs_no_right_to_write_anything() {
    let site = Site::srm();
    site.build();
    // Not hacc's business, and not in its way.
    fs::write(site.path("out/notes"), "mine").unwrap();
    let program = site.path("hacc");
    fs::copy(env!("CARGO_BIN_EXE_hacc"), &program).unwrap();
    let mut command = std::process::Command::new(&program);
    command.env_clear().current_dir(site.path(".")).args(["build", "topo.kdl", "-o", "out"]);
    if is_root() {
        // Somebody who may read all of it, and write none.
        for path in inodes(&site.path(".")).into_keys() {
            use std::os::unix::fs::chown;
            chown(&path, Some(0), Some(65_534)).unwrap();
        }
        for path in inodes(&site.path("out")).into_keys().filter(|path| path.is_file()) {
            use std::os::unix::fs::chown;
            chown(&path, Some(65_534), Some(65_534)).unwrap();
        }
        std::os::unix::fs::chown(site.path("topo.secrets"), Some(65_534), Some(65_534)).unwrap();
        site.chmod(".", 0o555);
        site.chmod("topo.lock", 0o444);
        command.gid(65_534).uid(65_534);
    } else {
        for path in inodes(&site.path("out")).into_keys().filter(|path| path.is_dir()) {
            site.chmod(path.to_str().unwrap(), 0o555);
        }
        site.chmod(".", 0o555);
    }
    let before = inodes(&site.path("."));
    let done = said(&mut command);
    let same = inodes(&site.path(".")) == before;
    for path in inodes(&site.path("out")).into_keys().filter(|path| path.is_dir()) {
        site.chmod(path.to_str().unwrap(), 0o755);
    }
    site.chmod(".", 0o755);
    assert_eq!((done.code, done.err.as_str()), (Some(0), ""), "{}", done.out);
    assert!(same);
}

/// An edit of the example, and what it changes.
fn changes(from: &str, to: &str) -> Vec<String> {
    let site = Site::srm();
    let before = site.build();
    let kept = lock(&site);
    site.edit(from, to);
    let paths = edited(&before, &site.build());
    assert_eq!(lock(&site), kept, "{from} -> {to}");
    paths
}

#[test]
fn an_edit_changes_the_files_that_say_it() {
    assert_eq!(
        changes("balance=\"leastconn\"", "balance=\"roundrobin\""),
        ["vm/lb2/haproxy.cfg", "vm/lb3/haproxy.cfg"]
    );
    assert_eq!(changes("port=15673 bind=\"127.0.0.1\"", "port=15673 bind=\"127.0.0.2\""), ["vm/docker-compose.yml"]);
    assert_eq!(changes("port=15673", "port=15679"), ["vm/docker-compose.yml"]);
    let definitions = ["vm/mq2/definitions.json", "vm/mq3/definitions.json", "vm/mq4/definitions.json"];
    assert_eq!(changes("ha-mode \"all\"", "ha-mode \"exactly\"; ha-params 2"), definitions);
    assert_eq!(changes("tags=\"administrator\"", "tags=\"management\""), definitions);
    let keepalived = ["vm/lb2/keepalived.conf", "vm/lb3/keepalived.conf"];
    assert_eq!(changes("prefer=\"lb3\"", "prefer=\"lb2\""), keepalived);
    assert_eq!(
        changes("172.30.8.100", "172.30.8.101"),
        [
            "vm/README.txt",
            "vm/docker-compose.yml",
            "vm/edge/nginx.conf",
            "vm/lb2/keepalived.conf",
            "vm/lb2/vip-fallback",
            "vm/lb3/keepalived.conf",
            "vm/lb3/vip-fallback"
        ]
    );
    assert_eq!(changes("path=\"/haproxy\"", "path=\"/stats\""), ["vm/lb2/haproxy.cfg", "vm/lb3/haproxy.cfg"]);
    assert_eq!(
        changes("version=\"1.26.3\" on=\"vm\"", "version=\"1.28.0\" on=\"vm\""),
        ["vm/docker-compose.yml"],
        "another release of nginx"
    );
}

#[test]
fn a_secret_that_is_changed_changes_the_files_that_hold_it() {
    let site = Site::srm();
    let before = site.build();
    let secrets = site.read("topo.secrets");
    site.write("topo.secrets", &secrets.replace("COOKIEthat", "cookieTHAT"));
    let cookies = ["vm/mq2/.erlang.cookie", "vm/mq3/.erlang.cookie", "vm/mq4/.erlang.cookie"];
    assert_eq!(edited(&before, &site.build()), cookies);
    site.write("topo.secrets", &secrets);
    assert_eq!(changed(&before, &site.build()), [""; 0]);
}

/// The entries of the lock after a build of an edited topology.
fn locked(site: &Site, from: &str, to: &str) -> BTreeSet<String> {
    site.edit(from, to);
    site.build();
    lock(site)
}

/// Three balancers whose addresses, VRID and ports are hacc's choice.
const OPEN: &str = r#"topology "open"
host "one" address="192.168.10.11"
network "front" on="one" subnet="172.30.8.0/24"
network "back" on="one" subnet="172.30.7.0/24"
secret "cookie" generate=20
rabbitmq "mq" version="4.1.4" on="one" cookie="cookie" {
    attach "back"
    node "mq1" { publish "amqp"; }
    node "mq2" { publish "amqp"; }
    node "mq3" { publish "amqp"; }
    // brokers
}
haproxy "lb" version="3.0.11" on="one" {
    attach "front"
    attach "back"
    // balancers first
    node "lb1"
    node "lb2"
    listen "amqp" port=5672 to="mq/amqp" { publish; }
    // vips
    vip "main" "172.30.8.100"
}
// end
"#;

#[test]
fn what_is_added_moves_nobody() {
    let site = Site::of(OPEN);
    site.build();
    let first = lock(&site);
    let mut known = first.clone();
    for (from, to, more) in [
        ("    // balancers first\n", "    node \"lb0\"\n    // balancers first\n", 3),
        ("    // brokers\n", "    node \"a\" { publish \"amqp\"; publish \"management\"; }\n    // brokers\n", 3),
        ("    // vips\n", "    vip \"before\" \"172.30.8.90\"\n    // vips\n", 1),
        ("network \"front\"", "network \"aaa\" on=\"one\" subnet=\"172.30.9.0/24\"\nnetwork \"front\"", 0),
        (
            "// end\n",
            "nginx \"a-first\" version=\"1.28.0\" on=\"one\" { attach \"front\"; stream \"s\" port=1 to=\"lb/amqp\" via=\"main\" { publish; }; }\n",
            2,
        ),
        ("host \"one\"", "host \"another\" address=\"192.168.10.10\"\nhost \"one\"", 0),
        ("node \"mq1\" {", "node \"mq1\" { publish \"health\";", 1),
    ] {
        let now = locked(&site, from, to);
        assert_eq!(known.difference(&now).count(), 0, "{to}: {now:#?}");
        assert_eq!(now.len(), known.len() + more, "{to}: {now:#?}");
        known = now;
    }
    // And back: what was freed is gone, and the rest is as it was.
    site.write("topo.kdl", OPEN);
    site.build();
    assert_eq!(lock(&site), first);
}

#[test]
fn what_is_removed_is_free_again() {
    let site = Site::of(OPEN);
    site.build();
    let before = lock(&site);
    let now = locked(&site, "    node \"mq2\" { publish \"amqp\"; }\n", "");
    let gone: Vec<&String> = before.difference(&now).collect();
    assert_eq!(gone.len(), 2, "{gone:?}");
    assert!(gone.iter().all(|line| line.contains("mq2")) && now.is_subset(&before), "{gone:?}");
    // The next one takes the place, and mq3 keeps its own.
    let then = locked(&site, "    // brokers", "    node \"mq9\" { publish \"amqp\"; }");
    let renamed: BTreeSet<String> = before.iter().map(|line| line.replace("mq2", "mq9")).collect();
    assert_eq!(then, renamed);
    assert!(!site.path("out/one/mq2").exists(), "nothing of the old node is left");
}

#[test]
fn an_order_that_changes_changes_no_choice() {
    let site = Site::of(OPEN);
    site.build();
    let before = lock(&site);
    assert_eq!(locked(&site, "    node \"lb1\"\n    node \"lb2\"\n", "    node \"lb2\"\n    node \"lb1\"\n"), before);
}

#[test]
fn a_renamed_node_keeps_what_was_chosen() {
    for (from, to) in [
        ("node \"lb2\"", "node \"new\" was=\"lb2\""),
        ("node \"mq1\"", "node \"new\" was=\"mq1\""),
        ("node \"mq3\"", "node \"a\" was=\"mq3\""),
    ] {
        let site = Site::of(OPEN);
        site.build();
        let old = from.split('"').nth(1).unwrap();
        let new = to.split('"').nth(1).unwrap();
        let renamed: BTreeSet<String> = lock(&site)
            .iter()
            .map(|line| {
                line.replace(&format!("/{old}\""), &format!("/{new}\""))
                    .replace(&format!("\"{old}/"), &format!("\"{new}/"))
            })
            .collect();
        assert_eq!(locked(&site, from, to), renamed);
        // The word may stay, or go when it did its work.
        let before = tree(&site.path("out"));
        assert_eq!(locked(&site, &format!(" was=\"{old}\""), ""), renamed);
        assert_eq!(edited(&before, &tree(&site.path("out"))), [""; 0]);
    }
}

#[test]
fn a_copy_of_everything_is_built_already() {
    let site = Site::wide();
    let before = site.build();
    copy(
        &site.path("."),
        &site.path("../").join(format!("{}-copy", site.path(".").file_name().unwrap().to_str().unwrap())),
    );
    let folder = site.path("../").join(format!("{}-copy", site.path(".").file_name().unwrap().to_str().unwrap()));
    let stamps = inodes(&folder.join("out"));
    let done = said(crate::site::hacc().current_dir(&folder).args(["build", "topo.kdl", "-o", "out"]));
    let after = tree(&folder.join("out"));
    let same = inodes(&folder.join("out")) == stamps;
    fs::remove_dir_all(&folder).unwrap();
    assert_eq!(done.code, Some(0), "{}", done.err);
    assert_eq!(changed(&before, &after), [""; 0]);
    assert!(same, "nothing is written twice");
}
