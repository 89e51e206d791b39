//! Shapes of applications, their registry and those who follow them.

use std::fmt::Write as _;

/// Two hosts, three Consul servers on one of them and `applications` with `instances` each on the other; one nginx with a
/// port for each application, which reads the registry through module or name.
pub fn stack(applications: usize, instances: usize, follow: &str) -> String {
    let mut out = String::from(concat!(
        "topology \"t\"\nhost \"app\" address=\"192.168.0.1\"\nhost \"web\" address=\"192.168.0.2\"\n",
        "network \"back\" on=\"app\" subnet=\"10.0.0.0/8\"\nsecret \"gossip\" generate=32 as=\"base64\"\n",
        "consul \"kv\" version=\"1.20.6\" on=\"web\" encrypt=\"gossip\" {\n",
        "    node \"c1\" { publish \"http\" port=8500 bind=\"0.0.0.0\"; publish \"dns\" port=8600 bind=\"0.0.0.0\"; }\n",
        "    node \"c2\" { publish \"http\" port=8501 bind=\"0.0.0.0\"; publish \"dns\" port=8601 bind=\"0.0.0.0\"; }\n",
        "    node \"c3\" { publish \"http\" port=8502 bind=\"0.0.0.0\"; publish \"dns\" port=8602 bind=\"0.0.0.0\"; }\n}\n",
    ));
    let mut port = 10_000;
    for n in 0..applications {
        // Writing into a String cannot fail.
        let _ = writeln!(out, "application \"a{n}\" image=\"shop/a{n}:1\" on=\"app\" {{\n    attach \"back\"");
        for instance in 0..instances {
            let _ = writeln!(out, "    instance \"a{n}-{instance}\" port={port}");
            port += 1;
        }
        let _ = writeln!(out, "    register \"kv\" key=\"upstreams/a{n}/\"\n}}");
    }
    out.push_str("nginx \"edge\" version=\"1.30.0\" image=\"shop/nginx:1.30.0\" on=\"web\" {\n");
    for n in 0..applications {
        let port = 30_000 + n;
        let _ = writeln!(out, "    http \"a{n}\" port={port} to=\"a{n}\" through=\"kv\" follow=\"{follow}\"");
    }
    out.push_str("}\n");
    out
}

/// Hosts on the network between them, each with a Consul server and an nginx on its host's own network. The proxies follow one
/// instance: each of them in front of all servers would be a square by itself.
pub fn lan(hosts: usize) -> String {
    let mut out = String::from("topology \"t\"\nnetwork \"lan\" subnet=\"10.0.0.0/8\"\n");
    for n in 0..hosts {
        let _ = writeln!(out, "host \"h{n}\" address=\"10.{}.{}.1\"", n / 250, n % 250);
    }
    out.push_str("consul \"kv\" version=\"1.20.6\" on=\"h0\" {\n    attach \"lan\"\n");
    for n in 0..hosts {
        let _ = writeln!(out, "    node \"c{n}\" on=\"h{n}\"");
    }
    out.push_str("}\nnginx \"edge\" version=\"1.26.3\" on=\"h0\" {\n    attach \"lan\"\n");
    for n in 0..hosts {
        let _ = writeln!(out, "    node \"e{n}\" on=\"h{n}\"");
    }
    out.push_str("    stream \"app\" port=9000 to=\"app\"\n}\n");
    out.push_str("application \"app\" image=\"app:1\" on=\"h0\" { attach \"lan\"; instance \"i\" port=9100; }\n");
    out
}

/// Hosts on the network between them, in tens: on each a broker of its ten's cluster and a balancer of its ten's VIP, whose
/// members send their adverts to each other.
pub fn machines(hosts: usize) -> String {
    let mut out = String::from("topology \"t\"\nnetwork \"lan\" subnet=\"10.0.0.0/8\"\nsecret \"s\" generate=8\n");
    for n in 0..hosts {
        let _ = writeln!(out, "host \"h{n}\" address=\"10.{}.{}.1\"", n / 250, n % 250);
    }
    for (group, first) in (0..hosts).step_by(10).enumerate() {
        let members = first..hosts.min(first + 10);
        let head = format!("on=\"h{first}\"");
        let _ = writeln!(out, "rabbitmq \"mq{group}\" version=\"3.13.7\" {head} cookie=\"s\" {{\n    attach \"lan\"");
        for n in members.clone() {
            let _ = writeln!(out, "    node \"b{n}\" on=\"h{n}\"");
        }
        let _ = writeln!(out, "}}\nhaproxy \"lb{group}\" version=\"2.6.12\" {head} {{\n    attach \"lan\"");
        for n in members {
            let _ = writeln!(out, "    node \"l{n}\" on=\"h{n}\"");
        }
        let _ = writeln!(out, "    listen \"amqp\" port=5600 to=\"mq{group}/amqp\"");
        let _ = writeln!(out, "    vip \"v\" \"10.9.{}.{}\"\n}}", group / 250, group % 250 + 1);
    }
    out
}

/// Hosts whose containers are attached to nothing.
pub fn default_networks(hosts: usize) -> String {
    let mut out = String::from("topology \"t\"\n");
    for n in 0..hosts {
        let _ = writeln!(out, "host \"h{n}\" address=\"10.{}.{}.1\"", n / 250, n % 250);
        let _ = writeln!(out, "application \"a{n}\" image=\"a:1\" on=\"h{n}\" {{ instance \"i{n}\" port=80; }}");
    }
    out
}
