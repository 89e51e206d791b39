//! What one file says of a machine agrees with what the others say of it.

use std::collections::{BTreeMap, BTreeSet};
use std::net::Ipv4Addr;

use serde_json::Value;

use crate::readers;
use crate::site::{Site, Tree};

/// What the compose files say of one container.
#[derive(Debug)]
struct Container {
    host: String,
    /// Network and address.
    networks: BTreeMap<String, String>,
    extra_hosts: BTreeMap<String, String>,
    /// Address and port on the host, and the port inside.
    ports: Vec<(String, String, String)>,
}

/// What the compose files say of one network.
struct Network {
    subnet: ipnet::Ipv4Net,
    gateway: Ipv4Addr,
    pool: ipnet::Ipv4Net,
    reserved: BTreeSet<String>,
}

struct Cluster {
    tree: Tree,
    containers: BTreeMap<String, Container>,
    networks: BTreeMap<String, Network>,
    hosts: BTreeMap<&'static str, &'static str>,
}

fn strings(value: &Value) -> BTreeMap<String, String> {
    let map = value.as_object().into_iter().flatten();
    map.map(|(key, value)| (key.clone(), value.as_str().unwrap().to_owned())).collect()
}

impl Cluster {
    fn new(tree: Tree, hosts: &[(&'static str, &'static str)]) -> Self {
        let mut containers = BTreeMap::new();
        let mut networks = BTreeMap::new();
        for (host, _) in hosts {
            let file = readers::compose(&tree[&format!("{host}/docker-compose.yml")].text);
            for (name, service) in file["services"].as_object().unwrap() {
                assert_eq!(service["hostname"], name.as_str());
                assert!(service["container_name"].as_str().unwrap().ends_with(&format!("-{name}")));
                assert_eq!(service["volumes"][0], format!("./{name}:/etc/hacc:ro"));
                let address = |value: &Value| value["ipv4_address"].as_str().unwrap().to_owned();
                let networks = service["networks"].as_object().unwrap().iter();
                let ports = service["ports"].as_array().into_iter().flatten().map(|port| {
                    let parts: Vec<&str> = port.as_str().unwrap().split(':').collect();
                    (parts[0].to_owned(), parts[1].to_owned(), parts[2].to_owned())
                });
                let container = Container {
                    host: (*host).to_owned(),
                    networks: networks.map(|(name, value)| (name.clone(), address(value))).collect(),
                    extra_hosts: strings(&service["extra_hosts"]),
                    ports: ports.collect(),
                };
                assert!(containers.insert(name.clone(), container).is_none(), "{name} on two hosts");
            }
            for (name, network) in file["networks"].as_object().unwrap() {
                let config = &network["ipam"]["config"][0];
                let text = |key: &str| config[key].as_str().unwrap();
                let network = Network {
                    subnet: text("subnet").parse().unwrap(),
                    gateway: text("gateway").parse().unwrap(),
                    pool: text("ip_range").parse().unwrap(),
                    reserved: strings(&config["aux_addresses"]).into_values().collect(),
                };
                networks.insert(name.clone(), network);
            }
        }
        Self { tree, containers, networks, hosts: hosts.iter().copied().collect() }
    }

    fn srm() -> Self {
        Self::new(Site::srm().build(), &[("vm", "192.168.169.110")])
    }

    fn wide() -> Self {
        Self::new(Site::wide().build(), &[("one", "192.168.10.11"), ("two", "192.168.10.12")])
    }

    fn file(&self, name: &str, file: &str) -> Option<&str> {
        let host = &self.containers[name].host;
        self.tree.get(&format!("{host}/{name}/{file}")).map(|file| file.text.as_str())
    }

    /// Whether something at `from` that connects to `ip:port` meets a listening port, and the container behind it.
    fn connect(&self, from: &str, ip: &str, port: &str) -> Option<(&str, String)> {
        for (name, container) in &self.containers {
            for (network, address) in &container.networks {
                let vip = self.networks[network].reserved.contains(ip) && self.file(name, "keepalived.conf").is_some();
                if (address == ip || vip) && self.containers[from].networks.contains_key(network) {
                    let open = self.listening(name);
                    return open.contains(port).then(|| (name.as_str(), port.to_owned()));
                }
            }
            let host = self.hosts[container.host.as_str()];
            let published = container
                .ports
                .iter()
                .find(|(bind, outside, _)| outside == port && ip == host && (bind == "0.0.0.0" || bind == ip));
            if let Some((_, _, inside)) = published {
                return self.listening(name).contains(inside).then(|| (name.as_str(), inside.clone()));
            }
        }
        None
    }

    /// Ports on which the program of a container listens, as its own files say.
    fn listening(&self, name: &str) -> BTreeSet<String> {
        if let Some(cfg) = self.file(name, "haproxy.cfg") {
            let binds = readers::haproxy(cfg).into_iter().filter(|words| words[0] == "bind");
            return binds.map(|words| words[1].strip_prefix(':').unwrap().to_owned()).collect();
        }
        if let Some(conf) = self.file(name, "nginx.conf") {
            let words = readers::nginx(conf);
            let listens = words.windows(2).filter(|pair| pair[0] == "listen");
            return listens.map(|pair| pair[1].clone()).collect();
        }
        let conf = readers::rabbitmq_conf(self.file(name, "rabbitmq.conf").expect("a broker"));
        let mut ports: BTreeSet<String> =
            conf.into_iter().filter(|(key, _)| key.starts_with("listeners.tcp.")).map(|(_, port)| port).collect();
        let start = self.file(name, "start").unwrap();
        let gate = start.lines().find_map(|line| line.strip_prefix("HACC_GATE_PORT=")).unwrap();
        ports.insert(gate.to_owned());
        if readers::plugins(self.file(name, "enabled_plugins").unwrap()).contains(&"rabbitmq_management".to_owned()) {
            ports.insert("15672".to_owned());
        }
        ports
    }

    fn with<'a>(&'a self, file: &'a str) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.containers.keys().filter_map(move |name| Some((name.as_str(), self.file(name, file)?)))
    }
}

#[test]
fn every_address_lies_in_its_network_and_is_nobody_elses() {
    for cluster in [Cluster::srm(), Cluster::wide()] {
        let mut taken = BTreeSet::new();
        for (name, container) in &cluster.containers {
            for (network, address) in &container.networks {
                let network = &cluster.networks[network];
                let ip: Ipv4Addr = address.parse().unwrap();
                assert!(network.subnet.contains(&ip) && !network.pool.contains(&ip), "{name} {ip}");
                assert!(ip != network.gateway && !network.reserved.contains(address), "{name} {ip}");
                assert!(taken.insert(address.clone()), "{name} {ip} is taken");
            }
        }
        for network in cluster.networks.values() {
            assert!(network.subnet.contains(&network.pool) && network.subnet.contains(&network.gateway));
            assert!(network.reserved.iter().all(|vip| network.subnet.contains(&vip.parse::<Ipv4Addr>().unwrap())));
        }
    }
}

#[test]
fn every_published_port_is_one_that_is_listened_on_and_free_on_its_host() {
    for cluster in [Cluster::srm(), Cluster::wide()] {
        let mut taken: BTreeSet<(&str, &str, &str)> = BTreeSet::new();
        for (name, container) in &cluster.containers {
            for (bind, outside, inside) in &container.ports {
                assert!(cluster.listening(name).contains(inside), "{name} does not listen on {inside}");
                let host = container.host.as_str();
                let clash = |(h, b, p): &(&str, &str, &str)| {
                    *h == host && *p == outside && (*b == bind || *b == "0.0.0.0" || bind == "0.0.0.0")
                };
                assert!(!taken.iter().any(clash), "{bind}:{outside} on {host} is taken");
                taken.insert((host, bind, outside));
            }
        }
    }
}

#[test]
fn names_of_brokers_are_the_same_in_containers_and_on_hosts() {
    for (cluster, clusters) in [
        (Cluster::srm(), vec![vec!["mq3", "mq2", "mq4"]]),
        (Cluster::wide(), vec![vec!["old1", "old2", "old3"], vec!["new1", "new2", "new3", "new4"]]),
    ] {
        for members in clusters {
            let nodes: Vec<String> = members.iter().map(|name| format!("rabbit@{name}")).collect();
            for name in &members {
                let container = &cluster.containers[*name];
                assert_eq!(cluster.file(name, "hostname").unwrap(), format!("{name}\n"));
                let hosts: BTreeMap<String, String> = (cluster.file(name, "hosts").unwrap().lines())
                    .filter(|line| !line.starts_with('#') && !line.contains("localhost"))
                    .map(|line| line.split_once(' ').unwrap())
                    .map(|(address, name)| (name.to_owned(), address.to_owned()))
                    .collect();
                let mut told = container.extra_hosts.clone();
                let own = hosts[*name].clone();
                assert!(container.networks.values().any(|address| *address == own), "{name}");
                assert_eq!(told.insert((*name).to_owned(), own), None, "{name} tells nobody its own address twice");
                assert_eq!(told, hosts, "{name}");
                assert_eq!(hosts.len(), members.len());
                // Each of the others is where it is said to be, on a network that both have.
                for (other, address) in &container.extra_hosts {
                    let theirs = &cluster.containers[other].networks;
                    assert!(theirs.iter().any(|(net, ip)| ip == address && container.networks.contains_key(net)));
                }
                let conf = readers::rabbitmq_conf(cluster.file(name, "rabbitmq.conf").unwrap());
                let listed = conf.iter().filter(|(key, _)| key.contains("classic_config.nodes."));
                assert_eq!(listed.map(|(_, node)| node.clone()).collect::<Vec<_>>(), nodes);
                let start = cluster.file(name, "start").unwrap();
                assert!(start.contains(&format!("HACC_GATE_NODES='{}'", nodes.join(" "))), "{name}");
                assert!(start.contains(&format!("HACC_GATE_MEMBERS={}\n", members.len() / 2 + 1)), "{name}");
            }
        }
    }
}

#[test]
fn every_server_of_a_balancer_is_where_it_is_looked_for() {
    let mut seen = 0;
    for cluster in [Cluster::srm(), Cluster::wide()] {
        for (balancer, cfg) in cluster.with("haproxy.cfg") {
            for words in readers::haproxy(cfg).iter().filter(|words| words[0] == "server") {
                let (ip, port) = words[2].split_once(':').unwrap();
                let met = cluster.connect(balancer, ip, port);
                assert_eq!(met.as_ref().map(|met| met.0), Some(words[1].as_str()), "{balancer}: {words:?}");
                if let Some(at) = words.iter().position(|word| word == "port") {
                    let gate = cluster.connect(balancer, ip, &words[at + 1]);
                    assert_eq!(gate, Some((words[1].as_str(), "15693".to_owned())), "{balancer}: {words:?}");
                }
                seen += 1;
            }
        }
    }
    assert!(seen > 40);
}

#[test]
fn every_server_of_nginx_is_where_it_is_looked_for() {
    let mut seen = 0;
    for cluster in [Cluster::srm(), Cluster::wide()] {
        for (proxy, conf) in cluster.with("nginx.conf") {
            let words = readers::nginx(conf);
            for pair in words.windows(2).filter(|pair| pair[0] == "server" && pair[1] != "{") {
                let (ip, port) = pair[1].split_once(':').unwrap();
                assert!(cluster.connect(proxy, ip, port).is_some(), "{proxy}: {pair:?}");
                seen += 1;
            }
        }
    }
    assert!(seen > 8);
}

/// The words of each line of a `vrrp_instance`.
type Instance = Vec<Vec<String>>;

fn instances(text: &str) -> Vec<Instance> {
    let mut found: Vec<Instance> = Vec::new();
    for words in readers::keepalived(text) {
        if words[0] == "vrrp_instance" {
            found.push(Vec::new());
        }
        if let Some(instance) = found.last_mut() {
            instance.push(words);
        }
    }
    found
}

fn say(instance: &Instance, key: &str) -> Option<String> {
    instance.iter().find(|words| words[0] == key).and_then(|words| words.get(1)).cloned()
}

fn addresses(instance: &Instance) -> Vec<String> {
    let lines =
        instance.iter().filter(|words| words[0].contains('/') && words.get(1).is_some_and(|word| word == "dev"));
    lines.map(|words| words[0].clone()).collect()
}

#[test]
fn the_members_of_a_vip_agree() {
    for (cluster, agreed, all) in [(Cluster::srm(), 1, 1), (Cluster::wide(), 3, 5)] {
        let mut groups: BTreeMap<String, Vec<(&str, Instance)>> = BTreeMap::new();
        for (balancer, text) in cluster.with("keepalived.conf") {
            for instance in instances(text) {
                groups.entry(instance[0][1].clone()).or_default().push((balancer, instance));
            }
        }
        assert_eq!(groups.len(), all, "{:?}", groups.keys());
        let mut whole = 0;
        for (name, members) in &groups {
            for (balancer, instance) in members {
                let source = say(instance, "unicast_src_ip").or(say(instance, "mcast_src_ip")).unwrap();
                let container = &cluster.containers[*balancer];
                let (network, _) = container.networks.iter().find(|(_, ip)| **ip == source).expect("its own address");
                for vip in addresses(instance) {
                    let (ip, prefix) = vip.split_once('/').unwrap();
                    assert!(cluster.networks[network].reserved.contains(ip), "{name} {vip}");
                    // The one that says so, and the subnet's for all others.
                    let said = (name == "VI_MAIN").then_some(32);
                    assert_eq!(prefix, said.unwrap_or(cluster.networks[network].subnet.prefix_len()).to_string());
                }
            }
            // `split` differs on purpose: one member speaks for itself.
            if name == "VI_2" || name == "VI_lb_split" {
                continue;
            }
            whole += 1;
            let first = &members[0].1;
            for (balancer, instance) in members {
                for key in ["virtual_router_id", "version", "advert_int", "auth_pass", "state"] {
                    assert_eq!(say(instance, key), say(first, key), "{name} {key} at {balancer}");
                }
                assert_eq!(addresses(instance), addresses(first), "{name} at {balancer}");
                let unicast = say(instance, "unicast_src_ip").is_some();
                assert_eq!(unicast, say(first, "unicast_src_ip").is_some());
                assert_eq!(unicast, instance.iter().any(|words| words[0] == "unicast_peer"));
            }
            let priorities: BTreeSet<String> = members.iter().filter_map(|(_, i)| say(i, "priority")).collect();
            assert_eq!(priorities.len(), members.len(), "{name}: {priorities:?}");
        }
        assert_eq!(whole, agreed);
    }
}

#[test]
fn the_preferred_member_has_the_highest_priority() {
    let cluster = Cluster::wide();
    for (instance, preferred) in [("VI_MAIN", "lb2"), ("VI_lb_uni", "lb3"), ("VI_lb_bare", "lb1")] {
        let best = cluster
            .with("keepalived.conf")
            .flat_map(|(balancer, text)| instances(text).into_iter().map(move |found| (balancer, found)))
            .filter(|(_, found)| found[0][1] == instance)
            .max_by_key(|(_, found)| say(found, "priority").unwrap().parse::<i64>().unwrap());
        assert_eq!(best.unwrap().0, preferred, "{instance}");
    }
}
