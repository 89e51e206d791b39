use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use crate::derive::Derived;
use crate::system::{Id, Segment, System, Unit};

use super::scene::{End, Kind, Scene, shown};

/// The cluster as a Mermaid flowchart, for wikis that draw them: a subgraph around each host, in it networks, published
/// ports, virtual addresses, and a subgraph around the containers of each component.
///
/// Mermaid refuses a chart of more than 500 edges; units of one component share theirs.
#[must_use]
pub fn mermaid(system: &System, derived: &Derived) -> String {
    let scene = Scene::of(system, derived);
    let (inside, segments) = (scene.by_host(), scene.segments());
    let mut out = String::from("flowchart TB\n");
    for (host, claim) in system.hosts.iter() {
        // Mermaid keeps room for one line above what is in a subgraph.
        let label = [format!("{}, {}", claim.name.value, shown(&claim.address))];
        let _ = writeln!(out, "  subgraph h{}[{}]", host.index(), quote(&label));
        for id in segments[host.index()].iter().filter(|id| system.segments[**id].host().is_some()) {
            network(system, *id, "    ", &mut out);
        }
        for end in &inside[host.index()] {
            thing(&scene, *end, &mut out);
        }
        out.push_str("  end\n");
    }
    for (id, _) in system.segments.iter().filter(|(_, segment)| segment.host().is_none()) {
        network(system, id, "  ", &mut out);
    }
    for arrow in &scene.arrows {
        let (from, to) = (name(arrow.from), name(arrow.to));
        let line = match arrow.kind {
            Kind::Forward | Kind::Published => "-->",
            Kind::Held | Kind::NoWay => "-.->",
        };
        let mut labels = arrow.labels.clone();
        match arrow.kind {
            Kind::Held => labels.push("held by".to_owned()),
            Kind::NoWay => labels.push("no way".to_owned()),
            Kind::Forward | Kind::Published => {}
        }
        let label = if labels.is_empty() { String::new() } else { format!("|{}|", quote(&labels)) };
        let _ = writeln!(out, "  {from} {line}{label} {to}");
    }
    attachments(&scene, &mut out);
    out
}

fn network(system: &System, id: Id<Segment>, indent: &str, out: &mut String) {
    let segment = &system.segments[id];
    let label = [format!("network {}", segment.name.value), shown(&segment.subnet)];
    let _ = writeln!(out, "{indent}n{}([{}])", id.index(), quote(&label));
}

fn thing(scene: &Scene<'_>, end: End, out: &mut String) {
    let system = scene.system;
    let name = name(end);
    match end {
        End::Door(index) => {
            let door = &scene.doors[index];
            let mut label = vec![if door.outward { "published" } else { "published on this host" }.to_owned()];
            label.extend(door.publishes.iter().map(|publish| {
                let (at, to) = scene.publish(*publish);
                format!("{at} → {to}")
            }));
            let _ = writeln!(out, "    {name}[/{}\\]", quote(&label));
        }
        End::Vip(index) => {
            let vip = &scene.vips[index];
            let mut label = vec![format!("VIP {}", vip.ip)];
            label.extend(scene.holders(vip));
            let _ = writeln!(out, "    {name}{{{{{}}}}}", quote(&label));
        }
        End::Crew(index) => {
            let crew = &scene.crews[index];
            let (program, image) = scene.runs(crew);
            let mut label = format!("{}, {program}", system.components[crew.component].name.value);
            if let Some(image) = image {
                let _ = write!(label, ", {image}");
            }
            let _ = writeln!(out, "    subgraph {name}[{}]", quote(&[label]));
            let (ports, own) = scene.listens(crew);
            for (unit, own) in crew.units.iter().zip(own) {
                let claim = &system.units[*unit];
                let mut label = vec![claim.name.value.clone(), program.clone()];
                label.extend(claim.addresses.iter().map(|id| shown(&system.addresses[*id].ip)));
                label.extend(ports.iter().cloned().chain(own));
                let _ = writeln!(out, "      u{}[{}]", unit.index(), quote(&label));
            }
            out.push_str("    end\n");
        }
    }
}

/// A dotted line from each network to each frame that has somebody on it, labelled where that is not everybody.
fn attachments(scene: &Scene<'_>, out: &mut String) {
    let system = scene.system;
    for (index, crew) in scene.crews.iter().enumerate() {
        let mut on: BTreeMap<Id<Segment>, BTreeSet<Id<Unit>>> = BTreeMap::new();
        for unit in &crew.units {
            for address in &system.units[*unit].addresses {
                on.entry(system.addresses[*address].segment).or_default().insert(*unit);
            }
        }
        for (segment, units) in on {
            let all = units.len() == crew.units.len();
            let label = if all { String::new() } else { format!("|{}|", quote(&[scene.names(&units)])) };
            let _ = writeln!(out, "  {} -.-{label} n{}", name(End::Crew(index)), segment.index());
        }
    }
    for (index, vip) in scene.vips.iter().enumerate() {
        let _ = writeln!(out, "  {} -.- n{}", name(End::Vip(index)), vip.segment.index());
    }
}

/// A name in Mermaid: made from numbers alone, whatever the things are called.
fn name(end: End) -> String {
    match end {
        End::Door(index) => format!("p{index}"),
        End::Vip(index) => format!("ip{index}"),
        End::Crew(index) => format!("c{index}"),
    }
}

/// A quoted label of several lines. What could end the string, begin an entity, markdown, HTML, a formula or a directive
/// is written as the number of its character.
fn quote(lines: &[String]) -> String {
    let mut quoted = String::from("\"");
    for (n, line) in lines.iter().enumerate() {
        if n > 0 {
            quoted.push_str("<br/>");
        }
        for c in line.chars() {
            let c = super::clean::substitute(c, false).unwrap_or(c);
            if c.is_ascii_alphanumeric() || matches!(c, ' ' | '.' | ',' | ':' | '/' | '-') || !c.is_ascii() {
                quoted.push(c);
            } else {
                let _ = write!(quoted, "#{};", u32::from(c));
            }
        }
    }
    quoted.push('"');
    // Behind these words Mermaid takes the `;` off an entity of the same line.
    quoted.replace("style", "#115;tyle").replace("classDef", "#99;lassDef")
}
