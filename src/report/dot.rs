use std::collections::{BTreeMap, BTreeSet};
use std::fmt::{Display, Write};

use petgraph::visit::EdgeRef;

use crate::derive::graph::{Edge, Graph, Vertex};
use crate::system::{Fact, Id, ListenClaim, System, Unit};

/// The cluster as a DOT graph: a box around each host, networks as ellipses, units as boxes, virtual addresses as
/// octagons; edges say where somebody is attached, whom he hands connections to, and what is published.
#[must_use]
pub fn dot(system: &System, graph: &Graph) -> String {
    let mut out = String::new();
    let _ = writeln!(out, "digraph {} {{", quote(&system.name.value));
    out.push_str("  rankdir=LR;\n  compound=true;\n  node [fontname=\"sans-serif\"];\n  edge [fontname=\"sans-serif\", fontsize=10];\n");
    boxes(system, graph, &mut out);
    for edge in graph.graph.edge_references() {
        if let (Some(from), Some(to)) = (graph.graph.node_weight(edge.source()), graph.graph.node_weight(edge.target()))
        {
            draw(system, *edge.weight(), *from, *to, &mut out);
        }
    }
    out.push_str("}\n");
    out
}

/// Vertices, host by host. A virtual address stands in the box of its network's host.
fn boxes(system: &System, graph: &Graph, out: &mut String) {
    let mut inside: BTreeMap<usize, Vec<Vertex>> = BTreeMap::new();
    for vertex in graph.graph.node_weights() {
        let host = match vertex {
            Vertex::Host(id) => Some(*id),
            Vertex::Segment(id) | Vertex::Vip(_, id) => system.segments[*id].host(),
            Vertex::Unit(id) => Some(system.units[*id].host),
            Vertex::Listen(_) => continue,
        };
        inside.entry(host.map_or(usize::MAX, Id::index)).or_default().push(*vertex);
    }
    let mut ports: BTreeMap<Id<Unit>, Vec<&ListenClaim>> = BTreeMap::new();
    for listen in system.listens.values() {
        ports.entry(listen.unit).or_default().push(listen);
    }
    let published: BTreeSet<_> = system.publishes.values().map(|publish| publish.host).collect();
    for (id, host) in system.hosts.iter() {
        let label = format!("{}\n{}", host.name.value, shown(&host.address));
        let _ = writeln!(out, "  subgraph cluster_h{} {{\n    label={};", id.index(), quote(&label));
        for vertex in inside.get(&id.index()).into_iter().flatten() {
            let (shape, label) = match vertex {
                // The host's own ports: where published edges begin. Without any, a point keeps the box from vanishing.
                Vertex::Host(id) if published.contains(id) => ("cds", "published ports".to_owned()),
                Vertex::Host(_) => ("point, style=invis", String::new()),
                Vertex::Segment(id) => {
                    let segment = &system.segments[*id];
                    ("ellipse", format!("{}\n{}", segment.name.value, shown(&segment.subnet)))
                }
                Vertex::Vip(ip, _) => ("octagon", format!("VIP {ip}")),
                Vertex::Unit(id) => {
                    let unit = &system.units[*id];
                    let component = &system.components[unit.component];
                    let version = shown(&component.release.version);
                    let mut label = format!("{}\n{} {version}", unit.name.value, component.program.word());
                    for listen in ports.get(id).into_iter().flatten() {
                        let _ = write!(label, "\n{} :{}", listen.name, shown(&listen.port));
                    }
                    ("box", label)
                }
                Vertex::Listen(_) => continue,
            };
            let _ = writeln!(out, "    {} [shape={shape}, label={}];", name(system, *vertex), quote(&label));
        }
        out.push_str("  }\n");
    }
}

fn draw(system: &System, edge: Edge, from: Vertex, to: Vertex, out: &mut String) {
    let (label, style) = match edge {
        Edge::Runs | Edge::Serves => return,
        Edge::Attach(id) => (shown(&system.addresses[id].ip), "dir=none, style=dotted"),
        Edge::Held(id) => (format!("priority {}", shown(&system.vrrps[id].priority)), "style=dashed"),
        Edge::Forward(id) => {
            let forward = &system.forwards[id];
            match forward.listen.map(|listen| &system.listens[listen]) {
                Some(from) => (format!("{} :{} → {}", from.name, shown(&from.port), forward.to.value), ""),
                None => (format!("→ {}", forward.to.value), ""),
            }
        }
        Edge::Publish(id) => {
            let publish = &system.publishes[id];
            let port = &system.listens[publish.listen].port;
            (format!("{}:{} → :{}", shown(&publish.bind), shown(&publish.port), shown(port)), "color=gray")
        }
    };
    let comma = if style.is_empty() { "" } else { ", " };
    let _ = writeln!(out, "  {} -> {} [label={}{comma}{style}];", name(system, from), name(system, to), quote(&label));
}

/// A name in DOT: made from numbers alone, whatever the things are called. A port is drawn as a part of its unit.
fn name(system: &System, vertex: Vertex) -> String {
    match vertex {
        Vertex::Host(id) => format!("h{}", id.index()),
        Vertex::Segment(id) => format!("n{}", id.index()),
        Vertex::Unit(id) => format!("u{}", id.index()),
        Vertex::Listen(id) => format!("u{}", system.listens[id].unit.index()),
        Vertex::Vip(ip, id) => format!("v{}_{}", id.index(), u32::from(ip)),
    }
}

fn shown<T: Display>(fact: &Fact<T>) -> String {
    fact.known().map_or_else(|| "?".to_owned(), ToString::to_string)
}

/// A quoted string: DOT reads backslashes and, in labels, HTML entities too.
fn quote(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for c in text.chars() {
        match c {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '&' => quoted.push_str("&amp;"),
            '\n' => quoted.push_str("\\n"),
            c => quoted.push(super::clean::substitute(c, false).unwrap_or(c)),
        }
    }
    quoted.push('"');
    quoted
}
