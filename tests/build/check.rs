//! `hacc build --check`: whether a build would change anything.

use std::fs;

use crate::site::{Said, Site, inodes, said};

const CHECK: &[&str] = &["build", "topo.kdl", "-o", "out", "--check"];

/// Checks; nothing may be written by that.
fn check(site: &Site) -> Said {
    let before = inodes(&site.path("."));
    let said = site.run(CHECK);
    assert_eq!(inodes(&site.path(".")), before);
    said
}

/// A check finds something, the build after it changes it, and then there is nothing left.
fn stale(site: &Site, why: &str) -> Said {
    let found = check(site);
    assert_eq!(found.code, Some(1), "{why}: {}{}", found.out, found.err);
    assert!(
        found.err.ends_with("hacc: out is not what the topology says now; `hacc build` makes it so\n"),
        "{}",
        found.err
    );
    site.build();
    let after = check(site);
    assert_eq!(after.code, Some(0), "{why}: {}{}", after.out, after.err);
    assert!(after.out.contains("nothing to change"), "{}", after.out);
    found
}

#[test]
fn what_a_build_would_change_is_stale() {
    let site = Site::srm();
    stale(&site, "never built");
    site.edit("balance=\"leastconn\"", "balance=\"first\"");
    insta::assert_snapshot!(stale(&site, "a value").out);
    fs::remove_file(site.path("out/vm/mq2/join")).unwrap();
    stale(&site, "a file is gone");
    site.chmod("out/vm/mq3/join", 0o700);
    stale(&site, "a mode");
    site.edit("nginx \"edge\"", "nginx \"door\"");
    stale(&site, "a file has another name");
    let text = site.read("topo.secrets");
    let cookie = text.lines().find(|line| line.contains("\"cookie\"")).unwrap();
    let value = cookie.rsplit('"').nth(1).unwrap();
    site.write("topo.secrets", &text.replace(value, "ANOTHERcookieANOTHERcookieANOTHE"));
    let found = stale(&site, "a secret");
    assert!(found.out.contains("replaced  vm/mq2/.erlang.cookie"), "{}", found.out);
}

#[test]
fn what_says_the_same_is_not() {
    let site = Site::srm();
    site.build();
    site.write("topo.kdl", &format!("// more\n{}", site.read("topo.kdl").replace("    ", "  ")));
    let found = check(&site);
    assert_eq!((found.code, found.err.as_str()), (Some(0), ""), "{}", found.out);
}

#[test]
fn what_is_kept_beside_the_topology_counts() {
    let site = Site::wide();
    site.build();
    fs::remove_file(site.path("topo.lock")).unwrap();
    let found = stale(&site, "the lock is gone");
    assert!(found.out.contains("topo.lock: would be written\n"), "{}", found.out);
    let more = format!("{}\nsecret \"fresh\" generate=20\n", site.read("topo.kdl"));
    site.write("topo.kdl", &more);
    let found = stale(&site, "a secret that has to be made");
    assert!(found.out.contains("topo.secrets: would be written\n"), "{}", found.out);
}

#[test]
fn the_manifest_alone_counts() {
    let site = Site::srm();
    site.build();
    site.write("topo.kdl", &format!("{}\nsecret \"unused\" literal=\"x\"\n", site.read("topo.kdl")));
    let found = stale(&site, "what no file says");
    assert!(found.out.contains("but manifest.json"), "{}", found.out);
}

#[test]
fn what_could_not_be_built_cannot_be_compared() {
    let site = Site::wide();
    site.build();
    let mut command = site.command(CHECK);
    let unset = said(command.env_remove("WIDE_MONITOR"));
    assert_eq!((unset.code, unset.out.as_str()), (Some(2), ""));
    assert!(unset.err.contains("WIDE_MONITOR") && unset.err.ends_with("hacc: not compared\n"), "{}", unset.err);
    fs::remove_file(site.path("topo.secrets")).unwrap();
    let lost = check(&site);
    assert_eq!((lost.code, lost.out.as_str()), (Some(2), ""), "{}", lost.err);
    site.write("topo.kdl", "topology \"t");
    assert_eq!(check(&site).code, Some(2));
}

#[test]
fn findings_of_error_level_refuse_a_check_as_they_refuse_a_build() {
    let site = Site::srm();
    site.build();
    site.edit("port=15673", "port=15672");
    assert_eq!(check(&site).code, Some(1));
    assert!(check(&site).err.contains("not built: findings of error level"), "{}", check(&site).err);
    let forced = site.run(&[CHECK, &["--force"]].concat());
    assert!(forced.out.contains("would be: 1 changed"), "{}", forced.out);
    assert_eq!(forced.code, Some(1));
}

#[test]
fn a_file_that_is_edited_by_hand_is_named() {
    let site = Site::srm();
    site.build();
    site.write("out/vm/mq2/join", "#!/bin/sh\n");
    let found = stale(&site, "the next build notes the edit");
    assert!(found.out.contains("edited by hand and kept") && found.out.contains("vm/mq2/join"), "{}", found.out);
    assert!(check(&site).out.contains("vm/mq2/join"), "{}", check(&site).out);
}

#[test]
fn a_check_as_json() {
    let site = Site::srm();
    let result = |site: &Site| {
        let said = site.run(&[CHECK, &["--format", "json"]].concat());
        let report: serde_json::Value = serde_json::from_str(&said.out).unwrap();
        (said.code, report["result"].as_str().unwrap().to_owned(), report["dry_run"].as_bool())
    };
    assert_eq!(result(&site), (Some(1), "stale".to_owned(), Some(true)));
    site.build();
    assert_eq!(result(&site), (Some(0), "unchanged".to_owned(), Some(true)));
}
