//! The engine of rules: what is accepted, in which order findings come, and how the work grows.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use camino::Utf8Path;
use hacc::derive::Derived;
use hacc::lint::{self, Outcome};
use hacc::source::SourceMap;
use hacc::system::{Lock, build};
use hacc::world::Memory;

fn lint(text: &str) -> Outcome {
    let world = Memory::new().file("topo.kdl", text);
    let mut sources = SourceMap::new();
    let topology = hacc::topology::load(&world, Utf8Path::new("topo.kdl"), &mut sources).unwrap();
    let built = build(&topology, &Lock::default()).unwrap();
    let mut outcome = lint::run(&built.system, &Derived::of(&built.system), Some(&topology));
    outcome.findings.retain(|finding| finding.confidence > lint::Confidence::Possible);
    outcome
}

fn names(findings: &[lint::Finding]) -> Vec<&'static str> {
    findings.iter().map(|finding| finding.diagnostic.code).collect()
}

/// Two balancers with a VIP whose body is `vip`, and `top` beside them.
fn balancers(top: &str, component: &str, vip: &str) -> String {
    format!(
        r#"
        topology "t"
        {top}
        host "vm" address="192.168.10.10"
        network "front" on="vm" subnet="172.30.8.0/24"
        haproxy "lb" version="2.6.12" on="vm" {{
            {component}
            attach "front"; node "lb1"; node "lb2"
            vip "entry" "172.30.8.100" {{ {vip} }}
        }}"#
    )
}

const SPLIT: &str = r#"member "lb1" vrid=51; member "lb2" vrid=52"#;

#[test]
fn an_allow_holds_where_it_stands() {
    let allow = r#"allow "vrid-mismatch" reason="a test""#;
    assert_eq!(names(&lint(&balancers("", "", SPLIT)).findings), ["vrid-mismatch"]);
    for text in [
        balancers(allow, "", SPLIT),
        balancers("", allow, SPLIT),
        balancers("", "", &format!("{SPLIT}; {allow}")),
        // Any of the labelled places will do, not only the main one.
        balancers("", "", &format!("member \"lb1\" vrid=51 {{ {allow} }}; member \"lb2\" vrid=52")),
    ] {
        let outcome = lint(&text);
        assert!(outcome.findings.is_empty(), "{text}: {:?}", names(&outcome.findings));
        assert_eq!(
            names(&outcome.allowed.iter().map(|allowed| allowed.finding.clone()).collect::<Vec<_>>()),
            ["vrid-mismatch"]
        );
    }
}

#[test]
fn an_allow_elsewhere_accepts_nothing_and_is_a_finding() {
    let text = balancers(r#"network "other" on="vm" subnet="172.30.9.0/24""#, "", SPLIT)
        .replace("node \"lb1\"", "node \"lb1\" { allow \"vrid-mismatch\" reason=\"a test\" }");
    assert_eq!(names(&lint(&text).findings), ["unused-allow", "vrid-mismatch"]);
    // The inner one accepts, so the outer one is not needed.
    let inner = format!("{SPLIT}; allow \"vrid-mismatch\" reason=\"a test\"");
    let text = balancers(r#"allow "vrid-mismatch" reason="a test""#, "", &inner);
    assert_eq!(names(&lint(&text).findings), ["unused-allow"]);
    // Which can be accepted as well.
    let text = text.replace("topology \"t\"", "topology \"t\"\nallow \"unused-allow\" reason=\"a test\"");
    assert!(lint(&text).findings.is_empty());
}

#[test]
fn an_allow_of_an_unknown_rule_is_an_error_with_a_hint() {
    let outcome = lint(&balancers(r#"allow "vrid-missmatch" reason="a test""#, "", ""));
    assert!(outcome.findings.is_empty(), "and not unused besides");
    assert_eq!(outcome.errors.len(), 1);
    assert_eq!(outcome.errors[0].code, "unknown-rule");
    assert_eq!(outcome.errors[0].help.as_deref(), Some("did you mean `vrid-mismatch`?"));
}

#[test]
fn findings_come_in_the_order_of_the_text() {
    let text = balancers(
        "network \"public\" on=\"vm\" subnet=\"8.8.8.0/24\"",
        "",
        r#"member "lb1" vrid=0 priority=100; member "lb2" vrid=0 priority=100"#,
    );
    let outcome = lint(&text);
    assert_eq!(
        names(&outcome.findings),
        ["public-subnet", "vrid-out-of-range", "equal-priorities", "vrid-out-of-range"]
    );
    assert_eq!(outcome.worst(), Some(lint::Level::Error));
    assert_eq!(lint(&balancers("", "", "")).worst(), None);
}

#[test]
fn what_is_only_possible_stands_against_nobody() {
    let mut outcome = lint(&balancers("", "", SPLIT));
    assert_eq!((outcome.worst(), outcome.likely().count()), (Some(lint::Level::Error), 1));
    outcome.findings[0].confidence = lint::Confidence::Likely;
    assert_eq!((outcome.worst(), outcome.likely().count()), (Some(lint::Level::Error), 1));
    outcome.findings[0].confidence = lint::Confidence::Possible;
    assert_eq!((outcome.worst(), outcome.likely().count()), (None, 0));
}

/// `n` brokers and `n` balancers in groups, with mistakes in every group.
fn large(n: usize) -> String {
    let mut text = String::from(
        "topology \"t\"\nhost \"vm\" address=\"10.0.0.1\"\nsecret \"cookie\" generate=32\nsecret \"other\" generate=32\n",
    );
    text.push_str("network \"n\" on=\"vm\" subnet=\"10.64.0.0/10\"\n");
    text.push_str("rabbitmq \"mq\" version=\"4.3.6\" on=\"vm\" cookie=\"cookie\" {\n  attach \"n\"\n");
    for k in 0..n {
        let _ = writeln!(
            text,
            "  node \"mq{k}\" kind=\"ram\" cookie=\"other\" {{ publish \"amqp\" port=5672 bind=\"0.0.0.0\" }}"
        );
    }
    text.push_str("}\n");
    for k in 0..n / 50 {
        let _ = writeln!(text, "haproxy \"lb{k}\" version=\"2.6.12\" on=\"vm\" {{ attach \"n\"");
        for m in 0..50 {
            let _ = writeln!(text, "  node \"lb{k}-{m}\"");
        }
        let ip = std::net::Ipv4Addr::from(0x0A7F_0000 + u32::try_from(k).unwrap());
        let _ = writeln!(text, "  vip \"v\" \"{ip}\" vrid=7 weight=-1 {{");
        for m in 0..50 {
            let _ = writeln!(text, "    member \"lb{k}-{m}\" vrid={} priority=100", m % 3 + 1);
        }
        text.push_str("  }\n}\n");
    }
    text
}

#[test]
fn the_work_grows_with_the_cluster_and_no_faster() {
    let time = |n: usize| {
        let text = large(n);
        let world = Memory::new().file("topo.kdl", text.as_str());
        let topology = hacc::topology::load(&world, Utf8Path::new("topo.kdl"), &mut SourceMap::new()).unwrap();
        let built = build(&topology, &Lock::default()).unwrap();
        let start = Instant::now();
        let outcome = lint::run(&built.system, &Derived::of(&built.system), Some(&topology));
        let took = start.elapsed();
        assert!(outcome.findings.len() > n, "every broker and every group has its mistakes");
        took
    };
    let (small, large) = (time(500), time(5_000));
    eprintln!("500: {small:?}, 5000: {large:?}");
    // Ten times the work, not a hundred times. Wide, as other work shares the machine: quadratic would still be caught.
    assert!(large < small * 40 + Duration::from_secs(1), "{small:?} {large:?}");
}
