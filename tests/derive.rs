//! What follows from the claims: ways, groups, ports, and the graph.

use std::fmt::Write as _;

use camino::Utf8Path;
use hacc::derive::graph::{Edge, Graph, Vertex};
use hacc::derive::{Derived, Evidence, Way};
use hacc::report::dot;
use hacc::source::SourceMap;
use hacc::system::{Lock, System, build};
use hacc::world::Memory;

fn system(text: &str) -> System {
    let world = Memory::new().file("topo.kdl", text);
    let topology = hacc::topology::load(&world, Utf8Path::new("topo.kdl"), &mut SourceMap::new()).unwrap();
    build(&topology, &Lock::default()).unwrap().system
}

/// Two hosts, a cluster on one of them, and whatever is added.
fn with(brokers: &str, rest: &str) -> System {
    system(&format!(
        r#"
        topology "t"
        host "vm" address="192.168.10.10"
        host "web" address="192.168.10.20"
        network "mq" on="vm" subnet="172.30.7.0/24"
        network "front" on="vm" subnet="172.30.8.0/24"
        network "far" on="web" subnet="172.30.8.0/24"
        secret "cookie" generate=32
        rabbitmq "mq" version="3.13.7" on="vm" cookie="cookie" {{
            attach "mq"
            {brokers}
        }}
        {rest}
        "#
    ))
}

/// The way from the first forward of `rest` to its first target.
fn way(brokers: &str, rest: &str) -> String {
    let system = with(brokers, rest);
    let derived = Derived::of(&system);
    match &derived.routes[0].way {
        Way::Direct { segment, ip, port } => format!("{} {ip}:{port}", system.segments[*segment].name.value),
        Way::Routed { ip, port } => format!("routed {ip}:{port}"),
        Way::Published { ip, port, .. } => format!("published {ip}:{port}"),
        Way::None { ip, port } => format!("none {}:{port}", ip.map(|ip| ip.to_string()).unwrap_or_default()),
    }
}

#[test]
fn reach_is_one_rule() {
    let near = r#"haproxy "lb" version="2.6.12" on="vm" { attach "front"; attach "mq"; node "lb1"; listen "amqp" port=5600 to="mq/amqp" }"#;
    let other = r#"haproxy "lb" version="2.6.12" on="vm" { attach "front"; node "lb1"; listen "amqp" port=5600 to="mq/amqp" { check kind="tcp" } }"#;
    let far = r#"haproxy "lb" version="2.6.12" on="web" { attach "far"; node "lb1"; listen "amqp" port=5600 to="mq/amqp" { check kind="tcp" } }"#;
    let plain = r#"node "mq1" address="172.30.7.9""#;
    let published = |bind: &str| format!(r#"node "mq1" address="172.30.7.9" {{ publish "amqp" port=5999 {bind} }}"#);
    assert_eq!(way(plain, near), "mq 172.30.7.9:5672", "a shared network: its own address and port");
    assert_eq!(way(&published("bind=\"0.0.0.0\""), near), "mq 172.30.7.9:5672", "and it wins over a published port");
    assert_eq!(way(plain, far), "none 172.30.7.9:5672");
    assert_eq!(way(&published("bind=\"0.0.0.0\""), far), "published 192.168.10.10:5999", "the host's address");
    assert_eq!(
        way(&published("bind=\"192.168.10.11\""), far),
        "published 192.168.10.11:5999",
        "the one it is bound to"
    );
    assert_eq!(way(&published("bind=\"127.0.0.1\""), far), "none 172.30.7.9:5672");
    assert_eq!(way(&published("bind=\"127.0.0.1\""), other), "none 172.30.7.9:5672", "nor on the same host");
    assert_eq!(way(&published(""), far), "none 172.30.7.9:5672", "which is where a bind that is left open is");
    assert_eq!(way(&published("bind=\"0.0.0.0\""), other), "published 192.168.10.10:5999");
    assert_eq!(way(r#"node "mq1" { attach "front" address="172.30.8.9" }"#, other), "front 172.30.8.9:5672");
}

#[test]
fn a_vip_is_reached_on_its_own_network() {
    let edge = |on: &str, network: &str| {
        // The balancers' own forwards come later: nginx stands first in the text only.
        let rest = format!(
            r#"
            haproxy "lb" version="2.6.12" on="vm" {{
                attach "front"; attach "mq"; node "lb1"; node "lb2"
                listen "amqp" port=5600 to="mq/amqp"
                vip "entry" "172.30.8.100"
            }}
            nginx "edge" version="1.26.3" on="{on}" {{
                attach "{network}"
                stream "amqp" port=5600 to="lb/amqp" via="entry"
            }}"#
        );
        let system = with("node \"mq1\"", &rest);
        let derived = Derived::of(&system);
        let name =
            |route: &&hacc::derive::Route| system.units[system.forwards[route.forward].unit].name.value == "edge";
        let routes: Vec<String> = derived.routes.iter().filter(name).map(|route| format!("{:?}", route.way)).collect();
        routes.join("; ")
    };
    assert_eq!(edge("vm", "front"), "Direct { segment: #1, ip: 172.30.8.100, port: 5600 }");
    let none = "None { ip: Some(172.30.8.100), port: 5600 }";
    assert_eq!(edge("vm", "mq"), none, "a network shared with the members is not the VIP's");
    assert_eq!(edge("web", "far"), none, "nor is one of the same addresses elsewhere");
}

#[test]
fn groups_are_what_is_declared_together_or_claims_one_address() {
    let rest = r#"
        haproxy "a" version="2.6.12" on="vm" {
            attach "front"; node "a1"; node "a2"
            vip "one" "172.30.8.100"
            vip "two" "172.30.8.101"
        }
        haproxy "b" version="2.6.12" on="vm" {
            attach "front"; node "b1"; node "b2"
            vip "shared" "172.30.8.101" "172.30.8.102"
        }
        haproxy "c" version="2.6.12" on="web" {
            attach "far"; node "c1"; node "c2"
            vip "elsewhere" "172.30.8.100"
        }"#;
    let system = with("node \"mq1\"; node \"mq2\"", rest);
    let derived = Derived::of(&system);
    let mut out = String::new();
    for group in &derived.vrrp_groups {
        let members = group.members.iter().map(|id| {
            let claim = &system.vrrps[*id];
            format!("{}:{}", claim.declared.as_deref().unwrap_or("-"), system.units[claim.unit].name.value)
        });
        let because = group.because.iter().map(|evidence| match evidence {
            Evidence::Declared(_) => "declared".to_owned(),
            Evidence::SameVip(ip, segment) => format!("{ip} on {}", system.segments[*segment].name.value),
        });
        let (members, because): (Vec<_>, Vec<_>) = (members.collect(), because.collect());
        let _ = writeln!(out, "{} because {}", members.join(" "), because.join(", "));
    }
    assert_eq!(
        out,
        "a/one:a1 a/one:a2 because declared\n\
         a/two:a1 a/two:a2 b/shared:b1 b/shared:b2 because declared, declared, 172.30.8.101 on front\n\
         c/elsewhere:c1 c/elsewhere:c2 because declared\n"
    );
    assert_eq!(derived.cookie_groups.len(), 1);
    assert_eq!(derived.cookie_groups[0].members.len(), 2);
}

/// On a host's own network each port listens where it is asked, and nowhere else.
#[test]
fn ports_of_the_hosts_own_network() {
    let text = |stream: &str| {
        format!(
            r#"topology "t"
            host "m1" address="10.0.0.1"; host "m2" address="10.0.0.2"
            network "lan" subnet="10.0.0.0/24"
            secret "s" generate=8
            rabbitmq "mq" version="3.13.7" on="m1" cookie="s" {{ attach "lan"; node "mq1"; }}
            haproxy "lb" version="2.6.12" on="m1" {{
                attach "lan"; node "lb1"
                listen "amqp" port=5600 to="mq/amqp"
                stats port=8100 user="u" password="s"
            }}
            consul "kv" version="1.20.6" on="m1" {{ attach "lan"; node "kv1"; }}
            nginx "edge" version="1.26.3" on="m2" {{ attach "lan"; {stream}; }}"#
        )
    };
    let shown = |stream: &str| {
        let system = system(&text(stream));
        let derived = Derived::of(&system);
        let mut out = String::new();
        for (id, listen) in system.listens.iter() {
            let binds: Vec<String> = derived.binds[&id].iter().map(ToString::to_string).collect();
            let _ = writeln!(out, "{} {} {}", system.units[listen.unit].name.value, listen.name, binds.join(" "));
        }
        out
    };
    let quiet = shown(r#"stream "amqp" port=5600 to="mq/amqp""#);
    assert_eq!(
        quiet,
        "mq1 amqp 127.0.0.1 10.0.0.1\nmq1 management 127.0.0.1\nmq1 prometheus 127.0.0.1\nmq1 health 10.0.0.1\n\
         mq1 epmd 127.0.0.1 10.0.0.1\nmq1 dist 10.0.0.1\nlb1 amqp 0.0.0.0\nlb1 stats 127.0.0.1\nedge amqp 0.0.0.0\n\
         kv1 http 127.0.0.1 10.0.0.1\nkv1 dns 127.0.0.1 10.0.0.1\nkv1 server 10.0.0.1\nkv1 serf 10.0.0.1\n\
         kv1 serf-wan 10.0.0.1\n"
    );
    let asked = r#"stream "a" port=1 to="mq/management"; stream "b" port=2 to="mq/prometheus"; stream "c" port=3 to="lb/stats""#;
    let asked = shown(asked);
    for line in ["mq1 management 10.0.0.1\n", "mq1 prometheus 10.0.0.1\n", "lb1 stats 127.0.0.1 10.0.0.1\n"] {
        assert!(asked.contains(line), "{asked}");
    }
}

#[test]
fn the_graph_has_every_thing_once() {
    let rest = r#"
        haproxy "lb" version="2.6.12" on="vm" {
            attach "front"; attach "mq"; node "lb1"; node "lb2"
            listen "amqp" port=5600 to="mq/amqp" { publish bind="0.0.0.0" }
            vip "entry" "172.30.8.100"
        }
        nginx "edge" version="1.26.3" on="vm" { attach "front"; stream "amqp" port=5600 to="lb/amqp" }"#;
    let system = with("node \"mq1\"; node \"mq2\"", rest);
    let graph = Graph::of(&system);
    let vips = graph.graph.node_weights().filter(|vertex| matches!(vertex, Vertex::Vip(..))).count();
    assert_eq!(vips, 1);
    let things = system.hosts.len() + system.segments.len() + system.units.len() + system.listens.len();
    assert_eq!(graph.graph.node_count(), things + 1);
    let count = |wanted: fn(&Edge) -> bool| graph.graph.edge_weights().filter(|edge| wanted(edge)).count();
    assert_eq!(
        count(|edge| matches!(edge, Edge::Forward(_))),
        2 * 2 + 1,
        "each balancer to each broker, nginx to the VIP"
    );
    assert_eq!(count(|edge| matches!(edge, Edge::Held(_))), 2);
    assert_eq!(count(|edge| matches!(edge, Edge::Publish(_))), 2);
    insta::assert_snapshot!(dot(&system, &graph));
}

#[test]
fn dot_is_well_formed_whatever_things_are_called() {
    let odd = r#"a"b\\c]>{}&lt;\u{e9}\n\u{1b}"#;
    let text = format!(
        "topology \"t\"\nhost \"vm\" address=\"10.0.0.1\"\nnetwork \"n\" on=\"vm\" subnet=\"172.30.8.0/24\"\n\
         haproxy \"lb\" version=\"2.6.12\" on=\"vm\" {{ attach \"n\"; node \"lb1\" }}\n// {odd}"
    );
    let mut system = system(&text);
    let evil = "a\"b\\c]>{}&lt;é\n\u{1b}\0-> x;";
    system.name.value = evil.to_owned();
    let ids: Vec<_> = system.units.iter().map(|(id, _)| id).collect();
    for id in ids {
        evil.clone_into(&mut system.units[id].name.value);
    }
    let ids: Vec<_> = system.segments.iter().map(|(id, _)| id).collect();
    for id in ids {
        evil.clone_into(&mut system.segments[id].name.value);
    }
    let text = dot(&system, &Graph::of(&system));
    // Outside of quoted strings nothing of the names is left, and every string is closed on its line.
    for line in text.lines() {
        let mut outside = String::new();
        let (mut quoted, mut escaped) = (false, false);
        for c in line.chars() {
            match (quoted, escaped, c) {
                (true, false, '\\') => escaped = true,
                (true, true, _) => escaped = false,
                (_, false, '"') => quoted = !quoted,
                (false, ..) => outside.push(c),
                _ => {}
            }
        }
        assert!(!quoted, "{line}");
        assert!(outside.chars().all(|c| c.is_ascii_alphanumeric() || " _=,;[]{}->".contains(c)), "{outside}");
        assert!(!line.contains(|c: char| c.is_control()), "{line:?}");
    }
    if let Ok(mut child) = std::process::Command::new("dot")
        .arg("-Tplain")
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::null())
        .spawn()
    {
        use std::io::Write as _;
        child.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
        assert!(child.wait().unwrap().success(), "{text}");
    }
}

/// Two clusters are never behind one port, so no client writes now to the one, now to the other; and no member is left out.
#[test]
fn a_forward_leads_to_every_member_of_one_component() {
    let forwards = r#"
        haproxy "lb" version="2.6.12" on="vm" {
            attach "mq"; attach "front"; node "lb1"; node "lb2"
            listen "amqp" port=5600 to="mq/amqp"
            vip "entry" "172.30.8.100"
        }
        nginx "direct" version="1.26.3" on="vm" { attach "mq"; stream "amqp" port=5601 to="mq/amqp" }
        nginx "around" version="1.26.3" on="vm" { attach "front"; stream "amqp" port=5602 to="lb/amqp" via="nodes" }
        nginx "edge" version="1.26.3" on="vm" { attach "front"; stream "amqp" port=5603 to="lb/amqp" }"#;
    let system = with(r#"node "mq1"; node "mq2"; node "mq3" kind="ram""#, forwards);
    assert_eq!(system.forwards.len(), 5);
    for forward in system.forwards.values() {
        let units: Vec<_> = forward.targets.iter().map(|target| system.listens[target.listen].unit).collect();
        let component = &system.components[system.units[units[0]].component];
        if forward.targets[0].vip.is_some() {
            assert_eq!(units.len(), 1, "one address stands for all");
        } else {
            assert_eq!(units, component.units, "{}", forward.to.value);
        }
    }
}

#[test]
fn a_reference_to_nobody_is_an_error() {
    let refused = |rest: &str| {
        let text = format!(
            r#"topology "t"
            host "vm" address="192.168.10.10"
            network "front" on="vm" subnet="172.30.8.0/24"
            secret "cookie" generate=32
            rabbitmq "mq" version="3.13.7" on="vm" cookie="cookie" {{ attach "front"; node "mq1" }}
            {rest}"#
        );
        let world = Memory::new().file("topo.kdl", text);
        let topology = hacc::topology::load(&world, Utf8Path::new("topo.kdl"), &mut SourceMap::new()).unwrap();
        build(&topology, &Lock::default()).map(|_| ()).unwrap_err().iter().map(|error| error.code).collect::<Vec<_>>()
    };
    let lb = |rest: &str, to: &str| {
        let listen = format!(r#"listen "amqp" port=5600 to="{to}""#);
        format!(
            r#"haproxy "lb" version="2.6.12" on="vm" {{ attach "front"; node "lb1"; node "lb2"; {listen}; {rest} }}"#
        )
    };
    let vip = r#"vip "entry" "172.30.8.100""#;
    let edge = |via: &str| {
        let stream = format!(r#"stream "amqp" port=5600 to="lb/amqp" via="{via}""#);
        format!("{}\nnginx \"edge\" version=\"1.26.3\" on=\"vm\" {{ attach \"front\"; {stream} }}", lb(vip, "mq/amqp"))
    };
    assert_eq!(refused(&lb("", "mq9/amqp")), ["unknown-component"]);
    assert_eq!(refused(&lb("", "mq/amqps")), ["unknown-port"]);
    assert_eq!(refused(&lb(&format!("{vip} prefer=\"lb9\""), "mq/amqp")), ["unknown-node"]);
    assert_eq!(refused(&lb(&format!("{vip} {{ member \"mq1\" vrid=7 }}"), "mq/amqp")), ["not-a-member"]);
    assert_eq!(refused(&lb(&format!("{vip} auth=\"nothing\""), "mq/amqp")), ["unknown-secret"]);
    assert_eq!(refused(&lb("attach \"back\"", "mq/amqp")), ["unknown-network"]);
    assert_eq!(refused(&edge("front")), ["unknown-vip"]);
}
