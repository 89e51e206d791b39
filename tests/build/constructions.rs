//! What cannot go wrong, whatever is written: `docs/rules.tsv` names these tests.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::readers;
use crate::site::{Site, Tree};

/// Every topology here, built.
fn trees() -> Vec<Tree> {
    let sites = [Site::srm(), Site::quorum(), Site::three_hosts(), Site::wide(), Site::registered(), Site::apart()];
    sites.iter().map(Site::build).collect()
}

/// All files with this ending.
fn files<'a>(trees: &'a [Tree], end: &'a str) -> impl Iterator<Item = (&'a str, &'a str)> {
    let all = trees.iter().flatten().filter(move |(path, _)| path.ends_with(end));
    all.map(|(path, file)| (path.as_str(), file.text.as_str()))
}

/// A section of haproxy.cfg: its heading, and the lines below.
type Section = (Vec<String>, Vec<Vec<String>>);

fn sections(text: &str) -> Vec<Section> {
    let mut found: Vec<Section> = Vec::new();
    for line in readers::haproxy(text) {
        if ["global", "defaults", "listen", "frontend", "backend", "resolvers"].contains(&line[0].as_str()) {
            found.push((line, Vec::new()));
        } else {
            found.last_mut().unwrap().1.push(line);
        }
    }
    found
}

fn has(lines: &[Vec<String>], words: &[&str]) -> bool {
    lines.iter().any(|line| line.iter().map(String::as_str).collect::<Vec<_>>() == words)
}

fn value<'a>(lines: &'a [Vec<String>], words: &[&str]) -> Option<&'a str> {
    let line = lines.iter().find(|line| line.len() > words.len() && line.iter().zip(words).all(|(a, b)| a == b))?;
    Some(&line[words.len()])
}

/// Each `haproxy.cfg`, by section.
fn haproxies(trees: &[Tree]) -> Vec<(&str, Vec<Section>)> {
    let found: Vec<_> = files(trees, "/haproxy.cfg").map(|(path, text)| (path, sections(text))).collect();
    assert!(found.len() >= 11);
    found
}

#[test]
fn haproxy_never_waits_for_ever_and_says_its_units() {
    let trees = trees();
    for (path, sections) in haproxies(&trees) {
        let (_, defaults) = sections.iter().find(|(head, _)| head[0] == "defaults").unwrap();
        for name in ["connect", "client", "server", "tunnel", "queue", "check", "client-fin", "server-fin"] {
            assert!(value(defaults, &["timeout", name]).is_some(), "{path}: {name}");
        }
        for line in sections.iter().flat_map(|(_, lines)| lines).filter(|line| line[0] == "timeout") {
            let unit = line[2].trim_start_matches(|c: char| c.is_ascii_digit());
            assert!(["ms", "s", "m", "h"].contains(&unit) && line.len() == 3, "{path}: {line:?}");
        }
    }
}

#[test]
fn every_listen_checks_chooses_and_lets_go_of_the_dead() {
    let trees = trees();
    for (path, sections) in haproxies(&trees) {
        let (_, defaults) = sections.iter().find(|(head, _)| head[0] == "defaults").unwrap();
        assert!(has(defaults, &["mode", "tcp"]) && has(defaults, &["option", "redispatch"]), "{path}");
        let mut names = BTreeSet::new();
        for (head, lines) in sections.iter().filter(|(head, _)| head[0] == "listen") {
            let at = format!("{path}: {}", head[1]);
            assert!(names.insert(&head[1]), "{at} twice");
            let http = has(lines, &["mode", "http"]);
            assert!(http || has(lines, &["mode", "tcp"]), "{at}");
            assert_eq!((has(lines, &["option", "httplog"]), has(lines, &["option", "tcplog"])), (http, !http), "{at}");
            assert!(has(lines, &["option", "clitcpka"]) && has(lines, &["option", "srvtcpka"]), "{at}");
            assert!(value(lines, &["balance"]).is_some(), "{at}");
            // A handshake of AMQP leaves three lines in the broker's log.
            assert!(!lines.iter().any(|line| line[0] == "tcp-check" || line.contains(&"tcp-check".to_owned())), "{at}");
            let checked = lines.iter().find(|line| line[0] == "default-server").unwrap();
            let shutdown = checked.windows(2).any(|pair| pair[0] == "on-marked-down" && pair[1] == "shutdown-sessions");
            assert!(checked[1] == "check" && shutdown, "{at}");
            let servers: Vec<_> = lines.iter().filter(|line| line[0] == "server").collect();
            let own: BTreeSet<_> = servers.iter().map(|line| &line[1]).collect();
            assert!(!servers.is_empty() && own.len() == servers.len(), "{at}");
            for server in servers {
                // An address: nothing to resolve, and no resolvers to forget.
                assert!(server[2].parse::<std::net::SocketAddrV4>().is_ok(), "{at}: {server:?}");
                assert!(!server.contains(&"no-check".to_owned()), "{at}");
            }
        }
        assert!(!sections.iter().any(|(head, _)| head[0] == "resolvers" || head[0] == "backend"), "{path}");
    }
}

#[test]
fn haproxy_stays_in_the_foreground_and_logs_where_docker_reads() {
    let trees = trees();
    for (path, sections) in haproxies(&trees) {
        let (_, global) = sections.iter().find(|(head, _)| head[0] == "global").unwrap();
        for gone in ["daemon", "chroot", "nbproc", "pidfile"] {
            assert!(!global.iter().any(|line| line[0] == gone), "{path}: {gone}");
        }
        assert_eq!(value(global, &["log", "stdout", "format"]), Some("raw"), "{path}");
        assert_eq!((value(global, &["user"]), value(global, &["group"])), (Some("haproxy"), Some("haproxy")), "{path}");
        let maxconn: i64 = value(global, &["maxconn"]).unwrap().parse().unwrap();
        assert!(maxconn >= 1, "{path}");
        // What releases from 2.1 to 3.3 dropped, one after the other.
        let dropped =
            ["clitimeout", "srvtimeout", "contimeout", "reqrep", "reqadd", "rsprep", "program", "transparent"];
        for line in sections.iter().flat_map(|(_, lines)| lines) {
            assert!(!dropped.contains(&line[0].as_str()) && line[0] != "block", "{path}: {line:?}");
        }
    }
}

#[test]
fn statistics_have_their_own_port_and_always_a_password() {
    let trees = trees();
    let mut met = 0;
    for (path, sections) in haproxies(&trees) {
        for (head, lines) in &sections {
            assert!(!lines.iter().any(|line| line[..2.min(line.len())] == ["stats", "admin"]), "{path}");
            if lines.iter().any(|line| line[0] == "stats" && line[1] == "enable") {
                met += 1;
                assert!(head[0] == "frontend" && has(lines, &["mode", "http"]), "{path}");
                assert!(value(lines, &["stats", "auth"]).is_some_and(|auth| auth.split_once(':').is_some()), "{path}");
            }
        }
    }
    assert!(met >= 7, "{met}");
}

/// On the backup a VIP is not there: who binds it does not start.
#[test]
fn nobody_listens_on_an_address_that_moves() {
    let trees = trees();
    for tree in &trees {
        let keepaliveds = tree.iter().filter(|(path, _)| path.ends_with("/keepalived.conf"));
        let lines: Vec<_> = keepaliveds.flat_map(|(_, file)| readers::keepalived(&file.text)).collect();
        let vips: BTreeSet<&str> = lines
            .iter()
            .filter(|line| line[0].contains('/') && line[0].starts_with(|c: char| c.is_ascii_digit()))
            .filter_map(|line| line[0].split('/').next())
            .collect();
        for (path, file) in tree.iter().filter(|(path, _)| path.ends_with("/haproxy.cfg")) {
            for line in readers::haproxy(&file.text).iter().filter(|line| line[0] == "bind") {
                let address = line[1].rsplit_once(':').unwrap().0;
                assert!(!vips.contains(address), "{path}: {line:?}");
            }
        }
        for (path, file) in tree.iter().filter(|(path, _)| path.ends_with("/nginx.conf")) {
            for line in file.text.lines().map(str::trim).filter(|line| line.starts_with("listen ")) {
                let word = line.split([' ', ';']).nth(1).unwrap();
                let own = word.strip_prefix("127.0.0.1:").unwrap_or(word);
                assert!(own.parse::<u16>().is_ok(), "{path}: {line}");
            }
        }
    }
}

/// Each compose file with its host.
fn composes(trees: &[Tree]) -> Vec<(&str, Value, &Tree)> {
    let all = trees.iter().flat_map(|tree| tree.iter().map(move |(path, file)| (path, file, tree)));
    let all = all.filter(|(path, ..)| path.ends_with("/docker-compose.yml"));
    all.map(|(path, file, tree)| (path.split('/').next().unwrap(), readers::compose(&file.text), tree)).collect()
}

fn services(compose: &Value) -> impl Iterator<Item = (&String, &Value)> {
    compose["services"].as_object().unwrap().iter()
}

fn texts(value: &Value) -> Vec<&str> {
    value.as_array().into_iter().flatten().filter_map(Value::as_str).collect()
}

/// The reader fails at a key that stands twice, and at a `$` that Compose would fill in.
#[test]
fn compose_files_hold_known_keys_alone() {
    const TOP: [&str; 3] = ["networks", "services", "volumes"];
    const SERVICE: [&str; 26] = [
        "build",
        "cap_add",
        "cap_drop",
        "command",
        "container_name",
        "entrypoint",
        "env_file",
        "environment",
        "extra_hosts",
        "healthcheck",
        "hostname",
        "image",
        "init",
        "logging",
        "mem_limit",
        "network_mode",
        "networks",
        "ports",
        "restart",
        "security_opt",
        "stop_grace_period",
        "stop_signal",
        "sysctls",
        "tmpfs",
        "ulimits",
        "user",
    ];
    let trees = trees();
    for (host, compose, _) in composes(&trees) {
        for key in compose.as_object().unwrap().keys() {
            assert!(TOP.contains(&key.as_str()), "{host}: {key}");
        }
        for (name, service) in services(&compose) {
            for key in service.as_object().unwrap().keys() {
                assert!(SERVICE.contains(&key.as_str()) || key == "volumes", "{host}/{name}: {key}");
            }
            // No order of starts is needed, so none can be wrong.
            assert!(service.get("depends_on").is_none() && service.get("privileged").is_none(), "{host}/{name}");
            for port in texts(&service["ports"]) {
                let (address, rest) = port.split_once(':').unwrap();
                let (outside, inside) = rest.split_once(':').unwrap();
                let inside = inside.strip_suffix("/udp").unwrap_or(inside);
                assert!(address.parse::<std::net::Ipv4Addr>().is_ok(), "{host}/{name}: {port}");
                assert!(outside.parse::<u16>().is_ok() && inside.parse::<u16>().is_ok(), "{host}/{name}: {port}");
            }
            assert!(service["network_mode"].is_null() || service["ports"].is_null(), "{host}/{name}");
        }
    }
}

#[test]
fn every_container_comes_back_and_has_limits() {
    let trees = trees();
    for (host, compose, _) in composes(&trees) {
        for (name, service) in services(&compose) {
            let at = format!("{host}/{name}");
            let restart = service["restart"].as_str().unwrap();
            assert!(["unless-stopped", "always", "on-failure", "no"].contains(&restart), "{at}");
            let nofile = &service["ulimits"]["nofile"];
            assert!(nofile["soft"].as_i64().unwrap() >= 1 && nofile["soft"] == nofile["hard"], "{at}");
            assert_eq!(service["logging"]["driver"], "json-file", "{at}");
            let log = &service["logging"]["options"];
            assert!(log["max-size"].is_string() && log["max-file"].is_string(), "{at}");
            assert_eq!(texts(&service["security_opt"]), ["no-new-privileges:true"], "{at}");
            assert!(!service["stop_grace_period"].is_null(), "{at}");
            // Without a start command an application is what its image makes it.
            let own_image = service["healthcheck"].is_null();
            assert!(!own_image || service["entrypoint"].is_null() && service["command"].is_null(), "{at}");
        }
    }
}

#[test]
fn capabilities_are_few_and_known() {
    const KNOWN: [&str; 9] =
        ["CHOWN", "DAC_READ_SEARCH", "FOWNER", "KILL", "NET_ADMIN", "NET_BIND_SERVICE", "NET_RAW", "SETGID", "SETUID"];
    let trees = trees();
    let mut with_keepalived = 0;
    for (host, compose, tree) in composes(&trees) {
        for (name, service) in services(&compose) {
            let at = format!("{host}/{name}");
            let added = texts(&service["cap_add"]);
            assert!(added.iter().all(|name| KNOWN.contains(name)), "{at}: {added:?}");
            if !tree.contains_key(&format!("{host}/{name}/keepalived.conf")) {
                assert!(!added.contains(&"NET_ADMIN"), "{at}");
                continue;
            }
            with_keepalived += 1;
            // The address, the adverts, and scripts that fail when they fail; by root, and started by the same script.
            for needed in ["NET_ADMIN", "NET_RAW", "SETGID", "SETUID", "KILL"] {
                assert!(added.contains(&needed), "{at}: {needed}");
            }
            assert_eq!(texts(&service["cap_drop"]), ["ALL"], "{at}");
            assert_eq!(
                (service["user"].as_str(), texts(&service["command"])),
                (Some("0:0"), vec!["/etc/hacc/start"]),
                "{at}"
            );
            let start = &tree[&format!("{host}/{name}/start")].text;
            assert!(start.contains("\nhaproxy -W -db ") && start.contains("keepalived --dont-fork"), "{at}");
            let image = service["build"]["context"].as_str().unwrap().strip_prefix("./").unwrap();
            let recipe = &tree[&format!("{host}/{image}/Dockerfile")].text;
            assert!(recipe.contains("USER root") && recipe.contains("keepalived"), "{at}");
            // No mirror is patched into the recipe: nothing to misspell.
            assert!(!recipe.contains("sed ") && !recipe.contains("alpinelinux"), "{at}");
        }
    }
    assert!(with_keepalived >= 9, "{with_keepalived}");
}

#[test]
fn names_of_containers_are_their_own_and_can_be_asked_for() {
    let trees = trees();
    for tree in &trees {
        let mut containers: BTreeMap<String, String> = BTreeMap::new();
        for (host, compose, _) in composes(std::slice::from_ref(tree)) {
            for (name, service) in services(&compose) {
                let container = service["container_name"].as_str().unwrap();
                assert!(containers.insert(container.to_owned(), format!("{host}/{name}")).is_none(), "{container}");
                let hostname = service["hostname"].as_str().unwrap();
                assert!(hostname == name && container.ends_with(&format!("-{name}")), "{host}/{name}");
                let plain = hostname.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
                assert!(plain && !hostname.starts_with('-') && hostname.len() <= 63, "{host}/{name}");
            }
        }
    }
}

#[test]
fn who_has_an_address_stands_on_a_network_that_leaves_it_alone() {
    let trees = trees();
    for (host, compose, _) in composes(&trees) {
        for (name, service) in services(&compose) {
            for (network, attached) in service["networks"].as_object().into_iter().flatten() {
                let config = &compose["networks"][network]["ipam"]["config"][0];
                assert!(config["subnet"].is_string() && config["ip_range"].is_string(), "{host}/{name}: {network}");
                let Some(address) = attached["ipv4_address"].as_str() else { continue };
                let pool: ipnet::Ipv4Net = config["ip_range"].as_str().unwrap().parse().unwrap();
                assert!(!pool.contains(&address.parse::<std::net::Ipv4Addr>().unwrap()), "{host}/{name}: {address}");
            }
        }
    }
}

#[test]
fn mounts_are_read_only_folders_that_are_there_or_volumes_of_one_container() {
    let trees = trees();
    for (host, compose, tree) in composes(&trees) {
        let mut volumes = BTreeSet::new();
        for (name, service) in services(&compose) {
            for mount in texts(&service["volumes"]) {
                let at = format!("{host}/{name}: {mount}");
                let (source, target) = mount.split_once(':').unwrap();
                match source.strip_prefix("./") {
                    Some(folder) => {
                        assert!(target.ends_with(":ro"), "{at}");
                        assert!(
                            folder == name || folder.strip_suffix("-register") == name.strip_suffix("-register"),
                            "{at}"
                        );
                        let path = format!("{host}/{folder}/");
                        assert!(tree.keys().any(|file| file.starts_with(&path)), "{at}");
                    }
                    // Data, with no configuration of anybody's in it.
                    None => assert!(volumes.insert(source.to_owned()), "{at}"),
                }
            }
        }
    }
}

#[test]
fn scripts_say_nothing_that_only_some_shells_understand() {
    let trees = trees();
    let mut met = 0;
    for (path, file) in trees.iter().flatten().filter(|(_, file)| file.text.starts_with("#!")) {
        met += 1;
        assert!(file.text.starts_with("#!/bin/sh\n") && file.mode == 0o755, "{path}");
        for (n, line) in file.text.lines().enumerate().filter(|(_, line)| !line.trim_start().starts_with('#')) {
            let at = format!("{path}:{}: {line}", n + 1);
            // What echo does with -e, -n and backslashes is another thing in each shell.
            assert!(!line.split([' ', ';', '(', '|']).any(|word| word == "echo"), "{at}");
            for other in ["`", "[[ ", "<<<", "<(", "&>", "local -", "function "] {
                assert!(!line.contains(other), "{at}");
            }
            assert!(!line.trim_start().starts_with("source "), "{at}");
            // Addresses are told, never guessed from what the machine has.
            assert!(!line.contains("grep /"), "{at}");
        }
    }
    assert!(met > 100, "{met}");
}
