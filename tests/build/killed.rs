//! Builds that are killed.

use std::fmt::Write as _;
use std::fs;
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::site::{Site, Tree, changed, tree};

/// Clusters of five, on ten hosts: 200 brokers.
fn large(balance: &str) -> String {
    let mut text = "topology \"large\"\nsecret \"cookie\" generate=20\n".to_owned();
    for rule in ["spof-host", "spof-entry", "cookie-shared"] {
        writeln!(text, "allow \"{rule}\" reason=\"many files are what is wanted\"").unwrap();
    }
    for host in 0..10 {
        writeln!(text, "host \"h{host}\" address=\"192.168.1.{}\"", host + 1).unwrap();
        writeln!(text, "network \"n{host}\" on=\"h{host}\" subnet=\"10.{host}.0.0/22\"").unwrap();
    }
    for cluster in 0..40 {
        let host = cluster % 10;
        writeln!(text, "rabbitmq \"mq{cluster}\" version=\"4.1.4\" on=\"h{host}\" cookie=\"cookie\" {{").unwrap();
        writeln!(text, "    attach \"n{host}\"").unwrap();
        for node in 0..5 {
            writeln!(text, "    node \"mq{cluster}-{node}\"").unwrap();
        }
        writeln!(text, "}}\nhaproxy \"lb{cluster}\" version=\"3.0.11\" on=\"h{host}\" {{\n    attach \"n{host}\"")
            .unwrap();
        writeln!(text, "    node \"lb{cluster}-1\"\n    listen \"amqp\" port=5672 to=\"mq{cluster}/amqp\" balance=\"{balance}\"\n}}").unwrap();
    }
    text
}

/// The tree without hacc's own name, and whether something of a half build is left.
fn stands(site: &Site) -> Tree {
    let tree = tree(&site.path("out"));
    assert!(!tree.keys().any(|path| path.contains(".hacc-")), "something is left of a build that was killed");
    tree
}

#[test]
fn the_next_build_repairs_the_tree() {
    let site = Site::of(&large("leastconn"));
    let start = Instant::now();
    let first = site.build();
    let whole = start.elapsed();
    assert!(first.len() > 2_000);
    site.write("topo.kdl", &large("source").replace("-4\"\n", "-9\"\n"));
    let second = site.build();
    site.write("topo.kdl", &large("leastconn"));
    site.build();
    let mut cut = 0;
    let mut round = 0_u32;
    // On a busy machine builds may end before they are killed: then some more rounds.
    while round < 6 || (cut <= 2 && round < 40) {
        // Over and over between two trees, once from nothing; killed at all moments of a build.
        let back = round % 2 == 1;
        site.write("topo.kdl", &if back { large("leastconn") } else { large("source").replace("-4\"\n", "-9\"\n") });
        if round == 3 {
            fs::remove_dir_all(site.path("out")).unwrap();
        }
        for kill in 0..2 {
            let mut command = site.command(&["build", "topo.kdl", "-o", "out"]);
            let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
            sleep(whole.mul_f64(f64::from((round * 4 + kill * 13) % 23) / 24.0));
            child.kill().unwrap();
            cut += usize::from(child.wait().unwrap().code().is_none());
        }
        let said = site.run(&["build", "topo.kdl", "-o", "out"]);
        assert_eq!((said.code, said.err.as_str()), (Some(0), ""), "{}", said.out);
        assert!(!said.out.contains("edited") && !said.out.contains("not written by hacc"), "{}", said.out);
        let expected = if back { &first } else { &second };
        assert_eq!(changed(expected, &stands(&site)), [""; 0], "round {round}");
        let said = site.run(&["build", "topo.kdl", "-o", "out"]);
        assert!(said.out.contains("nothing to change"), "{}", said.out);
        round += 1;
    }
    assert!(cut > 2, "only {cut} builds were killed before their end");
}

#[test]
fn a_first_build_that_is_killed_makes_no_second_secret() {
    let site = Site::of(&large("leastconn"));
    let mut kept = None;
    for round in 0..10_u32 {
        let mut command: Command = site.command(&["build", "topo.kdl", "-o", "out"]);
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        sleep(Duration::from_millis(u64::from(round) * 8));
        child.kill().unwrap();
        child.wait().unwrap();
        if site.path("topo.secrets").exists() {
            let secrets = site.read("topo.secrets");
            assert!(secrets.ends_with('\n') && secrets.contains("secret \"cookie\""));
            assert_eq!(*kept.get_or_insert(secrets.clone()), secrets);
        }
    }
    let tree = site.build();
    let cookie = kept.unwrap_or_else(|| site.read("topo.secrets"));
    let cookie =
        cookie.lines().find_map(|line| line.strip_prefix("secret \"cookie\" ")).unwrap().trim_matches('"').to_owned();
    let cookies = tree.iter().filter(|(path, _)| path.ends_with("/.erlang.cookie"));
    assert_eq!(cookies.filter(|(_, file)| file.text == format!("{cookie}\n")).count(), 200);
}
