use std::collections::BTreeSet;

/// A layer for each of `least.len()` things, such that links lead from earlier layers to later ones. `least` holds the
/// first layer that is allowed. Where links go in a circle, the thing that stands first in the list stays above the
/// others of its circle.
pub(super) fn layers(least: &[usize], links: impl Iterator<Item = (usize, usize)>) -> Vec<usize> {
    let mut next = vec![Vec::new(); least.len()];
    let mut waits = vec![0_usize; least.len()];
    for (from, to) in links.filter(|(from, to)| from != to) {
        next[from].push(to);
        waits[to] += 1;
    }
    let mut layers = least.to_vec();
    let mut ready: BTreeSet<usize> = (0..least.len()).filter(|thing| waits[*thing] == 0).collect();
    let mut rest: BTreeSet<usize> = (0..least.len()).collect();
    while let Some(thing) = ready.pop_first().or_else(|| rest.first().copied()) {
        rest.remove(&thing);
        for to in &next[thing] {
            waits[*to] -= 1;
            if rest.contains(to) {
                layers[*to] = layers[*to].max(layers[thing] + 1);
                if waits[*to] == 0 {
                    ready.insert(*to);
                }
            }
        }
    }
    layers
}

#[cfg(test)]
mod tests {
    use super::layers;

    fn of(least: &[usize], links: &[(usize, usize)]) -> Vec<usize> {
        layers(least, links.iter().copied())
    }

    #[test]
    fn the_longest_way_counts() {
        assert_eq!(of(&[0, 0, 0, 0], &[(0, 3), (0, 1), (1, 2), (2, 3)]), [0, 1, 2, 3]);
        assert_eq!(of(&[0, 1, 1], &[(0, 2)]), [0, 1, 1], "a layer that is not allowed is not taken");
        assert_eq!(of(&[], &[]), [0; 0]);
    }

    #[test]
    fn circles_end() {
        assert_eq!(of(&[0, 0, 0], &[(0, 1), (1, 2), (2, 0)]), [0, 1, 2]);
        assert_eq!(of(&[0, 0], &[(0, 0), (1, 0), (0, 1)]), [0, 1], "nor is a thing below itself");
        assert_eq!(of(&[0, 0, 0], &[(1, 2), (2, 1), (0, 1)]), [0, 1, 2]);
    }
}
