//! What is emitted for hosts that share a network, and whether each folder stands by itself.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::readers;
use crate::site::{Site, Tree};

const HOSTS: [&str; 3] = ["m1", "m2", "m3"];

fn services(tree: &Tree, host: &str) -> BTreeMap<String, Value> {
    let file = readers::compose(&tree[&format!("{host}/docker-compose.yml")].text);
    assert!(file["networks"].is_null(), "nobody makes the network between the hosts");
    file["services"].as_object().unwrap().clone().into_iter().collect()
}

#[test]
fn services_run_on_their_hosts_own_network() {
    let tree = Site::three_hosts().build();
    for host in HOSTS {
        let services = services(&tree, host);
        assert_eq!(services.len(), 3);
        for (name, service) in &services {
            assert_eq!(service["network_mode"], "host", "{name}");
            // Docker refuses the first two beside it, and ignores the third.
            for key in ["networks", "sysctls", "ports"] {
                assert!(service[key].is_null(), "{name}: {key}");
            }
        }
        let broker = format!("mq{}", &host[1..]);
        let known = services[&broker]["extra_hosts"].as_object().unwrap();
        assert_eq!(known.keys().collect::<Vec<_>>(), ["mq1", "mq2", "mq3"], "its own name too");
        let file = &tree[&format!("{host}/{broker}/hosts")].text;
        for (name, address) in known {
            assert!(file.contains(&format!("\n{} {name}\n", address.as_str().unwrap())), "{name}");
        }
    }
}

/// Every other member is told, and no member tells itself.
#[test]
fn members_send_their_adverts_to_each_other() {
    let tree = Site::three_hosts().build();
    let all: BTreeSet<String> = (11..=13).map(|last| format!("192.168.169.{last}")).collect();
    for (n, own) in all.iter().enumerate() {
        let text = &tree[&format!("m{0}/lb{0}/keepalived.conf", n + 1)].text;
        assert!(text.contains(&format!("    unicast_src_ip {own}\n")), "{text}");
        let (_, peers) = text.split_once("unicast_peer {\n").unwrap();
        let (peers, _) = peers.split_once('}').unwrap();
        let peers: BTreeSet<String> = peers.split_whitespace().map(str::to_owned).collect();
        assert_eq!(peers, all.iter().filter(|ip| *ip != own).cloned().collect());
    }
    let site = Site::three_hosts();
    site.edit("prefer=\"lb1\"", "prefer=\"lb1\" unicast=#false");
    let text = &site.build()["m1/lb1/keepalived.conf"].text;
    assert!(text.contains("mcast_src_ip 192.168.169.11") && !text.contains("unicast"), "{text}");
}

/// A command names a container of another host only where it says on which.
#[test]
fn a_readme_is_about_its_own_host() {
    let tree = Site::three_hosts().build();
    let on: BTreeMap<&str, BTreeSet<String>> = HOSTS
        .iter()
        .map(|host| {
            let names = services(&tree, host).into_keys();
            (*host, names.flat_map(|name| [format!("trio-{name}"), name]).collect())
        })
        .collect();
    let everybody: BTreeSet<&String> = on.values().flatten().collect();
    for host in HOSTS {
        let mut elsewhere = 0;
        for line in tree[&format!("{host}/README.txt")].text.lines().map(str::trim) {
            let (place, command) = match line.strip_prefix("(on ").and_then(|rest| rest.split_once(") ")) {
                Some((place, command)) => (place, command),
                None => (host, line),
            };
            elsewhere += usize::from(place != host);
            if !command.starts_with("docker") {
                continue;
            }
            let node = |word: &&str| !word.contains('@');
            for word in command.split_whitespace().filter(node).filter(|word| everybody.contains(&(*word).to_owned())) {
                assert!(on[place].contains(word), "{host}: {line}");
            }
        }
        // Stop and start of the two other balancers, and one broker that forgets this host's.
        assert_eq!(elsewhere, 5, "{host}");
    }
}

/// On a bridge Docker gives every container the low ports; on the host's own network the host does not.
#[test]
fn low_ports_of_the_host_need_a_capability() {
    let capabilities = |port: u16, attach: &str| {
        let site = Site::of(&format!(
            "topology \"t\"\nhost \"h\" address=\"192.168.10.11\"\nhost \"g\" address=\"192.168.10.12\"\n\
             network \"lan\" subnet=\"192.168.10.0/24\"\nnetwork \"b\" on=\"h\" subnet=\"172.30.8.0/24\"\n\
             secret \"s\" generate=20\nrabbitmq \"mq\" version=\"3.13.7\" on=\"g\" cookie=\"s\" {{ attach \"lan\"; node \"mq1\"; }}\n\
             nginx \"web\" version=\"1.26.3\" on=\"h\" {{ attach \"{attach}\"; stream \"s\" port={port} to=\"mq/amqp\"; }}\n"
        ));
        let file = readers::compose(&site.build()["h/docker-compose.yml"].text);
        file["services"]["web"]["cap_add"].to_string()
    };
    assert!(capabilities(443, "lan").contains("NET_BIND_SERVICE"));
    for (port, attach) in [(443, "b"), (1024, "lan")] {
        assert!(!capabilities(port, attach).contains("NET_BIND_SERVICE"), "{port} on {attach}");
    }
}
