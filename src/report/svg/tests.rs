use std::fmt::Write as _;

use camino::Utf8Path;
use proptest::prelude::*;

use super::block::{Part, Rect};
use super::picture::{Picture, Wire, picture};
use super::text::Type;
use crate::derive::Derived;
use crate::report::scene::Scene;
use crate::source::SourceMap;
use crate::system::{Lock, build};
use crate::world::Memory;

fn drawn(text: &str) -> Picture {
    let world = Memory::new().file("topo.kdl", text);
    let topology = crate::topology::load(&world, Utf8Path::new("topo.kdl"), &mut SourceMap::new()).expect(text);
    let system = build(&topology, &Lock::default()).expect(text).system;
    picture(&Scene::of(&system, &Derived::of(&system)))
}

fn meet(a: Rect, b: Rect) -> bool {
    a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h
}

fn holds(outer: Rect, inner: Rect) -> bool {
    inner.x >= outer.x
        && inner.y >= outer.y
        && inner.x + inner.w <= outer.x + outer.w
        && inner.y + inner.h <= outer.y + outer.h
}

/// What a line of text covers, its lower lengths included.
fn covered(x: i64, base: i64, set: Type, text: &str) -> Rect {
    Rect { x, y: base - set.size() + 2, w: set.width(text), h: set.size() + 1 }
}

/// Nothing stands on another thing, nothing leaves its frame, and no line runs through a box or through a text.
fn judge(picture: &Picture) -> Result<(), String> {
    let sheet = Rect { x: 0, y: 0, w: picture.w, h: picture.h };
    let hosts: Vec<Rect> = picture.hosts.iter().map(|host| host.0).collect();
    let mut boxes: Vec<Rect> = Vec::new();
    for (x, y, block) in &picture.blocks {
        let all = Rect { x: *x, y: *y, w: block.w, h: block.h };
        if hosts.iter().filter(|host| holds(**host, all)).count() != 1 {
            return Err(format!("{:?} at {all:?} is in no host, or in two", block.title));
        }
        boxes.push(all);
        let (mut frames, mut texts) = (Vec::new(), Vec::new());
        for part in &block.parts {
            match part {
                Part::Frame { rect, .. } => frames.push(Rect { x: x + rect.x, y: y + rect.y, ..*rect }),
                Part::Text { x: dx, y: dy, set, text } => texts.push(covered(x + dx, y + dy, *set, text)),
                Part::Dot { .. } => {}
            }
        }
        apart(&frames, "frames")?;
        apart(&texts, "texts")?;
        if !frames.iter().chain(&texts).all(|part| holds(all, *part)) {
            return Err(format!("{:?} is too small", block.title));
        }
        if texts.iter().any(|text| frames.iter().any(|frame| meet(*frame, *text) && !holds(*frame, *text))) {
            return Err(format!("a text leaves its frame in {:?}", block.title));
        }
    }
    apart(&hosts, "hosts")?;
    apart(&boxes, "boxes")?;
    if !hosts.iter().all(|host| holds(sheet, *host)) {
        return Err("a host leaves the sheet".to_owned());
    }
    let mut labels = Vec::new();
    for wire in &picture.wires {
        let mut base = wire.way[0].1 + Type::Quiet.size() + 2;
        for text in &wire.label {
            labels.push(covered(wire.way[0].0 + 7, base, Type::Quiet, text));
            base += Type::Quiet.line();
        }
    }
    apart(&labels, "labels")?;
    if let Some(label) = labels.iter().find(|label| boxes.iter().any(|other| meet(**label, *other))) {
        return Err(format!("the label at {label:?} stands on a box"));
    }
    let mut lines: Vec<(Rect, &Wire)> = Vec::new();
    for wire in &picture.wires {
        for step in wire.way.windows(2) {
            let ((ax, ay), (bx, by)) = (step[0], step[1]);
            if ax != bx && ay != by {
                return Err(format!("{} is not straight", wire.title));
            }
            let line = Rect { x: ax.min(bx), y: ay.min(by), w: (ax - bx).abs(), h: (ay - by).abs() };
            let crosses = |other: &Rect| {
                // A line may touch an edge, where it begins and ends.
                line.x < other.x + other.w
                    && other.x < line.x + line.w.max(1)
                    && line.y < other.y + other.h
                    && other.y < line.y + line.h.max(1)
                    && (line.w > 0 || line.h > 0)
            };
            if let Some(other) = boxes.iter().chain(&labels).find(|other| crosses(other)) {
                return Err(format!("{} runs through {other:?} from {:?} to {:?}", wire.title, step[0], step[1]));
            }
            let beside = |other: &(Rect, &Wire)| {
                meet(other.0, Rect { w: line.w.max(1), h: line.h.max(1), ..line })
                    && (other.0.w > 1) == (line.w > 0)
                    && other.1.way.last() != wire.way.last()
            };
            if let Some((other, under)) = lines.iter().find(|other| beside(other)) {
                return Err(format!(
                    "{} lies on {} at {other:?} from {:?} to {:?}",
                    wire.title, under.title, step[0], step[1]
                ));
            }
            lines.push((Rect { w: line.w.max(1), h: line.h.max(1), ..line }, wire));
            if !holds(sheet, line) {
                return Err(format!("{} leaves the sheet", wire.title));
            }
        }
    }
    Ok(())
}

fn apart(rects: &[Rect], what: &str) -> Result<(), String> {
    for (n, a) in rects.iter().enumerate() {
        if let Some(b) = rects[n + 1..].iter().find(|b| meet(*a, **b)) {
            return Err(format!("two {what} overlap: {a:?} and {b:?}"));
        }
    }
    Ok(())
}

#[test]
fn the_judge_sees() {
    let text = include_str!("../../../examples/srm/topo.kdl");
    let mut picture = drawn(text);
    assert_eq!(judge(&picture), Ok(()));
    let place = picture.blocks[2].0;
    picture.blocks[2].0 = picture.blocks[1].0;
    picture.blocks[2].1 = picture.blocks[1].1;
    assert!(judge(&picture).is_err_and(|said| said.contains("overlap")));
    let mut picture = drawn(text);
    picture.blocks[2].0 = place + 4000;
    assert!(judge(&picture).is_err_and(|said| said.contains("in no host")));
    let mut picture = drawn(text);
    for (x, y, block) in &mut picture.blocks {
        // A line that ended at the edge of a box now ends within it.
        (*x, *y, block.h) = (*x, *y - 3, block.h + 6);
    }
    assert!(judge(&picture).is_err());
    let mut picture = drawn(text);
    picture.blocks[3].2.w = 40;
    assert!(judge(&picture).is_err_and(|said| said.contains("too small")));
}

/// A cluster of `brokers` brokers on one host, balancers with `vips` VIPs on another, and `edges` nginxes beside them.
fn many(brokers: usize, edges: usize, vips: usize) -> String {
    let mut text = String::from(
        "topology \"t\"\nsecret \"c\" generate=32\nhost \"a\" address=\"10.0.0.1\"\nhost \"b\" address=\"10.0.0.2\"\n\
         network \"na\" on=\"a\" subnet=\"172.20.0.0/16\"\nnetwork \"nb\" on=\"b\" subnet=\"172.21.0.0/16\"\n\
         rabbitmq \"mq\" version=\"3.13.7\" on=\"a\" cookie=\"c\" {\n attach \"na\"\n",
    );
    for n in 0..brokers {
        let _ = writeln!(text, r#" node "mq{n}" {{ publish "amqp" bind="0.0.0.0"; publish "management"; }}"#);
    }
    text += "}\nhaproxy \"lb\" version=\"2.6.12\" on=\"b\" {\n attach \"nb\"; node \"lb1\"; node \"lb2\"\n";
    text += " listen \"amqp\" port=5600 to=\"mq/amqp\" { check kind=\"tcp\"; }\n";
    for n in 0..vips {
        let _ = writeln!(text, r#" vip "v{n}" "172.21.200.{}""#, n + 1);
    }
    text += "}\n";
    for n in 0..edges {
        let via = if vips == 0 { "nodes".to_owned() } else { format!("v{}", n % vips) };
        let _ = writeln!(
            text,
            r#"nginx "edge{n}" version="1.26.3" on="b" {{
                attach "nb"
                stream "a" port=7000 to="lb/amqp" via="{via}" {{ publish bind="0.0.0.0"; }}
                stream "b" port=8000 to="mq/amqp"
            }}"#
        );
    }
    text
}

#[test]
fn many_things_have_room() {
    for (brokers, edges, vips) in [(1, 0, 0), (1, 0, 1), (100, 2, 1), (7, 40, 30), (13, 1, 60)] {
        let picture = drawn(&many(brokers, edges, vips));
        assert_eq!(judge(&picture), Ok(()), "{brokers} brokers, {edges} edges, {vips} VIPs");
        assert!(picture.w < 2400, "wide things are wrapped: {}", picture.w);
    }
}

#[test]
fn nothing_at_all_has_a_picture() {
    assert_eq!(judge(&drawn("topology \"t\"")), Ok(()));
    assert_eq!(judge(&drawn("topology \"t\"\nhost \"h\" address=\"10.0.0.1\"")), Ok(()));
}

/// nginxes here and there, each leading to two before it: chains, forks, hosts that need each other.
fn woven(hosts: usize, steps: &[(usize, usize, usize, bool, usize)]) -> String {
    let mut text = String::from("topology \"t\"\nsecret \"c\" generate=32\n");
    for n in 0..hosts {
        let _ = writeln!(text, r#"host "h{n}" address="10.0.0.{}""#, n + 1);
        let _ = writeln!(text, r#"network "n{n}" on="h{n}" subnet="172.{}.0.0/16""#, 20 + n);
    }
    text += r#"
        rabbitmq "mq" version="3.13.7" on="h0" cookie="c" { attach "n0"; node "mq1"; }
        nginx "e0" version="1.26.3" on="h0" { attach "n0"; stream "s" port=79 to="mq/amqp"; }
    "#;
    for (n, (host, to, nodes, publish, second)) in steps.iter().enumerate() {
        let (host, e) = (host % hosts, n + 1);
        let attach = if n % 5 == 4 { String::new() } else { format!("attach \"n{host}\"") };
        let _ = writeln!(text, r#"nginx "e{e}" version="1.26.3" on="h{host}" {{ {attach}"#);
        for node in 0..*nodes {
            let _ = writeln!(text, r#"node "e{e}-{node}""#);
        }
        let publish = if *publish { r#"{ publish bind="0.0.0.0"; }"# } else { "" };
        let _ = writeln!(text, r#"stream "s" port=80 to="e{}/s" {publish}"#, to % e);
        let _ = writeln!(text, r#"stream "another-long-name" port=81 to="e{}/s"; }}"#, second % e);
    }
    text
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn whatever_leads_wherever(
        hosts in 1..5_usize,
        steps in proptest::collection::vec((0..5_usize, 0..40_usize, 0..4_usize, any::<bool>(), 0..40_usize), 0..24),
    ) {
        let picture = drawn(&woven(hosts, &steps));
        prop_assert_eq!(judge(&picture), Ok(()));
    }
}
