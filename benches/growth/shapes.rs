use std::fmt::Write as _;

use crate::everything::everything;
use crate::stack;
use crate::topology::{Spread, topology};

/// A kind of topology of which there can be more and more.
pub struct Shape {
    pub name: &'static str,
    /// The smallest size that is measured.
    pub n: usize,
    /// Names and texts of the files; the topology is `topo.kdl`.
    pub files: fn(usize) -> Vec<(String, String)>,
}

pub const SHAPES: &[Shape] = &[
    Shape { name: "brokers on many hosts", n: 90, files: |n| one(topology(n, Spread::TenAHost)) },
    Shape { name: "brokers on one host", n: 90, files: |n| one(topology(n, Spread::OneHost)) },
    Shape { name: "the whole stack on many hosts", n: 90, files: |n| one(topology(n, Spread::WholeStack)) },
    Shape { name: "brokers of one cluster", n: 250, files: |n| one(one_cluster(n)) },
    Shape { name: "balancers of one VIP", n: 60, files: |n| one(one_vip(n)) },
    Shape { name: "listens of one balancer", n: 500, files: |n| one(listens(n)) },
    Shape { name: "VIPs of one balancer", n: 50, files: |n| one(vips(n)) },
    Shape { name: "allocated addresses", n: 500, files: |n| one(allocated(n)) },
    Shape { name: "networks of one host", n: 500, files: |n| one(networks(n)) },
    Shape { name: "instances of one application", n: 250, files: |n| one(stack::stack(1, n, "upsync")) },
    Shape { name: "followed applications", n: 100, files: |n| one(stack::stack(n, 2, "upsync")) },
    Shape { name: "applications followed by name", n: 100, files: |n| one(stack::stack(n, 2, "dns")) },
    Shape { name: "hosts on one network", n: 60, files: |n| one(stack::lan(n)) },
    Shape { name: "clusters on one network", n: 60, files: |n| one(stack::machines(n)) },
    Shape { name: "default networks", n: 500, files: |n| one(stack::default_networks(n)) },
    Shape { name: "included files", n: 250, files: includes },
    Shape { name: "secrets", n: 1000, files: |n| one(secrets(n)) },
    Shape { name: "users and policies", n: 500, files: |n| one(users(n)) },
    Shape {
        name: "syntax errors",
        n: 250,
        files: |n| one(format!("topology \"t\"\n{}", "host \"a\" = =\n".repeat(n))),
    },
    Shape { name: "unknown nodes", n: 250, files: |n| one(format!("topology \"t\"\n{}", "hots \"a\"\n".repeat(n))) },
    Shape { name: "unknown references", n: 250, files: |n| one(references(n)) },
    Shape {
        name: "one name for all",
        n: 250,
        files: |n| one(format!("topology \"t\"\n{}", "secret \"a\" generate=8\n".repeat(n))),
    },
    Shape {
        name: "errors in one line",
        n: 1500,
        files: |n| one(format!("topology \"t\"\nhost \"h\" address=\"10.0.0.1\"{}", " wrong=1".repeat(n))),
    },
    Shape {
        name: "one long line",
        n: 1000,
        files: |n| one(format!("topology \"t\"; {}", "secret \"a b\" generate=8; ".repeat(n))),
    },
    Shape { name: "findings", n: 125, files: |n| one(findings(n)) },
    Shape { name: "ports that all meet", n: 125, files: |n| one(ports(n)) },
    Shape { name: "everything that rules compare", n: 60, files: |n| one(everything(n)) },
    Shape { name: "allows", n: 250, files: |n| one(allows(n)) },
];

fn one(text: String) -> Vec<(String, String)> {
    vec![("topo.kdl".to_owned(), text)]
}

/// A host, a network for 16 million addresses, and a secret.
const HEAD: &str = "topology \"t\"\nhost \"h\" address=\"192.168.0.1\"\nnetwork \"n\" on=\"h\" subnet=\"10.0.0.0/8\"\nsecret \"s\" generate=8\n";

/// Each part of the numbers from 0 to `n`, behind a head.
fn each(head: &str, n: usize, part: impl Fn(&mut String, usize), tail: &str) -> String {
    let mut out = head.to_owned();
    for n in 0..n {
        part(&mut out, n);
    }
    out.push_str(tail);
    out
}

/// Writing into a String cannot fail.
macro_rules! add {
    ($($argument:tt)*) => { |out: &mut String, n: usize| { let _ = writeln!(out, $($argument)*, n = n); } };
}

fn brokers(n: usize) -> String {
    each(
        &format!("{HEAD}rabbitmq \"mq\" version=\"3.10.8\" on=\"h\" cookie=\"s\" {{\n attach \"n\"\n"),
        n,
        |out, n| {
            let _ = writeln!(out, "node \"mq{n}\" address=\"10.1.{}.{}\"", n / 250, n % 250 + 1);
        },
        "}\n",
    )
}

fn one_cluster(n: usize) -> String {
    brokers(n)
}

fn balancer(head: &str, nodes: usize) -> String {
    each(
        &format!("{}{head}haproxy \"lb\" version=\"2.6.12\" on=\"h\" {{\n attach \"n\"\n", brokers(3)),
        nodes,
        |out, n| {
            let _ = writeln!(out, "node \"lb{n}\" address=\"10.2.{}.{}\"", n / 250, n % 250 + 1);
        },
        "",
    )
}

fn one_vip(n: usize) -> String {
    balancer("", n) + "listen \"amqp\" port=5600 to=\"mq/amqp\"\nvip \"v\" \"10.3.0.1\" auth=\"s\"\n}\n"
}

fn listens(n: usize) -> String {
    each(
        &balancer("", 2),
        n,
        |out, n| {
            let _ = writeln!(out, "listen \"l{n}\" port={} to=\"mq/amqp\"", 1000 + n);
        },
        "}\n",
    )
}

fn vips(n: usize) -> String {
    each(
        &balancer("", 2),
        n,
        |out, n| {
            let _ = writeln!(out, "vip \"v{n}\" \"10.3.{}.{}\" auth=\"s\"", n / 250, n % 250 + 1);
        },
        "listen \"amqp\" port=5600 to=\"mq/amqp\"\n}\n",
    )
}

fn allocated(n: usize) -> String {
    let head = format!("{HEAD}rabbitmq \"mq\" version=\"3.10.8\" on=\"h\" cookie=\"s\" {{\n attach \"n\"\n");
    each(&head, n, add!("node \"mq{n}\""), "}\n")
}

fn networks(n: usize) -> String {
    each(
        HEAD,
        n,
        |out, n| {
            let _ = writeln!(out, "network \"n{n}\" on=\"h\" subnet=\"172.{}.{}.0/24\"", 16 + n / 250, n % 250);
        },
        "",
    )
}

fn secrets(n: usize) -> String {
    each(HEAD, n, add!("secret \"s{n}\" generate=8"), "")
}

fn includes(n: usize) -> Vec<(String, String)> {
    let mut files = one(each("topology \"t\"\n", n, add!("include \"f{n}.kdl\""), ""));
    files.extend((0..n).map(|n| (format!("f{n}.kdl"), format!("secret \"s{n}\" generate=8\n"))));
    files
}

fn users(n: usize) -> String {
    let head = brokers(3);
    let head = head.trim_end().trim_end_matches('}');
    each(
        &format!("{head}vhost \"/\" {{\n"),
        n,
        |out, n| {
            let _ = writeln!(out, "user \"u{n}\" password=\"s\" configure=\".*\" write=\".*\" read=\".*\"");
            let _ = writeln!(out, "policy \"p{n}\" pattern=\"^p{n}\" apply-to=\"queues\" {{ ha-mode \"all\"; }}");
        },
        "}\n}\n",
    )
}

fn references(n: usize) -> String {
    let hosts = each("topology \"t\"\n", n, add!("host \"h{n}\" address=\"192.168.0.1\""), "");
    each(&hosts, n, add!("network \"n{n}\" on=\"g{n}\" subnet=\"10.0.0.0/8\""), "")
}

/// Balancers in pairs that claim different VRIDs.
fn findings(n: usize) -> String {
    each(
        &brokers(3),
        n,
        |out, n| {
            let _ = writeln!(
                out,
                "network \"n{n}\" on=\"h\" subnet=\"172.{a}.{b}.0/24\"\nhaproxy \"lb{n}\" version=\"2.6.12\" on=\"h\" {{ \
             attach \"n{n}\"; attach \"n\"; node \"lb{n}a\" address=\"172.{a}.{b}.3\"; node \"lb{n}b\" address=\"172.{a}.{b}.4\"; \
             listen \"amqp\" port=5600 to=\"mq/amqp\"; vip \"v\" \"172.{a}.{b}.100\" auth=\"s\" {{ member \"lb{n}a\" vrid=51; member \"lb{n}b\" vrid=52; }}; }}",
                a = 16 + n / 250,
                b = n % 250,
            );
        },
        "",
    )
}

/// Every nginx publishes the same port of the same host.
fn ports(n: usize) -> String {
    each(
        &brokers(3),
        n,
        add!(
            "nginx \"e{n}\" version=\"1.26.3\" on=\"h\" {{ attach \"n\"; stream \"amqp\" port=5600 to=\"mq/amqp\" {{ publish port=5600 bind=\"0.0.0.0\"; }}; }}"
        ),
        "",
    )
}

fn allows(n: usize) -> String {
    each(HEAD, n, add!("allow \"vrid-mismatch\" reason=\"r{n}\""), "")
}
