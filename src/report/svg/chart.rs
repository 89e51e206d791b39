use std::collections::{BTreeMap, BTreeSet};

use super::super::scene::Kind;
use super::rows::{columns, rows};
use super::tracks::tracks;

/// Room between two things of a row.
pub(super) const GAP: i64 = 28;
/// Distance of lines that run beside each other.
const TRACK: i64 = 12;
/// Room above the lines between two rows, and below them: an arrow's head stands there.
const ABOVE: i64 = 12;
const BELOW: i64 = 18;
/// Room between the middles of two ends of lines on one thing.
const APART: i64 = 24;
/// How far a line's beginning steps aside from the end of another one below it: less than half of what two beginnings are apart.
const ASIDE: i64 = 5;
/// Distance of the places at which lines may leave or enter a host.
pub(super) const GRID: i64 = 24;

/// One of the things to be placed.
pub(super) struct Item {
    pub(super) w: i64,
    pub(super) h: i64,
    /// Things of a later layer stand lower.
    pub(super) layer: usize,
    /// Whether it is the leftmost of its layer.
    pub(super) first: bool,
    /// Where it has to stand for lines that go on beyond the chart: a point, from its left, and the rest of that when
    /// divided by [`GRID`].
    pub(super) grid: Option<(i64, i64)>,
}

/// One line to be drawn between two things.
#[derive(Clone, Copy)]
pub(super) struct Link {
    pub(super) from: usize,
    pub(super) to: usize,
    pub(super) kind: Kind,
    /// Size of the text beside its beginning.
    pub(super) label: (i64, i64),
    /// Where it leaves the lower edge and arrives at the upper one, from the left; `None`: anywhere.
    pub(super) from_x: Option<i64>,
    pub(super) to_x: Option<i64>,
}

/// Things at their places, and a way for each line that meets none of them.
#[derive(Default)]
pub(super) struct Chart {
    pub(super) w: i64,
    pub(super) h: i64,
    /// Left upper corners.
    pub(super) places: Vec<(i64, i64)>,
    /// Corners of each line, from its beginning to its end.
    pub(super) ways: Vec<Vec<(i64, i64)>>,
}

/// Width that a thing needs below, so that the labels of `links` stand beside their lines.
pub(super) fn room(labels: &[(i64, i64)]) -> i64 {
    match labels {
        [] => 0,
        // Its line leaves in the middle.
        [(width, _)] => 2 * (width + 12),
        several => several.iter().map(slot).sum::<i64>() + APART,
    }
}

fn slot(label: &(i64, i64)) -> i64 {
    if label.0 > 0 { label.0 + 24 } else { APART / 2 }
}

/// Lines with one end, which they reach together.
struct Bundle {
    to: usize,
    /// Where they arrive.
    end: i64,
    /// The lane beside all rows, for those that come from another row than the one above.
    lane: Option<i64>,
    /// For those: the first and the last space between rows that they meet there, and how far to the right they are, as
    /// the sum and the number of their ends.
    span: Option<(usize, usize)>,
    weight: (i64, i64),
}

/// Places things in rows, and draws the lines: between rows straight, along the space between two rows and down again,
/// and past rows on lanes beside them. So no line can meet a thing.
pub(super) fn arrange(items: &[Item], links: &[Link], width: i64) -> Chart {
    if items.is_empty() {
        return Chart::default();
    }
    let rows = rows(items, links, width);
    let mut row_of = vec![0; items.len()];
    for (number, row) in rows.iter().enumerate() {
        for n in row {
            row_of[*n] = number;
        }
    }
    let mut left = columns(&rows, items, links, &row_of);
    for (left, item) in left.iter_mut().zip(items) {
        if let Some((point, rest)) = item.grid {
            *left -= (*left + point - rest).rem_euclid(GRID);
        }
    }
    let passes = |link: &Link| row_of[link.from] + 1 != row_of[link.to];
    let (mut bundles, bundle_of) = bundles(items, links, &left);
    for (link, bundle) in links.iter().zip(&bundle_of) {
        if passes(link) {
            let (a, b) = (row_of[link.from] + 1, row_of[link.to]);
            let bundle = &mut bundles[*bundle];
            let (first, last) = bundle.span.unwrap_or((a, b));
            bundle.span = Some((first.min(a).min(b), last.max(a).max(b)));
            bundle.weight.0 += left[link.from] + items[link.from].w / 2 + bundle.end;
            bundle.weight.1 += 2;
        }
    }
    let edge = |n: usize| left[n] + items[n].w;
    let mut min = left.iter().copied().min().unwrap_or_default();
    let mut max = (0..items.len()).map(edge).max().unwrap_or_default();
    lanes(&mut bundles, &mut min, &mut max);
    // Beyond the chart the grid is the same.
    min = min.div_euclid(GRID) * GRID;

    let starts = starts(items, links, &left, &row_of, &bundles, &bundle_of);
    // For each space between rows (number 0 is above the first one) and each bundle in it, from where to where.
    let mut spaces: Vec<BTreeMap<usize, (i64, i64)>> = vec![BTreeMap::new(); rows.len() + 1];
    let mut meet = |space: usize, bundle: usize, a: i64, b: i64| {
        let reach = spaces[space].entry(bundle).or_insert((a, a));
        *reach = (reach.0.min(a).min(b), reach.1.max(a).max(b));
    };
    for ((link, bundle), start) in links.iter().zip(&bundle_of).zip(&starts) {
        let (above, below) = (row_of[link.from] + 1, row_of[link.to]);
        let end = bundles[*bundle].end;
        match bundles[*bundle].lane.filter(|_| passes(link)) {
            None => meet(below, *bundle, *start, end),
            Some(lane) => {
                meet(above, *bundle, *start, lane);
                meet(below, *bundle, lane, end);
            }
        }
    }
    let mut label = vec![0; items.len()];
    for link in links.iter().filter(|link| link.label.1 > 0) {
        label[link.from] = label[link.from].max(link.label.1 + 4);
    }
    let mut y = 0;
    let mut top = vec![0; rows.len()];
    let mut track_of: Vec<BTreeMap<usize, i64>> = Vec::with_capacity(spaces.len());
    for (number, space) in spaces.iter().enumerate() {
        let (lines, count) = tracks(space);
        let base = y + ABOVE;
        track_of.push(lines.into_iter().map(|(bundle, track)| (bundle, base + track * TRACK)).collect());
        if !space.is_empty() {
            y += ABOVE + count * TRACK + BELOW;
        } else if number > 0 && number < rows.len() {
            y += GAP;
        }
        if let Some(row) = rows.get(number) {
            top[number] = y;
            y += row.iter().map(|n| items[*n].h + label[*n]).max().unwrap_or_default();
        }
    }
    let track = |space: usize, bundle: usize| track_of[space].get(&bundle).copied().unwrap_or_default();
    let mut ways = Vec::with_capacity(links.len());
    for ((link, bundle), start) in links.iter().zip(&bundle_of).zip(&starts) {
        let (above, below) = (row_of[link.from] + 1, row_of[link.to]);
        let Bundle { end, lane, .. } = bundles[*bundle];
        let mut way = vec![(*start, top[above - 1] + items[link.from].h)];
        let mut turn = |space: usize, from: i64, to: i64| {
            if from != to {
                let y = track(space, *bundle);
                way.extend([(from, y), (to, y)]);
            }
        };
        match lane.filter(|_| passes(link)) {
            None => turn(below, *start, end),
            Some(lane) => {
                turn(above, *start, lane);
                turn(below, lane, end);
            }
        }
        way.push((end, top[below]));
        ways.push(way.into_iter().map(|(x, y)| (x - min, y)).collect());
    }
    let places = (0..items.len()).map(|n| (left[n] - min, top[row_of[n]])).collect();
    Chart { w: max - min, h: y, places, ways }
}

/// Lines that end at one place in one way, and to which bundle each belongs.
fn bundles(items: &[Item], links: &[Link], left: &[i64]) -> (Vec<Bundle>, Vec<usize>) {
    let mut ends: BTreeMap<usize, BTreeMap<(Option<i64>, Kind), usize>> = BTreeMap::new();
    for link in links {
        ends.entry(link.to).or_default().insert((link.to_x, link.kind), 0);
    }
    let mut bundles = Vec::new();
    for (to, ends) in &mut ends {
        let mut free = 0..;
        for ((given, _), bundle) in ends {
            // The first kind, which says most, arrives in the middle; the others right and left of it in turn.
            let end = given.unwrap_or_else(|| {
                let n: i64 = free.next().unwrap_or_default();
                let away = (n + 1) / 2 * APART;
                items[*to].w / 2 + if n % 2 == 1 { away } else { -away }
            });
            let end = left[*to] + end;
            *bundle = bundles.len();
            bundles.push(Bundle { to: *to, end, lane: None, span: None, weight: (0, 0) });
        }
    }
    let bundle_of = links.iter().map(|link| ends[&link.to][&(link.to_x, link.kind)]).collect();
    (bundles, bundle_of)
}

/// Gives a lane to each bundle that passes rows: left or right of all of them, whatever is nearer. Bundles that never
/// meet share one.
fn lanes(bundles: &mut [Bundle], min: &mut i64, max: &mut i64) {
    let middle = i64::midpoint(*min, *max);
    let is_left = |bundle: &Bundle| bundle.weight.0 < middle * bundle.weight.1;
    for left in [true, false] {
        let on_side = |bundle: &Bundle| bundle.span.filter(|_| is_left(bundle) == left);
        let reach = |(first, last): (usize, usize)| {
            let of = |space: usize| i64::try_from(space).unwrap_or(i64::MAX / 2) * 2 * TRACK;
            (of(first), of(last) + 1)
        };
        let spans: BTreeMap<usize, (i64, i64)> =
            bundles.iter().enumerate().filter_map(|(n, bundle)| Some((n, reach(on_side(bundle)?)))).collect();
        let (lanes, count) = tracks(&spans);
        for (n, lane) in lanes {
            let away = APART + lane * TRACK;
            bundles[n].lane = Some(if left { *min - away } else { *max + away });
        }
        if count > 0 {
            let room = APART + (count - 1) * TRACK;
            if left {
                *min -= room;
            } else {
                *max += room;
            }
        }
    }
}

/// Where each line begins: in the order in which their ways part, so that they cross little.
fn starts(
    items: &[Item],
    links: &[Link],
    left: &[i64],
    row_of: &[usize],
    bundles: &[Bundle],
    bundle_of: &[usize],
) -> Vec<i64> {
    // Ends below each space: a line that comes down there must not run into another's last step.
    let mut ends: Vec<BTreeMap<i64, usize>> = vec![BTreeMap::new(); row_of.iter().max().map_or(0, |row| row + 2)];
    for (n, bundle) in bundles.iter().enumerate() {
        ends[row_of[bundle.to]].insert(bundle.end, n);
    }
    let mut of_item: BTreeMap<usize, BTreeSet<(i64, usize)>> = BTreeMap::new();
    for (n, link) in links.iter().enumerate() {
        let bundle = &bundles[bundle_of[n]];
        let passes = row_of[link.from] + 1 != row_of[link.to];
        let aim = bundle.lane.filter(|_| passes).unwrap_or(bundle.end);
        of_item.entry(link.from).or_default().insert((aim, n));
    }
    let mut starts = vec![0; links.len()];
    for (item, own) in of_item {
        let middle = left[item] + items[item].w / 2;
        let total: i64 = own.iter().map(|(_, n)| slot(&links[*n].label)).sum();
        let mut at = middle - total / 2;
        for (_, n) in &own {
            let slot = slot(&links[*n].label);
            let free = if own.len() == 1 { middle } else { at + 6 };
            at += slot;
            let mut start = links[*n].from_x.map_or(free, |x| left[item] + x);
            let near = |start: i64| {
                ends[row_of[item] + 1].range(start - 4..=start + 4).any(|(_, bundle)| *bundle != bundle_of[*n])
            };
            if links[*n].from_x.is_none() && near(start) {
                start += if near(start + ASIDE) { -ASIDE } else { ASIDE };
            }
            starts[*n] = start;
        }
    }
    starts
}
