use std::collections::{BTreeMap, BTreeSet};

use crate::system::{Host, Id, Segment};

use super::super::scene::{End, Kind, Scene};
use super::block::Block;
use super::chart::{Chart, GAP, GRID, Item, Link, arrange, room};
use super::layers::layers;
use super::text::Type;
use super::things;

/// Width that the rows of a host may take.
const WIDTH: i64 = 1100;
/// Wider than this, not everything that belongs at a host's upper edge stands there.
const CROWDED: i64 = 1500;
/// Room between a host's frame and what is in it, but for its published ports.
const MARGIN: i64 = GRID;
/// Width of a line's place at the edge of a host.
const PLACE: i64 = 16;
/// Where more lines than this begin, they have no labels: their ports are told in the boxes.
const LABELLED: usize = 6;
/// Lines of one label; the rest is counted.
const LINES: usize = 6;

/// A host with all that is in it, and where lines from and to other hosts meet its frame.
pub(super) struct Inside {
    pub(super) w: i64,
    pub(super) h: i64,
    /// Blocks and their left upper corners.
    pub(super) blocks: Vec<(i64, i64, Block)>,
    /// The lines, with the arrows that they are parts of.
    pub(super) wires: Vec<(Vec<(i64, i64)>, Piece)>,
    /// From the left, where lines to a thing elsewhere leave at the lower edge.
    pub(super) leave: BTreeMap<(End, Kind), i64>,
    /// From the left, where lines to a thing in here arrive at the upper edge; and whether they are there already.
    pub(super) arrive: BTreeMap<(End, Kind), (i64, bool)>,
}

/// What a line is in the picture.
pub(super) struct Piece {
    /// Index of its arrow.
    pub(super) arrow: usize,
    pub(super) label: Vec<String>,
    /// Whether the arrow ends here.
    pub(super) head: bool,
}

/// Arrows by what they are for one host, each by its index.
#[derive(Default)]
pub(super) struct Around {
    /// Both ends are in it.
    pub(super) within: Vec<usize>,
    /// They begin here and end elsewhere.
    pub(super) out: Vec<usize>,
    /// They end here and begin elsewhere.
    pub(super) into: Vec<usize>,
}

pub(super) fn inside(
    scene: &Scene<'_>,
    host: Id<Host>,
    ends: &[End],
    segments: &[Id<Segment>],
    around: &Around,
) -> Inside {
    let mut blocks = vec![things::host(scene, host, segments)];
    blocks.extend(ends.iter().map(|end| match end {
        End::Door(index) => things::door(scene, &scene.doors[*index]),
        End::Vip(index) => things::vip(scene, &scene.vips[*index]),
        End::Crew(index) => things::crew(scene, &scene.crews[*index]),
    }));
    let item_of: BTreeMap<End, usize> = ends.iter().enumerate().map(|(n, end)| (*end, n + 1)).collect();
    let labels = labels(scene, around, &item_of);
    let mut below: BTreeMap<usize, Vec<(i64, i64)>> = BTreeMap::new();
    for (arrow, lines) in &labels {
        below.entry(item_of[&scene.arrows[*arrow].from]).or_default().push(size(lines));
    }
    for (item, labels) in below {
        blocks[item].widen(room(&labels));
    }

    let levels = levels(scene, &blocks, ends, around, &item_of);
    let items = levels.items(&blocks);
    let mut links = Vec::new();
    let mut pieces = Vec::new();
    let mut link = |arrow: usize, from: usize, to: usize, label: Vec<String>, head: bool| {
        let kind = scene.arrows[arrow].kind;
        links.push(Link { from, to, kind, label: size(&label), from_x: None, to_x: None });
        pieces.push(Piece { arrow, label, head });
    };
    for index in around.within.iter().chain(&around.out) {
        let arrow = &scene.arrows[*index];
        let (from, leaves) = (item_of[&arrow.from], levels.leaving.get(&(arrow.to, arrow.kind)));
        let to = leaves.copied().unwrap_or_else(|| item_of[&arrow.to]);
        link(*index, from, to, labels[index].clone(), leaves.is_none());
    }
    let mut arrived = BTreeMap::new();
    for index in &around.into {
        let arrow = &scene.arrows[*index];
        arrived.entry((arrow.to, arrow.kind)).or_insert(*index);
    }
    for (key, place) in &levels.places {
        link(arrived[key], *place, item_of[&key.0], Vec::new(), true);
    }
    let Chart { w, h, places: corners, ways } = arrange(&items, &links, levels.width);
    let middle = |item: usize| corners[item].0 + items[item].w / 2 + MARGIN;
    Inside {
        w: w + 2 * MARGIN,
        h: if levels.leaving.is_empty() { h + MARGIN } else { h },
        leave: levels.leaving.iter().map(|(key, item)| (*key, middle(*item))).collect(),
        arrive: arrived
            .keys()
            .map(|key| {
                let place = levels.places.get(key);
                let x = middle(place.copied().unwrap_or_else(|| item_of[&key.0]));
                (*key, (x.div_euclid(GRID) * GRID + GRID / 2, place.is_none()))
            })
            .collect(),
        wires: ways
            .into_iter()
            .map(|way| way.into_iter().map(|(x, y)| (x + MARGIN, y)).collect())
            .zip(pieces)
            .collect(),
        blocks: blocks.into_iter().zip(&corners).map(|(block, (x, y))| (x + MARGIN, *y, block)).collect(),
    }
}

/// The layers of what is drawn in a host: its blocks, then places at its upper edge, then places at its lower edge.
struct Levels {
    layer_of: Vec<usize>,
    /// For what leads from elsewhere to a thing that does not stand at the upper edge itself.
    places: BTreeMap<(End, Kind), usize>,
    /// For what leads to a thing elsewhere.
    leaving: BTreeMap<(End, Kind), usize>,
    /// Width for the rows.
    width: i64,
}

fn levels(
    scene: &Scene<'_>,
    blocks: &[Block],
    ends: &[End],
    around: &Around,
    item_of: &BTreeMap<End, usize>,
) -> Levels {
    let ends_of = |arrow: &usize| (item_of[&scene.arrows[*arrow].from], item_of[&scene.arrows[*arrow].to]);
    let within: Vec<(usize, usize)> = around.within.iter().map(ends_of).collect();
    let mut layer_of = layers(&first_layers(ends), within.iter().copied());
    sink(scene, ends, &within, &mut layer_of);
    let edge: i64 =
        blocks.iter().zip(&layer_of).filter(|(_, layer)| **layer == 0).map(|(block, _)| block.w + GAP).sum();
    let into: BTreeSet<End> = around.into.iter().map(|arrow| scene.arrows[*arrow].to).collect();
    let width = edge + i64::try_from(into.len()).unwrap_or_default() * (PLACE + GAP);
    let crowded = width > CROWDED;
    let mut places = BTreeMap::new();
    for arrow in around.into.iter().map(|arrow| &scene.arrows[*arrow]) {
        if crowded || layer_of[item_of[&arrow.to]] > 0 {
            let next = blocks.len() + places.len();
            places.entry((arrow.to, arrow.kind)).or_insert(next);
        }
    }
    if crowded && !places.is_empty() {
        // The upper edge is for them alone.
        for layer in &mut layer_of {
            *layer += 1;
        }
    }
    let last = layer_of.iter().copied().max().unwrap_or_default() + 1;
    layer_of.resize(blocks.len() + places.len(), 0);
    let mut leaving = BTreeMap::new();
    for arrow in around.out.iter().map(|arrow| &scene.arrows[*arrow]) {
        leaving.entry((arrow.to, arrow.kind)).or_insert_with(|| {
            layer_of.push(last);
            layer_of.len() - 1
        });
    }
    Levels { layer_of, places, leaving, width: if crowded { WIDTH } else { width.max(WIDTH) } }
}

impl Levels {
    fn items(&self, blocks: &[Block]) -> Vec<Item> {
        let upper = blocks.len() + self.places.len();
        let item = |(n, layer): (usize, &usize)| {
            if let Some(block) = blocks.get(n) {
                return Item { w: block.w, h: block.h, layer: *layer, first: n == 0, grid: None };
            }
            // What arrives from elsewhere and what leaves never stand over each other.
            let rest = if n < upper { GRID / 2 } else { 0 };
            Item { w: PLACE, h: 0, layer: *layer, first: false, grid: Some((PLACE / 2, rest)) }
        };
        self.layer_of.iter().enumerate().map(item).collect()
    }
}

/// The first layer that is allowed for the host's name, which is item 0, and for each thing: only what is published stands
/// at the upper edge.
fn first_layers(ends: &[End]) -> Vec<usize> {
    std::iter::once(0).chain(ends.iter().map(|end| usize::from(!matches!(end, End::Door(_))))).collect()
}

/// What nothing in here leads to stands right above what it leads to itself, unless it is there for other machines.
fn sink(scene: &Scene<'_>, ends: &[End], links: &[(usize, usize)], layer_of: &mut [usize]) {
    let mut next: Vec<Option<usize>> = vec![None; layer_of.len()];
    let mut reached = vec![false; layer_of.len()];
    for (from, to) in links {
        reached[*to] = true;
        next[*from] = Some(next[*from].map_or(layer_of[*to], |next| next.min(layer_of[*to])));
    }
    for (n, end) in (1..).zip(ends) {
        let may = match end {
            End::Door(index) => !scene.doors[*index].outward,
            End::Vip(_) => true,
            End::Crew(_) => false,
        };
        if let Some(next) = next[n].filter(|_| may && !reached[n]) {
            layer_of[n] = layer_of[n].max(next.saturating_sub(1));
        }
    }
}

/// What stands beside the beginnings of arrows in this host.
fn labels(scene: &Scene<'_>, around: &Around, item_of: &BTreeMap<End, usize>) -> BTreeMap<usize, Vec<String>> {
    let mut count = vec![0; item_of.len() + 1];
    let begin = || around.within.iter().chain(&around.out);
    for arrow in begin() {
        count[item_of[&scene.arrows[*arrow].from]] += 1;
    }
    let label = |index: &usize| {
        let arrow = &scene.arrows[*index];
        let mut lines = arrow.labels.clone();
        if lines.len() > LINES {
            let more = lines.len() - (LINES - 1);
            lines.truncate(LINES - 1);
            lines.push(format!("and {more} more"));
        }
        if arrow.kind == Kind::NoWay {
            lines.push("no way".to_owned());
        }
        if count[item_of[&arrow.from]] > LABELLED {
            lines.clear();
        }
        (*index, lines.iter().map(|line| super::text::shortened(line)).collect())
    };
    begin().map(label).collect()
}

fn size(lines: &[String]) -> (i64, i64) {
    let w = lines.iter().map(|line| Type::Quiet.width(line)).max().unwrap_or_default();
    (w, i64::try_from(lines.len()).unwrap_or_default() * Type::Quiet.line())
}
