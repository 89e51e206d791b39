//! `hacc lint --fix`: what it changes, what it leaves, what it says.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use crate::site::{Site, inodes, is_root, said};

/// Two VRIDs for one address (a safe fix), an allow of nothing (a safe fix), a weight too small (one that changes behaviour).
const MISTAKES: &str = r#"// What is said here stays.
topology "t"  { allow "public-subnet" reason="none is public"; } // too
host "vm"   address="192.168.10.10"
network "front" on="vm" subnet="172.30.8.0/24"
haproxy "lb" version="2.6.12" on="vm" {
    attach "front"; node "lb1"; node "lb2"
    allow "auth-ignored" reason="was needed once" // with its comment
    vip "entry" "172.30.8.100" weight=-10 nopreempt=#false {
        member "lb1" vrid=51 priority=110
        member "lb2" vrid=52 priority=100   // the second
    }
}
"#;

#[test]
fn safe_fixes_are_applied_and_the_others_shown() {
    let site = Site::of(MISTAKES);
    site.chmod("topo.kdl", 0o640);
    let done = site.run(&["lint", "topo.kdl", "--fix"]);
    assert_eq!((done.code, done.out.as_str()), (Some(1), ""));
    insta::assert_snapshot!(format!("{}\n----\n{}", site.read("topo.kdl"), done.err));
    assert_eq!(fs::metadata(site.path("topo.kdl")).unwrap().permissions().mode() & 0o7777, 0o640);
    let before = inodes(&site.path("."));
    assert_eq!(site.run(&["lint", "topo.kdl", "--fix"]).code, Some(1));
    assert_eq!(inodes(&site.path(".")), before, "there is nothing more to fix");
}

#[test]
fn the_others_are_applied_when_that_is_asked() {
    let site = Site::of(MISTAKES);
    let done = site.run(&["lint", "topo.kdl", "--fix-unsafe"]);
    assert_eq!((done.code, done.out.as_str()), (Some(0), ""), "{}", done.err);
    assert!(site.read("topo.kdl").contains("weight=0 nopreempt"), "{}", site.read("topo.kdl"));
    assert!(done.err.contains("vip-never-moves: set the weight to 0"), "{}", done.err);
}

#[test]
fn a_diff_shows_what_would_change_and_writes_nothing() {
    let site = Site::of(MISTAKES);
    let before = inodes(&site.path("."));
    let safe = site.run(&["lint", "topo.kdl", "--diff"]);
    assert_eq!(safe.code, Some(1));
    insta::assert_snapshot!(safe.out);
    assert!(safe.err.starts_with("would be fixed:\n"), "{}", safe.err);
    let all = site.run(&["lint", "topo.kdl", "--fix-unsafe", "--diff"]);
    assert_eq!(all.code, Some(1), "what would change is no clean topology: {}", all.err);
    assert!(all.out.contains("+    vip \"entry\" \"172.30.8.100\" weight=0 nopreempt=#false {\n"), "{}", all.out);
    assert_eq!(inodes(&site.path(".")), before);
    let clean = Site::srm();
    let said = clean.run(&["lint", "topo.kdl", "--diff"]);
    assert_eq!((said.code, said.out.as_str()), (Some(0), ""), "{}", said.err);
}

#[test]
fn what_is_allowed_is_left() {
    let allowed =
        MISTAKES.replace("{\n        member", "{\n        allow \"vrid-mismatch\" reason=\"a test\"\n        member");
    let site = Site::of(&allowed);
    let done = site.run(&["lint", "topo.kdl", "--fix-unsafe"]);
    assert!(site.read("topo.kdl").contains("vrid=52"), "{}", done.err);
    assert!(!done.err.contains("vrid-mismatch"), "{}", done.err);
}

#[test]
fn no_fix_changes_a_place_where_its_rule_is_allowed() {
    // The finding names the first few members only; its fix would set the weight of all of them.
    let members = |last: &str| {
        let nodes = [1, 2, 3, 4, 5].map(|n| format!("node \"lb{n}\"")).join("; ");
        let priorities = [110, 100, 99, 98].iter().zip(1..).map(|(priority, n)| {
            format!("        member \"lb{n}\" priority={priority} weight={}\n", if n == 1 { -10 } else { 0 })
        });
        let priorities = priorities.collect::<Vec<String>>().concat();
        let text = MISTAKES.replace("node \"lb1\"; node \"lb2\"", &nodes);
        let (before, rest) = text.split_once("        member").unwrap();
        let (_, after) = rest.split_once("second\n").unwrap();
        let before = before.replace("weight=-10 ", "");
        format!("{before}{priorities}        member \"lb5\" priority=97 weight=-1{last}\n{after}")
    };
    let free = Site::of(&members(""));
    let done = free.run(&["lint", "topo.kdl", "--fix-unsafe"]);
    assert!(free.read("topo.kdl").contains("priority=97 weight=0\n"), "{}{}", free.read("topo.kdl"), done.err);
    for allow in [
        " { allow \"vip-never-moves\" reason=\"lb5 is special\"; }",
        " // hacc: allow(vip-never-moves) reason=\"lb5 is special\"",
    ] {
        let held = Site::of(&members(allow));
        let done = held.run(&["lint", "topo.kdl", "--fix-unsafe"]);
        let text = held.read("topo.kdl");
        assert!(text.contains(&format!("priority=97 weight=-1{allow}\n")), "{text}{}", done.err);
        assert!(text.contains("priority=110 weight=-10\n"), "all of a fix or nothing: {}", done.err);
        assert!(done.err.contains("error[vip-never-moves]"), "{}", done.err);
    }
}

#[test]
fn included_files_are_mended_in_the_topologys_folder_and_nowhere_else() {
    let site = Site::of("");
    let vip = |name: &str, ip: &str| {
        format!(
            "haproxy \"{name}\" version=\"2.6.12\" on=\"vm\" {{\n    attach \"front\"\n    node \"{name}1\"\n    node \"{name}2\"\n    \
             vip \"{name}\" \"{ip}\" {{\n        member \"{name}1\" vrid=71\n        member \"{name}2\" vrid=72\n    }}\n}}\n"
        )
    };
    fs::create_dir_all(site.path("here/below")).unwrap();
    fs::create_dir_all(site.path("elsewhere")).unwrap();
    site.write(
        "here/topo.kdl",
        "topology \"t\"\nhost \"vm\" address=\"192.168.10.10\"\nnetwork \"front\" on=\"vm\" subnet=\"172.30.8.0/24\"\n\
         include \"below/in.kdl\"; include \"../elsewhere/out.kdl\"; include \"link.kdl\"\n",
    );
    site.write("here/below/in.kdl", &vip("in", "172.30.8.100"));
    site.write("elsewhere/out.kdl", &vip("out", "172.30.8.101").replace("=7", "=8"));
    site.write("elsewhere/linked.kdl", &vip("linked", "172.30.8.102").replace("=7", "=9"));
    std::os::unix::fs::symlink("../elsewhere/linked.kdl", site.path("here/link.kdl")).unwrap();
    let elsewhere = inodes(&site.path("elsewhere"));
    let done = site.run(&["lint", "here/topo.kdl", "--fix"]);
    assert_eq!(done.code, Some(1));
    assert!(site.read("here/below/in.kdl").contains("member \"in2\" vrid=71"), "{}", done.err);
    assert_eq!(inodes(&site.path("elsewhere")), elsewhere);
    for path in ["here/../elsewhere/out.kdl", "here/link.kdl"] {
        let line = format!("left as it is, since it lies outside the topology's folder: {path}\n");
        assert!(done.err.contains(&line), "{}", done.err);
    }
    // The same from another folder, by another name.
    site.write("here/below/in.kdl", &vip("in", "172.30.8.100"));
    let mut command = site.command(&["lint", "../here/./topo.kdl", "--fix"]);
    let done = said(command.current_dir(site.path("elsewhere")));
    assert!(site.read("here/below/in.kdl").contains("member \"in2\" vrid=71"), "{}", done.err);
}

#[test]
fn fixes_that_are_too_much_together_are_applied_one_by_one() {
    // With both gone the braces have to go as well.
    let twice = r#"{ allow "auth-ignored" reason="a"; allow "public-subnet" reason="none is public"; } // too"#;
    let site = Site::of(&MISTAKES.replace(r#"{ allow "public-subnet" reason="none is public"; } // too"#, twice));
    let done = site.run(&["lint", "topo.kdl", "--fix-unsafe"]);
    assert_eq!(done.code, Some(0), "{}", done.err);
    assert!(site.read("topo.kdl").contains("\ntopology \"t\" // too\n"), "{}", site.read("topo.kdl"));
    assert_eq!(done.err.matches("unused-allow: remove").count(), 3, "{}", done.err);
}

#[test]
fn a_topology_with_errors_is_left_alone() {
    let site = Site::of(&MISTAKES.replace("version=\"2.6.12\"", ""));
    let before = inodes(&site.path("."));
    let done = site.run(&["lint", "topo.kdl", "--fix"]);
    assert_eq!((done.code, done.out.as_str()), (Some(2), ""));
    assert!(done.err.contains("missing-"), "{}", done.err);
    assert_eq!(done.err.matches("error[").count(), 1, "told once: {}", done.err);
    assert_eq!(inodes(&site.path(".")), before);
}

#[test]
fn the_report_for_programs_is_that_of_what_is_left() {
    let site = Site::of(MISTAKES);
    let done = site.run(&["lint", "topo.kdl", "--fix", "--format", "json"]);
    let report: serde_json::Value = serde_json::from_str(&done.out).unwrap();
    let codes: Vec<&str> =
        report["diagnostics"].as_array().unwrap().iter().map(|found| found["code"].as_str().unwrap()).collect();
    assert_eq!((done.code, codes), (Some(1), vec!["vip-never-moves"]));
    assert!(done.err.starts_with("fixed:\n"), "{}", done.err);
}

#[test]
fn a_file_that_may_not_be_written_stays_as_it_is() {
    let site = Site::of(MISTAKES);
    let mut command = site.command(&["lint", "topo.kdl", "--fix"]);
    if is_root() {
        use std::os::unix::process::CommandExt as _;
        std::os::unix::fs::chown(site.path("."), Some(65_534), Some(65_534)).unwrap();
        command.gid(65_534).uid(65_534);
    }
    site.chmod("topo.kdl", 0o444);
    let done = said(&mut command);
    assert_eq!((done.code, done.out.as_str()), (Some(2), ""));
    assert!(done.err.contains("`topo.kdl` cannot be written: permission denied"), "{}", done.err);
    assert!(!done.err.contains("fixed:"), "{}", done.err);
    assert_eq!(site.read("topo.kdl"), MISTAKES);
}
