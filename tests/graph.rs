//! Pictures of a cluster: as Mermaid and as SVG. (DOT is in `derive`.)

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::process::{Command, Output};

use camino::Utf8Path;
use hacc::derive::Derived;
use hacc::report::{mermaid, svg};
use hacc::source::{SourceMap, Span};
use hacc::system::{Arena, Fact, Id, Lock, System, build};
use hacc::world::Memory;

const SRM: &str = include_str!("../examples/srm/topo.kdl");

/// Three hosts, one way through published ports, one that is missing, and one that goes back.
const SHOP: &str = r#"
topology "shop"
host "gate" address="192.168.1.10"
host "mid" address="192.168.1.20"
host "back" address="192.168.1.30"
network "dmz" on="gate" subnet="172.30.1.0/24"
network "front" on="mid" subnet="172.30.2.0/24"
network "inner" on="mid" subnet="172.30.3.0/24"
network "mq" on="back" subnet="172.30.4.0/24"
secret "cookie" generate=32
rabbitmq "orders" version="3.13.7" image="registry.local/mq:3.13.7" on="back" cookie="cookie" {
    attach "mq"
    node "o1" { publish "amqp" port=5671 bind="0.0.0.0"; publish "management" port=15671 bind="127.0.0.1"; }
    node "o2" { publish "amqp" port=5672 bind="0.0.0.0"; }
    node "o3" { publish "amqp" port=5673 bind="0.0.0.0"; }
}
rabbitmq "logs" version="4.1.4" on="back" cookie="cookie" {
    attach "mq"
    node "g1" { publish "amqp" port=5681 bind="0.0.0.0"; }
    node "g2"
}
haproxy "lb" version="2.6.12" on="mid" {
    attach "front"; attach "inner"
    node "lb1"; node "lb2"; node "lb3"
    listen "amqp" port=5600 to="orders/amqp" { check kind="tcp"; }
    listen "logs" port=5601 to="logs/amqp" { check kind="tcp"; }
    vip "front" "172.30.2.100"
}
nginx "relay" version="1.26.3" on="mid" {
    attach "front"
    stream "amqp" port=5700 to="lb/amqp" { publish port=5700 bind="0.0.0.0"; }
}
nginx "edge" version="1.26.3" on="gate" {
    attach "dmz"
    node "e1" { publish "amqp" port=5800 bind="0.0.0.0"; }
    node "e2"
    stream "amqp" port=5800 to="relay/amqp"
}
nginx "return" version="1.26.3" on="back" { attach "mq"; stream "amqp" port=5900 to="relay/amqp"; }
"#;

fn system(text: &str) -> System {
    let world = Memory::new().file("topo.kdl", text);
    let topology = hacc::topology::load(&world, Utf8Path::new("topo.kdl"), &mut SourceMap::new()).unwrap();
    build(&topology, &Lock::default()).unwrap().system
}

fn both(system: &System) -> [String; 2] {
    let derived = Derived::of(system);
    [mermaid(system, &derived), svg(system, &derived)]
}

#[test]
fn the_example() {
    let [mermaid, svg] = both(&system(SRM));
    insta::assert_snapshot!("srm_mermaid", mermaid);
    assert!(
        svg == include_str!("../docs/srm.svg"),
        "docs/srm.svg is old: hacc graph --format svg examples/srm/topo.kdl > docs/srm.svg"
    );
}

#[test]
fn hosts_that_need_each_other() {
    let [mermaid, svg] = both(&system(SHOP));
    insta::assert_snapshot!("shop_mermaid", mermaid);
    insta::assert_snapshot!("shop_svg", svg);
}

#[test]
fn the_same_bytes_every_time() {
    assert_eq!(both(&system(SHOP)), both(&system(SHOP)));
}

/// Every text of the drawing that names can reach, and how often: an element's content and nothing else.
#[test]
fn everything_that_is_drawn_is_told() {
    let [_, picture] = both(&system(SHOP));
    let texts = xml(&picture);
    let has = |text: &str| texts.iter().any(|(_, content)| content == text);
    for text in [
        "shop",
        "gate",
        "192.168.1.30",
        "dmz",
        "172.30.4.0/24",
        "orders",
        "rabbitmq 3.13.7",
        "registry.local/mq:3.13.7",
        "o3",
        "172.30.4.4",
        "VIP 172.30.2.100",
        "lb3: priority 248, VRID 118",
        "amqp :5600 · logs :5601",
        "0.0.0.0:5673",
        "→ o3 amqp",
        "127.0.0.1:15671",
        "this host only",
        "amqp :5700 → :5600",
        "amqp :5600 → :5671",
        "logs :5601 → g2 :5672",
        "no way",
        "hands connections on",
        "can be held by",
    ] {
        assert!(has(text), "{text:?} is missing");
    }
    let titles: Vec<&str> = texts.iter().filter(|(name, _)| name == "title").map(|(_, text)| text.as_str()).collect();
    assert!(titles.contains(&"orders: rabbitmq 3.13.7, image registry.local/mq:3.13.7"), "{titles:?}");
    assert!(titles.contains(&"VIP 172.30.2.100 can be held by lb"), "{titles:?}");
}

/// Reads what is written; panics where XML is not well-formed, or has an element or attribute that no picture needs.
/// Returns each text with the element that holds it.
fn xml(text: &str) -> Vec<(String, String)> {
    const ELEMENTS: &[&str] = &["svg", "title", "style", "g", "rect", "circle", "path", "text"];
    const ATTRIBUTES: &[&str] =
        &["xmlns", "width", "height", "viewBox", "role", "class", "x", "y", "rx", "cx", "cy", "r", "d"];
    assert!(!text.contains(|c: char| (c.is_control() && c != '\n') || "\u{FFFE}\u{FFFF}\u{202e}".contains(c)));
    let (mut open, mut texts) = (Vec::new(), Vec::new());
    let mut rest = text;
    while let Some(at) = rest.find('<') {
        let content = unescaped(&rest[..at]);
        match open.last() {
            Some(name) if !content.trim().is_empty() => texts.push((String::clone(name), content)),
            Some(_) => {}
            None => assert_eq!(content.trim(), "", "text outside of everything"),
        }
        let end = rest.find('>').expect("a tag ends");
        let tag = &rest[at + 1..end];
        rest = &rest[end + 1..];
        if let Some(name) = tag.strip_prefix('/') {
            assert_eq!(open.pop().as_deref(), Some(name), "what is opened is closed");
            continue;
        }
        let closed = tag.ends_with('/');
        let tag = tag.trim_end_matches('/');
        let (name, mut attributes) = tag.split_once(' ').unwrap_or((tag, ""));
        assert!(ELEMENTS.contains(&name), "<{tag}>");
        let mut seen = BTreeMap::new();
        while !attributes.is_empty() {
            let (name, value) = attributes.split_once("=\"").expect("an attribute has a value");
            let (value, more) = value.split_once('"').expect("a value ends");
            assert!(ATTRIBUTES.contains(&name.trim()) && !value.contains(['<', '&']), "<{tag}>");
            assert!(seen.insert(name.trim(), value).is_none(), "an attribute is there once: <{tag}>");
            attributes = more;
        }
        if !closed {
            open.push(name.to_owned());
        }
    }
    assert!(open.is_empty() && rest.trim().is_empty());
    texts
}

fn unescaped(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, entity)) = rest.split_once('&') {
        out.push_str(before);
        let (name, after) = entity.split_once(';').expect("an entity ends");
        out.push(match name {
            "amp" => '&',
            "lt" => '<',
            "gt" => '>',
            "quot" => '"',
            "#39" => '\'',
            other => panic!("&{other};"),
        });
        rest = after;
    }
    out + rest
}

/// Panics where anything but shapes and numbers stands outside of quotes, or what Mermaid would read within them.
fn flowchart(text: &str) {
    assert!(text.starts_with("flowchart TB\n"));
    let mut depth = 0;
    for line in text.lines().skip(1) {
        match line.trim().split(' ').next() {
            Some("subgraph") => depth += 1,
            Some("end") => depth -= 1,
            _ => {}
        }
        let parts: Vec<&str> = line.split('"').collect();
        assert!(parts.len() % 2 == 1, "a quote is closed on its line: {line}");
        for (n, part) in parts.iter().enumerate() {
            if n % 2 == 0 {
                let part = part.replace("subgraph ", "").replace("end", "");
                let fine = |c: char| c.is_ascii_digit() || " hnipcu[](){}/\\|-.>".contains(c);
                assert!(part.chars().all(fine), "{part:?} in {line}");
                continue;
            }
            assert!(!part.contains("style") && !part.contains("classDef"), "{line}");
            let mut rest = part.replace("<br/>", "");
            while let Some((before, entity)) = rest.split_once('#') {
                let (number, after) = entity.split_once(';').expect("an entity ends");
                assert!(number.parse::<u32>().is_ok_and(|number| number < 128), "{line}");
                rest = format!("{before}{after}");
            }
            let fine = |c: char| c.is_ascii_alphanumeric() || " .,:/-".contains(c) || !c.is_ascii();
            assert!(rest.chars().all(fine), "{rest:?}");
            assert!(!rest.contains(|c: char| c.is_control() || "\u{202e}\u{200b}".contains(c)), "{rest:?}");
        }
    }
    assert_eq!(depth, 0);
}

fn ids<T>(arena: &Arena<T>) -> Vec<Id<T>> {
    arena.iter().map(|(id, _)| id).collect()
}

#[test]
fn names_stay_in_their_places() {
    let evil = [
        "\"]; end; x[\"",
        "</text></g></svg><script>alert(1)</script>",
        "]]><![CDATA[ & &amp; &#0; &x",
        "%%{init: {}}%% `*md*` $$x$$ ; style u0 fill:#f00; classDef x #1;",
        "#quot; #34; <br/> <img src=x onerror=alert(1)>",
        "a\n\r\t\u{0}\u{1b}[31m\u{7f}\u{85}\u{202e}\u{200b}\u{fffe}\u{ffff}é漢😀",
        "' onload='x' \\ \\\" |x| --> y {{ }} ([ ])",
        "",
    ];
    for evil in evil.into_iter().map(str::to_owned).chain(["<&\">'".repeat(200), "漢".repeat(500)]) {
        let mut system = system(SHOP);
        system.name.value.clone_from(&evil);
        for id in ids(&system.hosts) {
            system.hosts[id].name.value.clone_from(&evil);
        }
        for id in ids(&system.segments) {
            system.segments[id].name.value.clone_from(&evil);
        }
        for id in ids(&system.units) {
            system.units[id].name.value.clone_from(&evil);
        }
        for id in ids(&system.listens) {
            system.listens[id].name.clone_from(&evil);
        }
        for id in ids(&system.components) {
            system.components[id].name.value.clone_from(&evil);
            system.components[id].release.image = Fact::written(evil.clone(), Span::NONE);
        }
        let [chart, picture] = both(&system);
        flowchart(&chart);
        let texts = xml(&picture);
        if evil.starts_with("</text>") {
            assert!(texts.iter().any(|(name, text)| name == "text" && *text == evil), "and can be read there");
        }
    }
}

#[test]
fn all_that_is_drawn_is_well_formed() {
    for text in [SRM, SHOP, "topology \"t\"", "topology \"t\"\nhost \"h\" address=\"10.0.0.1\""] {
        let [chart, picture] = both(&system(text));
        flowchart(&chart);
        xml(&picture);
    }
}

/// Mermaid draws no more than 500 edges and reads no more than 50 000 characters.
#[test]
fn many_units_are_few_lines() {
    let cluster = |brokers: usize, balancers: usize| {
        let mut text = String::from(
            "topology \"t\"\nhost \"h\" address=\"10.0.0.1\"\nnetwork \"n\" on=\"h\" subnet=\"10.1.0.0/16\"\n\
             secret \"c\" generate=32\nrabbitmq \"mq\" version=\"3.13.7\" on=\"h\" cookie=\"c\" {\n attach \"n\"\n",
        );
        (0..brokers).for_each(|n| writeln!(text, " node \"mq{n}\"").unwrap());
        text += "}\nhaproxy \"lb\" version=\"2.6.12\" on=\"h\" {\n attach \"n\"\n listen \"amqp\" port=5600 to=\"mq/amqp\"\n";
        (0..balancers).for_each(|n| writeln!(text, " node \"lb{n}\"").unwrap());
        both(&system(&(text + "}\n")))
    };
    let [chart, picture] = cluster(100, 100);
    assert_eq!(chart.lines().filter(|line| line.contains(" -")).count(), 3, "one to forward, two to the network");
    assert!(chart.len() < 50_000, "{}", chart.len());
    let [_, half] = cluster(50, 50);
    assert!(picture.len() < 2 * half.len(), "{} and {}", picture.len(), half.len());
}

fn hacc(arguments: &[&str]) -> Output {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("topo.kdl"), SHOP).unwrap();
    std::fs::write(dir.path().join("wrong.kdl"), "topology \"t\"\nhots \"a\"\n").unwrap();
    Command::new(env!("CARGO_BIN_EXE_hacc")).args(arguments).current_dir(dir.path()).output().unwrap()
}

#[test]
fn the_command_prints_what_is_asked_for() {
    let [mermaid, svg] = both(&system(SHOP));
    for (format, begins) in [("dot", "digraph "), ("mermaid", mermaid.as_str()), ("svg", svg.as_str())] {
        let said = hacc(&["graph", "--format", format, "topo.kdl"]);
        assert!(said.status.success() && said.stderr.is_empty(), "{said:?}");
        assert!(String::from_utf8(said.stdout).unwrap().starts_with(begins), "{format}");
        for arguments in [["wrong.kdl", "--format", format], ["missing.kdl", "--format", format]] {
            let said = hacc(&[&["graph"][..], &arguments].concat());
            assert_eq!((said.status.code(), said.stdout.len()), (Some(2), 0), "{arguments:?}");
            assert!(!said.stderr.is_empty());
        }
    }
    assert_eq!(hacc(&["graph", "topo.kdl"]).stdout, hacc(&["graph", "topo.kdl", "--format=dot"]).stdout);
    assert_eq!(hacc(&["graph", "topo.kdl", "--format", "png"]).status.code(), Some(2));
}
