use super::super::scene::Kind;
use super::chart::{GAP, Item, Link};

/// Sorts things into rows, each of them at most `width` wide where it has more than one: a layer is a row, or several.
/// Neighbours come to stand over each other.
pub(super) fn rows(items: &[Item], links: &[Link], width: i64) -> Vec<Vec<usize>> {
    let count = items.iter().map(|item| item.layer + 1).max().unwrap_or_default();
    let mut layers = vec![Vec::new(); count];
    for (n, item) in items.iter().enumerate() {
        layers[item.layer].push(n);
    }
    let mut before = vec![Vec::new(); items.len()];
    let mut behind = vec![Vec::new(); items.len()];
    for link in links {
        if items[link.from].layer < items[link.to].layer {
            before[link.to].push(link.from);
            behind[link.from].push(link.to);
        }
    }
    let mut at = vec![0_i64; items.len()];
    for layer in &layers {
        number(layer, &mut at);
    }
    // Few rounds do nearly all there is to do; down, up, down.
    for layer in layers.iter_mut().skip(1) {
        order(layer, items, &before, &mut at);
    }
    for layer in layers.iter_mut().rev() {
        order(layer, items, &behind, &mut at);
    }
    for layer in layers.iter_mut().skip(1) {
        order(layer, items, &before, &mut at);
    }
    layers.into_iter().flat_map(|layer| wrapped(layer, items, width)).collect()
}

/// Orders a layer by where the neighbours of each thing are on average; who has none stays near his place.
fn order(layer: &mut [usize], items: &[Item], neighbours: &[Vec<usize>], at: &mut [i64]) {
    layer.sort_by_cached_key(|n| {
        let near = &neighbours[*n];
        let sum: i64 = near.iter().map(|near| at[*near]).sum();
        let mean = i64::try_from(near.len()).ok().and_then(|count| sum.checked_div(count)).unwrap_or(at[*n]);
        (!items[*n].first, mean, at[*n], *n)
    });
    number(layer, at);
}

/// Places in a layer as parts of its length, so that layers of different lengths compare.
fn number(layer: &[usize], at: &mut [i64]) {
    const LENGTH: i64 = 1 << 20;
    let count = i64::try_from(layer.len()).unwrap_or(i64::MAX);
    for (place, n) in layer.iter().enumerate() {
        at[*n] = (2 * i64::try_from(place).unwrap_or_default() + 1) * LENGTH / (2 * count);
    }
}

fn wrapped(layer: Vec<usize>, items: &[Item], width: i64) -> Vec<Vec<usize>> {
    let mut rows = vec![Vec::new()];
    let mut used = 0;
    for n in layer {
        let more = items[n].w + GAP;
        // What has no height is a line's place at the edge of its host.
        if items[n].h > 0 && used + more > width + GAP && rows.last().is_some_and(|row| !row.is_empty()) {
            rows.push(Vec::new());
            used = 0;
        }
        used += more;
        if let Some(row) = rows.last_mut() {
            row.push(n);
        }
    }
    rows
}

/// The left edge of every thing: each as near below its neighbours in the row above as the others of its row allow, the
/// rest around the middle, which is 0.
pub(super) fn columns(rows: &[Vec<usize>], items: &[Item], links: &[Link], row_of: &[usize]) -> Vec<i64> {
    let mut above = vec![Vec::new(); items.len()];
    for link in links {
        if row_of[link.from] + 1 == row_of[link.to] {
            above[link.to].push(link);
        }
    }
    let mut left = vec![0_i64; items.len()];
    for (number, row) in rows.iter().enumerate() {
        let mut offsets = Vec::with_capacity(row.len());
        let mut offset = 0;
        for n in row {
            offsets.push(offset);
            offset += items[*n].w + GAP;
        }
        let start = -(offset - GAP) / 2;
        let wishes: Vec<Option<i64>> = row
            .iter()
            .zip(&offsets)
            .map(|(n, offset)| Some(wish(&above[*n], *n, items, &left)? - offset).filter(|_| number > 0))
            .collect();
        // Who wishes nothing goes with the others.
        let (sum, count) = wishes.iter().flatten().fold((0_i64, 0_i64), |(sum, count), wish| (sum + wish, count + 1));
        let others = sum.checked_div(count).unwrap_or(start);
        let weighed = wishes.iter().map(|wish| wish.map_or((others, 1), |wish| (wish, STRONG)));
        for ((n, offset), place) in row.iter().zip(&offsets).zip(rising(weighed)) {
            left[*n] = place + offset;
        }
    }
    left
}

/// How much more a wish weighs than none.
const STRONG: i64 = 1000;

/// Where a thing would stand straight below those that lead to it. Published ports count only where they are all.
fn wish(above: &[&Link], n: usize, items: &[Item], left: &[i64]) -> Option<i64> {
    let lines = |published: bool| {
        let some = above.iter().filter(move |link| (link.kind == Kind::Published) == published);
        let place = |link: &&&Link| {
            let from = left[link.from] + link.from_x.unwrap_or(items[link.from].w / 2);
            from - link.to_x.unwrap_or(items[n].w / 2)
        };
        let (sum, count) = some.fold((0_i64, 0_i64), |(sum, count), link| (sum + place(&link), count + 1));
        sum.checked_div(count)
    };
    lines(false).or_else(|| lines(true))
}

/// The numbers nearest to the wanted ones, each with its weight, of which none is smaller than the one before it (pool
/// adjacent violators).
fn rising(wanted: impl Iterator<Item = (i64, i64)>) -> Vec<i64> {
    /// The sum, the weight and the number of those that share a place.
    type Pool = (i64, i64, usize);
    let mut pools: Vec<Pool> = Vec::new();
    let mean = |pool: &Pool| pool.0.div_euclid(pool.1);
    for (number, weight) in wanted {
        let mut pool = (number.saturating_mul(weight), weight, 1);
        while let Some(last) = pools.pop_if(|last| mean(last) >= mean(&pool)) {
            pool = (last.0.saturating_add(pool.0), last.1 + pool.1, last.2 + pool.2);
        }
        pools.push(pool);
    }
    pools.iter().flat_map(|pool| std::iter::repeat_n(mean(pool), pool.2)).collect()
}

#[cfg(test)]
mod tests {
    use super::rising;

    #[test]
    fn rising_is_nearest() {
        let of = |wanted: &[i64]| rising(wanted.iter().map(|wanted| (*wanted, 1)));
        assert_eq!(of(&[1, 2, 3]), [1, 2, 3]);
        assert_eq!(of(&[3, 1]), [2, 2]);
        assert_eq!(of(&[0, 9, 3, 3, 20]), [0, 5, 5, 5, 20]);
        assert_eq!(of(&[]), [0_i64; 0]);
        assert_eq!(rising([(4, 3), (0, 1)].into_iter()), [3, 3]);
    }
}
