//! What is written into rabbitmq.conf is what the release takes, on every release that was looked at and between them.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use camino::Utf8Path;

use crate::check::check;
use crate::plan::templates::Templates;
use crate::plan::{Input, plan, salts};
use crate::releases::{ConfKey, rabbitmq_conf_key, releases};
use crate::secrets::{Need, Secrets, Wanted, resolve};
use crate::source::SourceMap;
use crate::system::Lock;
use crate::topology::Version;
use crate::world::Memory;

/// Clusters of every form: properties, and lines of the body.
const FORMS: [(&str, &str); 5] = [
    ("", ""),
    (" memory=\"2GiB\"", "policy"),
    (" partition-handling=\"autoheal\" heartbeat=\"20s\" disk-free-limit=\"2GiB\" memory-watermark=\"1GiB\"", ""),
    ("", "ram"),
    (" heartbeat=\"0s\"", "set \"log.file.level\" \"info\""),
];

/// A topology with a cluster of every form and size, all of one release.
fn topology(version: Version) -> String {
    let mut text = "topology \"t\"\nhost \"vm\" address=\"192.168.1.1\"\n\
                    network \"n\" on=\"vm\" subnet=\"172.20.0.0/16\"\nsecret \"c\" generate=32\n"
        .to_owned();
    for (form, (properties, body)) in FORMS.iter().enumerate() {
        for size in [1, 2, 3, 4, 7] {
            let _ = writeln!(
                text,
                "rabbitmq \"mq{form}x{size}\" version=\"{version}\" on=\"vm\" cookie=\"c\"{properties} {{\n attach \"n\""
            );
            for n in 0..size {
                let kind = if *body == "ram" && n > 0 { " kind=\"ram\"" } else { "" };
                let _ = writeln!(text, " node \"m{form}x{size}n{n}\"{kind}");
            }
            match *body {
                "policy" => text.push_str(" vhost \"/\" { policy \"p\" pattern=\".\" { ha-mode \"all\"; }; }\n"),
                "ram" => {}
                line => drop(writeln!(text, " {line}")),
            }
            text.push_str("}\n");
        }
    }
    text
}

/// The lines of every rabbitmq.conf, by its path.
fn confs(text: &str) -> BTreeMap<String, Vec<(String, String)>> {
    let world = Memory::new().file("topo.kdl", text);
    let mut lock = Lock::default();
    let checked = check(&world, Utf8Path::new("topo.kdl"), &lock, &mut SourceMap::new());
    let checked = checked.unwrap_or_else(|errors| panic!("{errors:?}\n{text}"));
    let wanted = Wanted {
        secrets: &checked.topology.secrets,
        salts: &salts(&checked.topology),
        base: Utf8Path::new(""),
        need: Need::None,
        new_secrets: false,
    };
    let secrets = resolve(&wanted, &mut Secrets::default(), &mut lock, &world).unwrap();
    let tree = plan(&Input {
        topology: &checked.topology,
        system: &checked.system,
        derived: &checked.derived,
        secrets: &secrets,
        templates: &Templates::standard(),
    });
    let tree = tree.unwrap_or_else(|errors| panic!("{errors:?}\n{text}"));
    let confs = tree.iter().filter(|artifact| artifact.path().file_name() == Some("rabbitmq.conf"));
    let lines = |body: &[u8]| {
        let text = String::from_utf8(body.to_vec()).unwrap();
        let lines = text.lines().filter(|line| !line.starts_with('#'));
        lines.map(|line| line.split_once(" = ").unwrap()).map(|(k, v)| (k.to_owned(), v.to_owned())).collect()
    };
    confs.map(|artifact| (artifact.path().to_string(), lines(&artifact.body))).collect()
}

/// Every release that was looked at, and those between and behind them.
fn versions() -> BTreeSet<Version> {
    let next = releases().iter().map(|version| Version { patch: version.patch + 1, ..*version });
    let others = ["3.8.2", "3.8.9", "3.8.24", "3.9.9", "3.10.8", "3.13.3", "4.0.5", "4.4.0"];
    let others = others.iter().map(|text| Version::parse(text).unwrap());
    releases().iter().copied().chain(next).chain(others).collect()
}

#[test]
fn every_key_is_one_that_the_release_takes_and_stands_once() {
    let mut seen = 0;
    for version in versions() {
        for (path, lines) in confs(&topology(version)) {
            let mut keys = BTreeSet::new();
            for (key, _) in &lines {
                let answer = rabbitmq_conf_key(key, version);
                assert!(matches!(answer, ConfKey::Accepted | ConfKey::Open), "{version} {path}: {key}: {answer:?}");
                assert!(keys.insert(key), "{version} {path}: {key} stands twice");
                seen += 1;
            }
        }
    }
    assert!(seen > 10_000, "{seen} lines");
}

#[test]
fn a_key_that_the_user_sets_takes_the_place_of_ours() {
    for version in ["3.7.28", "3.8.18", "3.10.8", "4.1.0", "4.3.6"] {
        let cluster = |sets: &str| {
            format!(
                "topology \"t\"\nhost \"vm\" address=\"192.168.1.1\"\nnetwork \"n\" on=\"vm\" subnet=\"172.20.0.0/16\"\n\
                 secret \"c\" generate=32\nrabbitmq \"mq\" version=\"{version}\" on=\"vm\" cookie=\"c\" memory=\"1GiB\" {{\n\
                 attach \"n\"\nnode \"a\"\nnode \"b\"\nnode \"c\"\n{sets}\n}}\n"
            )
        };
        let before = confs(&cluster("")).remove("vm/a/rabbitmq.conf").unwrap();
        assert!(before.len() > 10);
        for (key, _) in &before {
            let after = confs(&cluster(&format!("set \"{key}\" \"theirs\""))).remove("vm/a/rabbitmq.conf").unwrap();
            let values: Vec<&str> = after.iter().filter(|(k, _)| k == key).map(|(_, value)| value.as_str()).collect();
            assert_eq!(values, ["theirs"], "{version} {key}");
        }
        for (theirs, ours) in [
            ("vm_memory_high_watermark.relative", "vm_memory_high_watermark.absolute"),
            ("disk_free_limit.relative", "disk_free_limit.absolute"),
            ("listeners.tcp", "listeners.tcp.1"),
            ("cluster_partition_handling.pause_if_all_down.recover", "cluster_partition_handling"),
        ] {
            let after = confs(&cluster(&format!("set \"{theirs}\" \"x\""))).remove("vm/a/rabbitmq.conf").unwrap();
            assert!(!after.iter().any(|(key, _)| key == ours), "{version}: {theirs} and {ours} are one thing");
        }
    }
}
