use std::collections::BTreeMap;

use super::super::scene::{End, Kind, Scene};
use super::block::{Block, Rect};
use super::chart::{Chart, Item, Link, arrange};
use super::hosts::{Around, inside};
use super::layers::layers;
use super::text::{Type, shortened};

/// Room around everything.
const MARGIN: i64 = 24;
/// Width that hosts beside each other may take.
const WIDTH: i64 = 1500;
/// Room for the topology's name.
const HEAD: i64 = 44;

/// Everything at its place.
pub(super) struct Picture {
    pub(super) w: i64,
    pub(super) h: i64,
    pub(super) name: String,
    pub(super) hosts: Vec<(Rect, String)>,
    /// Blocks and their left upper corners.
    pub(super) blocks: Vec<(i64, i64, Block)>,
    pub(super) wires: Vec<Wire>,
    /// The kinds of lines that there are, each with where its sample stands.
    pub(super) legend: Vec<(i64, i64, Kind)>,
}

/// One line.
pub(super) struct Wire {
    pub(super) way: Vec<(i64, i64)>,
    pub(super) kind: Kind,
    pub(super) label: Vec<String>,
    /// Whether an arrow's head stands at its end.
    pub(super) head: bool,
    pub(super) title: String,
}

pub(super) fn picture(scene: &Scene<'_>) -> Picture {
    let around = around(scene);
    let (ends, segments) = (scene.by_host(), scene.segments());
    let hosts: Vec<_> = scene
        .system
        .hosts
        .iter()
        .map(|(id, _)| inside(scene, id, &ends[id.index()], &segments[id.index()], &around[id.index()]))
        .collect();
    // One line from host to host for all that goes to one thing.
    let mut between: BTreeMap<(usize, End, Kind), usize> = BTreeMap::new();
    for (index, arrow) in scene.arrows.iter().enumerate() {
        let (from, to) = (scene.host(arrow.from), scene.host(arrow.to));
        if from != to {
            between.entry((from.index(), arrow.to, arrow.kind)).or_insert(index);
        }
    }
    let links: Vec<Link> = between
        .keys()
        .map(|(from, end, kind)| {
            let to = scene.host(*end).index();
            let key = (*end, *kind);
            let (from_x, to_x) = (hosts[*from].leave.get(&key).copied(), hosts[to].arrive.get(&key).map(|at| at.0));
            Link { from: *from, to, kind: *kind, label: (0, 0), from_x, to_x }
        })
        .collect();
    let layer_of = layers(&vec![0; hosts.len()], links.iter().map(|link| (link.from, link.to)));
    let items: Vec<Item> = hosts
        .iter()
        .zip(layer_of)
        .map(|(host, layer)| Item { w: host.w, h: host.h, layer, first: false, grid: Some((0, 0)) })
        .collect();
    let Chart { w, h, places, ways } = arrange(&items, &links, WIDTH);

    let name = shortened(&scene.system.name.value);
    let mut picture = Picture {
        w: (w + 2 * MARGIN).max(Type::Title.width(&name) + 2 * MARGIN),
        h: h + HEAD + 2 * MARGIN + 8,
        name,
        hosts: Vec::new(),
        blocks: Vec::new(),
        wires: Vec::new(),
        legend: Vec::new(),
    };
    let (left, top) = (MARGIN, MARGIN + HEAD);
    let shifted = |way: Vec<(i64, i64)>, (dx, dy): (i64, i64)| way.into_iter().map(|(x, y)| (x + dx, y + dy)).collect();
    for (index, way) in between.values().zip(ways) {
        let arrow = &scene.arrows[*index];
        let there = &hosts[scene.host(arrow.to).index()].arrive;
        let head = there.get(&(arrow.to, arrow.kind)).is_some_and(|at| at.1);
        let title = self::title(scene, *index);
        picture.wires.push(Wire { way: shifted(way, (left, top)), kind: arrow.kind, label: Vec::new(), head, title });
    }
    for ((host, place), (id, claim)) in hosts.into_iter().zip(places).zip(scene.system.hosts.iter()) {
        let (x, y) = (place.0 + left, place.1 + top);
        let title = format!("Host {}", claim.name.value);
        debug_assert_eq!(id.index(), picture.hosts.len());
        picture.hosts.push((Rect { x, y, w: host.w, h: host.h }, title));
        picture.blocks.extend(host.blocks.into_iter().map(|(dx, dy, block)| (x + dx, y + dy, block)));
        for (way, piece) in host.wires {
            let title = self::title(scene, piece.arrow);
            let kind = scene.arrows[piece.arrow].kind;
            picture.wires.push(Wire { way: shifted(way, (x, y)), kind, label: piece.label, head: piece.head, title });
        }
    }
    legend(&mut picture);
    picture
}

/// For each host, the arrows in it, from it and to it.
fn around(scene: &Scene<'_>) -> Vec<Around> {
    let mut around: Vec<Around> = Vec::new();
    around.resize_with(scene.system.hosts.len(), Around::default);
    for (index, arrow) in scene.arrows.iter().enumerate() {
        let (from, to) = (scene.host(arrow.from).index(), scene.host(arrow.to).index());
        if from == to {
            around[from].within.push(index);
        } else {
            around[from].out.push(index);
            around[to].into.push(index);
        }
    }
    around
}

/// What a line says, in words.
fn title(scene: &Scene<'_>, index: usize) -> String {
    let arrow = &scene.arrows[index];
    let name = |end: End| match end {
        End::Door(index) => format!("published ports of {}", scene.system.hosts[scene.doors[index].host].name.value),
        End::Vip(index) => format!("VIP {}", scene.vips[index].ip),
        End::Crew(index) => scene.system.components[scene.crews[index].component].name.value.clone(),
    };
    let (from, to) = (name(arrow.from), name(arrow.to));
    match arrow.kind {
        Kind::Forward => format!("{from} hands connections on to {to} ({})", arrow.labels.join("; ")),
        Kind::NoWay => format!("{from} has no way to {to} ({})", arrow.labels.join("; ")),
        Kind::Held => format!("{from} can be held by {to}"),
        Kind::Published => format!("{from} lead to {to}"),
    }
}

/// Samples of the lines that there are, below everything.
fn legend(picture: &mut Picture) {
    let kinds: std::collections::BTreeSet<Kind> = picture.wires.iter().map(|wire| wire.kind).collect();
    let mut x = MARGIN;
    for kind in kinds {
        let width = SAMPLE + 8 + Type::Quiet.width(meaning(kind));
        if x > MARGIN && x + width > picture.w - MARGIN {
            x = MARGIN;
            picture.h += Type::Quiet.line() + 4;
        }
        picture.legend.push((x, picture.h - 8, kind));
        picture.w = picture.w.max(x + width + MARGIN);
        x += width + 24;
    }
    if !picture.legend.is_empty() {
        picture.h += 16;
    }
}

/// Length of a line in the legend.
pub(super) const SAMPLE: i64 = 34;

/// What a kind of lines means.
pub(super) const fn meaning(kind: Kind) -> &'static str {
    match kind {
        Kind::Forward => "hands connections on",
        Kind::NoWay => "should hand on, but there is no way",
        Kind::Held => "can be held by",
        Kind::Published => "published port",
    }
}
