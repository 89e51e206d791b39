//! Mistakes of brokers that cannot be built: what their files hold whatever the topology says, and what it cannot say.

use std::collections::BTreeSet;
use std::process::{Command, Output};

use serde_json::Value;

use crate::readers;
use crate::site::{Site, Tree};

/// The services of all brokers, with the folder of each.
fn brokers(tree: &Tree) -> Vec<(String, Value)> {
    let mut found = Vec::new();
    // Some are on a network without an address of their own, which the reader does not know.
    for (path, file) in tree.iter().filter(|(path, _)| path.ends_with("/docker-compose.yml")) {
        let host = path.strip_suffix("/docker-compose.yml").unwrap();
        for (name, service) in
            readers::compose(&file.text.replace(": {}\n", ": \"\"\n"))["services"].as_object().unwrap()
        {
            if tree.contains_key(&format!("{host}/{name}/rabbitmq.conf")) {
                found.push((format!("{host}/{name}"), service.clone()));
            }
        }
    }
    assert!(found.len() > 2);
    found
}

fn sites() -> [Site; 4] {
    [Site::srm(), Site::quorum(), Site::three_hosts(), Site::wide()]
}

#[test]
fn a_broker_has_a_name_and_a_disk_of_its_own_and_nothing_in_its_environment() {
    for site in sites() {
        let tree = site.build();
        let mut volumes = BTreeSet::new();
        for (folder, service) in brokers(&tree) {
            let name = folder.rsplit('/').next().unwrap();
            // On the host's own network it has the host's name service, and the name all the same.
            assert_eq!(service["hostname"], name, "{folder}");
            assert!(service.get("environment").is_none() && service.get("env_file").is_none(), "{folder}");
            let mounts: Vec<&str> =
                service["volumes"].as_array().unwrap().iter().map(|v| v.as_str().unwrap()).collect();
            let data: Vec<_> = mounts.iter().filter(|mount| mount.ends_with(":/var/lib/rabbitmq")).collect();
            assert_eq!(data.len(), 1, "{mounts:?}");
            assert!(
                volumes.insert(format!("{}{}", folder.split('/').next().unwrap(), data[0])),
                "{folder} shares a disk"
            );
        }
    }
}

#[test]
fn the_cookie_is_copied_for_the_broker_alone() {
    for site in sites() {
        let tree = site.build();
        for (folder, service) in brokers(&tree) {
            let name = folder.rsplit('/').next().unwrap();
            assert_eq!(service["volumes"][0], format!("./{name}:/etc/hacc:ro"), "a folder, not the file itself");
            let start = &tree[&format!("{folder}/start")].text;
            assert!(start.contains("\nput .erlang.cookie /var/lib/rabbitmq/.erlang.cookie 0400\n"), "{folder}");
            let put = start.split("\nput() {").nth(1).unwrap().split("\n}").next().unwrap();
            assert!(put.contains("chown rabbitmq:rabbitmq") && put.contains("chmod \"$3\""), "{put}");
            // The mode is that of the file before its owner changes, in a new file: nobody else ever reads it.
            assert!(start.contains("\numask 077\n"), "{folder}");
        }
    }
}

#[test]
fn no_script_writes_names_into_the_container() {
    for site in sites() {
        for (path, file) in site.build().iter().filter(|(_, file)| file.text.starts_with("#!")) {
            for line in file.text.lines().filter(|line| !line.trim_start().starts_with('#')) {
                assert!(!line.contains("/etc/hosts") && !line.contains("/etc/hostname"), "{path}: {line}");
            }
        }
    }
}

#[test]
fn the_plugins_are_one_list_with_its_dot_and_the_same_on_every_broker() {
    for site in sites() {
        let tree = site.build();
        let mut clusters: BTreeSet<(String, String)> = BTreeSet::new();
        for (folder, _) in brokers(&tree) {
            let text = &tree[&format!("{folder}/enabled_plugins")].text;
            assert!(text.starts_with('[') && text.ends_with("].\n"), "{text:?}");
            let peers: String = readers::rabbitmq_conf(&tree[&format!("{folder}/rabbitmq.conf")].text)
                .into_iter()
                .filter(|(key, _)| key.contains("classic_config.nodes."))
                .map(|(_, node)| node + " ")
                .collect();
            clusters.insert((peers, text.clone()));
        }
        let names: BTreeSet<_> = clusters.iter().map(|(peers, _)| peers).collect();
        assert_eq!(names.len(), clusters.len(), "{clusters:?}");
    }
}

const ALONE: &str = r#"topology "t"
host "vm" address="192.168.10.10"
network "mq" on="vm" subnet="172.30.7.0/24"
secret "cookie" generate=32
rabbitmq "mq" version="4.0.5" on="vm" cookie="cookie" {
    attach "mq"
    node "mq1"
    vhost "/" {
        //in
    }
}
"#;

/// What hacc says to a line inside the vhost, or to other words for the node.
fn refused(from: &str, to: &str, says: &str) {
    let site = Site::of(ALONE);
    site.edit(from, to);
    let said = site.run(&["lint", "topo.kdl"]);
    assert_eq!(said.code, Some(2), "{to}: {}", said.err);
    assert!(said.err.contains(says), "{to}: {}", said.err);
}

#[test]
fn one_broker_of_a_cluster_is_no_other_release_and_has_no_plugin_or_long_name_of_its_own() {
    refused("node \"mq1\"", "node \"mq1\" version=\"3.13.7\"", "version");
    refused("node \"mq1\"", "node \"mq1\" { plugin \"rabbitmq_shovel\"; }", "plugin");
    refused("node \"mq1\"", "node \"mq1.example.com\"", "mq1.example.com");
}

#[test]
fn definitions_lead_to_nothing_that_is_not_there() {
    refused("//in", "queue \"orders\"; bind \"shop\" queue=\"orders\"", "there is no exchange `shop`");
    refused("//in", "exchange \"shop\"; bind \"shop\" queue=\"order\"", "there is no queue `order`");
    refused("//in", "exchange \"shop\"; bind \"shop\"", "a binding leads nowhere");
    refused("//in", "exchange \"shop\"; bind \"shop\" queue=\"a\" exchange=\"b\"", "a binding has two ends");
    refused("//in", "queue \"a\"; queue \"a\"", "more than one queue is called `a`");
    refused("//in", "user \"ghost\" configure=\"\" write=\"\" read=\"\"", "no password");
}

#[test]
fn queues_exchanges_and_bindings_are_written_as_rabbitmq_reads_them() {
    let site = Site::of(ALONE);
    site.edit(
        "//in",
        r#"queue "orders" type="quorum" { x-delivery-limit 5; }
        queue "odd \"name\"" durable=#false auto-delete=#true
        exchange "shop" type="topic" internal=#true { alternate-exchange "lost"; }
        exchange "lost" type="fanout"
        bind "shop" queue="orders" key="orders.#"
        bind "amq.topic" exchange="shop""#,
    );
    let tree = site.build();
    let definitions: Value = serde_json::from_str(&tree["vm/mq1/definitions.json"].text).unwrap();
    let expected = serde_json::json!({
        "queues": [
            {"vhost": "/", "name": "orders", "durable": true, "auto_delete": false,
             "arguments": {"x-queue-type": "quorum", "x-delivery-limit": 5}},
            {"vhost": "/", "name": "odd \"name\"", "durable": false, "auto_delete": true, "arguments": {}},
        ],
        "exchanges": [
            {"vhost": "/", "name": "shop", "type": "topic", "durable": true, "auto_delete": false, "internal": true,
             "arguments": {"alternate-exchange": "lost"}},
            {"vhost": "/", "name": "lost", "type": "fanout", "durable": true, "auto_delete": false, "internal": false,
             "arguments": {}},
        ],
        "bindings": [
            {"vhost": "/", "source": "shop", "destination": "orders", "destination_type": "queue",
             "routing_key": "orders.#", "arguments": {}},
            {"vhost": "/", "source": "amq.topic", "destination": "shop", "destination_type": "exchange",
             "routing_key": "", "arguments": {}},
        ],
    });
    for (section, entries) in expected.as_object().unwrap() {
        assert_eq!(definitions[section], *entries, "{section}");
    }
}

/// Runs the join script of `mq2` of the example; `answers` is what `rabbitmqctl` prints, by a word of its arguments.
fn join(answers: &str) -> (Output, String) {
    let site = Site::srm();
    let tree = site.build();
    let fake = format!(
        "#!/bin/sh\nprintf '%s\\n' \"$*\" | tr '\\n' ' ' >>\"$CALLS\"; echo >>\"$CALLS\"\ncase \"$*\" in\n{answers}\nesac\n"
    );
    site.write("rabbitmqctl", &fake);
    site.chmod("rabbitmqctl", 0o755);
    let script = tree["vm/mq2/join"].text.replace("/run/hacc-join.lock", site.path("lock").to_str().unwrap());
    site.write("join", &script);
    let path = format!("{}:{}", site.path("").display(), std::env::var("PATH").unwrap());
    let calls = site.path("calls");
    let output =
        Command::new("/bin/sh").arg(site.path("join")).env("PATH", path).env("CALLS", &calls).output().unwrap();
    (output, site.read("calls"))
}

#[test]
fn a_member_that_joins_again_changes_nothing() {
    let (output, calls) = join(
        "*is_running*) echo 'application running' ;;\n*list_members*) echo 'member rabbit@mq2'; echo 'member rabbit@mq3' ;;",
    );
    assert!(output.status.success(), "{output:?}");
    for word in ["stop_app", "reset", "join_cluster", "start_app"] {
        assert!(!calls.contains(word), "{calls}");
    }
}

#[test]
fn a_broker_whose_peers_do_not_answer_is_not_reset() {
    let (output, calls) = join(
        "*is_running*) echo 'application running' ;;\n*rabbit@mq[34]*) exit 69 ;;\n*list_members*) echo 'member rabbit@mq2' ;;",
    );
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    assert!(!calls.contains("reset") && !calls.contains("stop_app"), "{calls}");
}
