//! What is said of a topology of which a part is broken: all that is true without that part, and nothing else.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;

use camino::Utf8Path;
use hacc::check::{Judged, judge};
use hacc::lint;
use hacc::source::SourceMap;
use hacc::syntax;
use hacc::system::Lock;
use hacc::world::Memory;

fn run(files: &[(&str, &str)]) -> (Judged, SourceMap) {
    let world = files.iter().fold(Memory::new(), |world, (path, text)| world.file(path, *text));
    let mut sources = SourceMap::new();
    let judged = judge(&world, Utf8Path::new("topo.kdl"), &Lock::default(), &mut sources);
    (judged, sources)
}

/// Findings by rule and line.
fn said(judged: &Judged, sources: &SourceMap) -> BTreeSet<(&'static str, u32)> {
    let all = judged.findings.findings.iter();
    let place = |finding: &lint::Finding| sources.place_of(finding.diagnostic.labels[0].span).unwrap().line;
    all.map(|finding| (finding.diagnostic.code, place(finding))).collect()
}

fn codes(text: &str) -> (Vec<&'static str>, Vec<&'static str>) {
    let (judged, _) = run(&[("topo.kdl", text)]);
    let errors = judged.errors.iter().map(|error| error.code).collect();
    (errors, judged.findings.likely().map(|finding| finding.diagnostic.code).collect())
}

/// Every text of a page, and the examples.
fn texts() -> Vec<(String, String)> {
    let mut texts = Vec::new();
    for rule in lint::rules::ALL {
        for (n, part) in rule.page.split("\n```kdl ").skip(1).enumerate() {
            let text = part.split_once('\n').unwrap().1.split("\n```").next().unwrap();
            texts.push((format!("{} {n}", rule.name), text.to_owned()));
        }
    }
    for example in ["srm", "quorum", "three-hosts"] {
        texts.push((example.to_owned(), fs::read_to_string(format!("examples/{example}/topo.kdl")).unwrap()));
    }
    texts
}

/// `text` with each node of its top level broken in turn, but for the one that names the topology; and with one that
/// nobody needs broken.
fn broken(text: &str) -> Vec<String> {
    let mut sources = SourceMap::new();
    let id = sources.add("topo.kdl", text).unwrap();
    let (document, _) = syntax::read(sources.get(id));
    let nodes = document.nodes().filter(|node| node.name() != "topology");
    let at: Vec<usize> = nodes.map(|node| node.span().start as usize + node.name().len()).collect();
    let mut texts: Vec<String> =
        at.into_iter().map(|at| format!("{} no-such-property=1{}", &text[..at], &text[at..])).collect();
    texts.push(format!("{text}\nsecret \"nobodys\" no-such-property=1\n"));
    texts
}

#[test]
fn no_rule_fires_because_a_part_is_broken() {
    let mut wrong = String::new();
    let (mut cases, mut kept) = (0, 0);
    for (name, text) in texts() {
        let (whole, sources) = run(&[("topo.kdl", &text)]);
        let whole = said(&whole, &sources);
        for text in broken(&text) {
            let (judged, sources) = run(&[("topo.kdl", &text)]);
            assert!(!judged.errors.is_empty() && !judged.complete, "{text}");
            cases += 1;
            let now = said(&judged, &sources);
            kept += now.len();
            for (code, line) in now.difference(&whole) {
                let _ = writeln!(wrong, "── {name}: {code} on line {line} of\n{text}");
            }
        }
    }
    eprintln!("{cases} broken texts, {kept} findings");
    assert!(cases > 1000 && kept > 150, "only {cases} texts, {kept} findings");
    assert!(wrong.is_empty(), "{wrong}");
}

const TWO: &str = r#"topology "t"
host "vm" address="192.168.10.10"
network "front" on="vm" subnet="172.30.8.0/24"
network "mq" on="vm" subnet="173.30.7.0/24"
secret "cookie" generate=32
rabbitmq "mq" version="3.10.8" on="vm" cookie="cookie" {
    attach "mq"
    attach "front"
    node "mq1"
}
haproxy "lb" version="2.6.12" on="vm" {
    attach "front"
    node "lb1"; node "lb2"
    listen "amqp" port=5600 to="mq/amqp"
    vip "entry" "172.30.8.100" { member "lb1" vrid=51; member "lb2" vrid=52; }
}
"#;

#[test]
fn what_hangs_on_the_broken_part_is_left_out_and_the_rest_is_judged() {
    assert_eq!(codes(TWO), (vec![], vec!["public-subnet", "vrid-mismatch"]));
    for (from, to, errors, findings) in [
        // A secret: the brokers hang on it, and the balancers on them.
        ("generate=32", "generate=\"x\"", vec!["wrong-type"], vec!["public-subnet"]),
        ("node \"mq1\"", "node \"mq1\" kindd=1", vec!["unknown-property"], vec!["public-subnet"]),
        // All hang on the host.
        ("address=\"192.168.10.10\"", "address=\"192.168.10\"", vec!["invalid-value"], vec![]),
        // A name that nobody has is where it is said; what was probably meant is as sound as before.
        (
            "rabbitmq \"mq\" version=\"3.10.8\" on=\"vm\"",
            "rabbitmq \"mq\" version=\"3.10.8\" on=\"wm\"",
            vec!["unknown-host"],
            vec!["public-subnet"],
        ),
        ("to=\"mq/amqp\"", "to=\"mq/amp\"", vec!["unknown-port"], vec!["public-subnet"]),
        // Two of one name: neither is judged.
        ("network \"mq\"", "network \"front\"", vec!["duplicate-name"], vec![]),
        // The name of the whole is nothing that anybody hangs on.
        ("topology \"t\"", "topology", vec!["missing-argument"], vec!["public-subnet", "vrid-mismatch"]),
        ("topology \"t\"\n", "", vec!["missing-node"], vec!["public-subnet", "vrid-mismatch"]),
        // Where braces do not add up nobody knows what is whose.
        ("node \"mq1\"\n}", "node \"mq1\"\n", vec!["syntax"], vec![]),
    ] {
        assert_eq!(TWO.matches(from).count(), 1, "{from}");
        assert_eq!(codes(&TWO.replace(from, to)), (errors, findings), "{to}");
    }
}

#[test]
fn what_is_wrong_with_an_allow_leaves_everything_judged() {
    for (line, error) in [
        ("allow \"vrid-missmatch\" reason=\"x\"\n", "unknown-rule"),
        ("// hacc: allow(vrid-missmatch) reason=\"x\"\n", "unknown-rule"),
        ("// hacc: allow(vrid-mismatch)\n", "allow-comment"),
    ] {
        let (judged, _) = run(&[("topo.kdl", &format!("{TWO}{line}"))]);
        assert!(judged.complete);
        assert_eq!(judged.errors.iter().map(|error| error.code).collect::<Vec<_>>(), [error]);
        assert_eq!(judged.findings.likely().count(), 2);
    }
}

#[test]
fn a_file_that_cannot_be_read_takes_only_what_hangs_on_it() {
    let topo = TWO.replace("secret \"cookie\" generate=32", "include \"more.kdl\"");
    for (more, error) in [("secret \"cookie\" generate=", "syntax"), ("secret \"cookie\" {", "syntax")] {
        let (judged, _) = run(&[("topo.kdl", &topo), ("more.kdl", more)]);
        assert_eq!(judged.errors.iter().map(|error| error.code).collect::<Vec<_>>(), [error], "{more}");
        assert_eq!(judged.findings.findings.len(), 1, "the brokers' secret may stand in it");
    }
    let (judged, _) = run(&[("topo.kdl", &topo)]);
    assert_eq!(judged.errors.iter().map(|error| error.code).collect::<Vec<_>>(), ["unreadable"]);
    assert_eq!(judged.findings.findings.len(), 1);
}

#[test]
fn an_allow_of_something_that_was_not_judged_is_not_called_unused() {
    let text = TWO.replace("subnet=\"173.30.7.0/24\"", "subnet=\"173.30.7.0/24\" gateway=7")
        + "allow \"public-subnet\" reason=\"ours\"\nallow \"vrid-mismatch\" reason=\"a test\"\n";
    assert_eq!(codes(&text).1, Vec::<&str>::new());
}
