//! What cannot be wrong in a keepalived.conf, whatever is written in the topology: names, users and prefixes agree by
//! construction.

use std::collections::BTreeSet;

use super::hostile::planned;
use super::readers;
use super::site::{Site, Tree};

/// The words of the lines of every keepalived.conf that the examples and the wide topology give.
fn files() -> Vec<(String, Vec<Vec<String>>)> {
    let of = |tree: Tree| {
        let files = tree.into_iter().filter(|(path, _)| path.ends_with("/keepalived.conf"));
        files.map(|(path, file)| (path, readers::keepalived(&file.text))).collect::<Vec<_>>()
    };
    let all: Vec<_> = [Site::srm(), Site::quorum(), Site::three_hosts(), Site::wide()]
        .iter()
        .flat_map(|site| of(site.build()))
        .collect();
    assert!(all.len() >= 10, "{}", all.len());
    all
}

/// The first words of the lines in blocks that begin with `word`.
fn inside(lines: &[Vec<String>], word: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut open = false;
    for line in lines {
        match line.first().map(String::as_str) {
            Some(first) if first == word => open = true,
            Some("}") => open = false,
            Some(first) if open => found.push(first.to_owned()),
            _ => {}
        }
    }
    found
}

/// The second words of the lines that begin with `word`.
fn named(lines: &[Vec<String>], word: &str) -> BTreeSet<String> {
    let of = lines.iter().filter(|line| line[0] == word);
    of.filter_map(|line| line.get(1)).filter(|name| *name != "{").cloned().collect()
}

#[test]
fn every_vip_has_a_prefix() {
    for (path, lines) in files() {
        let addresses = inside(&lines, "virtual_ipaddress");
        assert!(!addresses.is_empty(), "{path}");
        for address in addresses {
            let (_, prefix) = address.split_once('/').unwrap_or_else(|| panic!("{path}: {address}"));
            assert!((1..=32).contains(&prefix.parse().unwrap()), "{path}: {address}");
        }
    }
}

#[test]
fn one_family_alone_can_be_said() {
    let text = r#"
        topology "t"
        host "vm" address="192.168.10.10"
        network "front" on="vm" subnet="172.30.8.0/24"
        haproxy "lb" version="2.6.12" on="vm" {
            attach "front"; node "lb1"; node "lb2"
            vip "entry" "172.30.8.100" "ADDRESS"
        }"#;
    assert!(planned(&text.replace("ADDRESS", "172.30.8.101")).is_ok());
    let (errors, _) = planned(&text.replace("ADDRESS", "fd00::1")).unwrap_err();
    assert_eq!(errors.iter().map(|error| error.code).collect::<Vec<_>>(), ["invalid-value"]);
}

#[test]
fn what_is_tracked_is_what_is_defined() {
    let mut most = 0;
    for (path, lines) in files() {
        for (defined, tracked) in [("vrrp_script", "track_script"), ("vrrp_track_process", "track_process")] {
            let defined = named(&lines, defined);
            let tracked: BTreeSet<String> = inside(&lines, tracked).into_iter().collect();
            assert_eq!(defined, tracked, "{path}");
            most = most.max(defined.len());
        }
        // Before its use: keepalived knows no other script.
        let first = |word: &str| lines.iter().position(|line| line[0] == word);
        assert!(first("vrrp_script") < first("vrrp_instance"), "{path}");
    }
    assert!(most > 1, "one file has several");
}

#[test]
fn commands_have_a_user_and_are_guarded() {
    for (path, lines) in files() {
        let runs = lines.iter().any(|line| line[0] == "script" || line[0] == "notify");
        assert!(runs, "{path}");
        assert!(lines.iter().any(|line| line[0] == "enable_script_security"), "{path}");
        assert!(lines.contains(&vec!["script_user".to_owned(), "root".to_owned()]), "{path}");
    }
}

/// The reader's own test: blocks are told apart.
#[test]
fn blocks_are_read_as_they_stand() {
    let lines = readers::keepalived(
        "vrrp_script a {\n  interval 1\n}\nvrrp_instance x {\n  track_script {\n    a weight 2\n  }\n}\n",
    );
    assert_eq!(inside(&lines, "track_script"), ["a"]);
    assert_eq!(named(&lines, "vrrp_script"), ["a".to_owned()].into());
}
