//! Topologies of any size, for measuring.

use std::fmt::Write as _;

/// How a generated topology is spread over machines.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Spread {
    /// Ten clusters a host.
    TenAHost,
    /// Everything on one host.
    OneHost,
    /// Ten clusters a host, and beside each such host one with ten applications and one with their registry and an nginx
    /// that follows them.
    WholeStack,
}

/// Brokers of one cluster.
const CLUSTER: usize = 3;

/// A topology with at least `brokers` brokers, in clusters of three. Each cluster has two balancers with a VIP and a
/// page of statistics, an nginx in front, and two networks of its own.
pub fn topology(brokers: usize, spread: Spread) -> String {
    let clusters = brokers.div_ceil(CLUSTER);
    let a_host = if spread == Spread::OneHost { clusters } else { 10 };
    let mut out = String::with_capacity(clusters * 1400);
    out.push_str("topology \"large\"\nsecret \"vrrp\" generate=8\nsecret \"stats\" generate=24\n");
    for host in 0..clusters.div_ceil(a_host) {
        // Writing into a String cannot fail.
        let _ = writeln!(out, "host \"h{host}\" address=\"192.168.{}.{}\"", host / 250, host % 250 + 1);
    }
    for n in 0..clusters {
        cluster(&mut out, n, n / a_host, n % a_host);
    }
    if spread == Spread::WholeStack {
        out.push_str("secret \"gossip\" generate=32 as=\"base64\"\n");
        for host in 0..clusters.div_ceil(a_host) {
            followed(&mut out, host, a_host);
        }
    }
    out
}

/// A host with applications of two instances each, and one with three Consul servers and an nginx that follows them.
fn followed(out: &mut String, host: usize, applications: usize) {
    let (second, third) = (host / 250, host % 250 + 1);
    let _ = write!(
        out,
        r#"
// applications {host}
host "a{host}" address="192.169.{second}.{third}"
host "w{host}" address="192.170.{second}.{third}"
consul "kv{host}" version="1.20.6" on="w{host}" encrypt="gossip" {{
    node "c{host}a" {{ publish "http" port=8500 bind="0.0.0.0"; }}
    node "c{host}b" {{ publish "http" port=8501 bind="0.0.0.0"; }}
    node "c{host}c" {{ publish "http" port=8502 bind="0.0.0.0"; }}
}}
"#
    );
    for n in 0..applications {
        let (first, second) = (18_000 + 2 * n, 18_001 + 2 * n);
        let _ = write!(
            out,
            r#"application "app{host}-{n}" image="shop/app:1.0" on="a{host}" {{
    instance "app{host}-{n}a" port={first}
    instance "app{host}-{n}b" port={second}
    register "kv{host}" key="upstreams/app{n}/"
    init env="/var/www/.env" start="bin/app start"
}}
"#
        );
    }
    let _ = writeln!(out, "nginx \"web{host}\" version=\"1.26.3\" image=\"shop/nginx:1.26.3\" on=\"w{host}\" {{");
    for n in 0..applications {
        let port = 8_000 + n;
        let _ = writeln!(
            out,
            "    http \"app{n}\" port={port} to=\"app{host}-{n}\" through=\"kv{host}\" {{ publish port={port} bind=\"0.0.0.0\"; }}"
        );
    }
    out.push_str("}\n");
}

/// One cluster, the `place`th of its host.
fn cluster(out: &mut String, n: usize, host: usize, place: usize) {
    let front = format!("10.{}.{}", n / 128, n % 128 * 2);
    let back = format!("10.{}.{}", n / 128, n % 128 * 2 + 1);
    let port = 10_000 + place;
    let _ = write!(
        out,
        r#"
// cluster {n}
network "front{n}" on="h{host}" subnet="{front}.0/24"
network "back{n}" on="h{host}" subnet="{back}.0/24"
secret "cookie{n}" generate=32
secret "app{n}" generate=24
rabbitmq "mq{n}" version="3.10.8" on="h{host}" cookie="cookie{n}" {{
    attach "back{n}"
    node "mq{n}a" address="{back}.3"
    node "mq{n}b" address="{back}.4"
    node "mq{n}c" address="{back}.5"
    vhost "/" {{
        user "app" password="app{n}" tags="administrator" configure=".*" write=".*" read=".*"
        policy "ha" pattern="^ha\\." apply-to="queues" {{ ha-mode "all"; ha-sync-mode "automatic"; }}
    }}
}}
haproxy "lb{n}" version="2.6.12" on="h{host}" {{
    attach "front{n}"
    attach "back{n}"
    node "lb{n}a" address="{front}.3"
    node "lb{n}b" address="{front}.4"
    listen "amqp" port=5600 to="mq{n}/amqp" balance="leastconn" {{ check every="5s" rise=2 fall=2; }}
    stats port=8100 path="/haproxy" user="root" password="stats"
    vip "front" "{front}.100" auth="vrrp" prefer="lb{n}a"
}}
nginx "edge{n}" version="1.26.3" on="h{host}" {{
    attach "front{n}"
    stream "amqp" port=5600 to="lb{n}/amqp" via="front" {{ publish port={port} bind="0.0.0.0"; }}
}}
"#
    );
}
