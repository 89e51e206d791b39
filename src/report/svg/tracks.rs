use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};

/// Room between two lines that share a track.
const APART: i64 = 16;

/// A track for each of these stretches, such that those on one track keep apart, and the number of tracks. A stretch of
/// no length (a straight line across) needs none.
pub(super) fn tracks(stretches: &BTreeMap<usize, (i64, i64)>) -> (BTreeMap<usize, i64>, i64) {
    let mut sorted: Vec<_> =
        stretches.iter().filter(|(_, (from, to))| from < to).map(|(n, (from, to))| (*from, *to, *n)).collect();
    sorted.sort_unstable();
    let mut track_of = BTreeMap::new();
    let mut busy: BinaryHeap<Reverse<(i64, i64)>> = BinaryHeap::new();
    let mut free: BinaryHeap<Reverse<i64>> = BinaryHeap::new();
    let mut count = 0;
    for (from, to, n) in sorted {
        while let Some(Reverse((until, track))) = busy.peek().copied() {
            if until + APART > from {
                break;
            }
            busy.pop();
            free.push(Reverse(track));
        }
        let track = free.pop().map_or_else(
            || {
                count += 1;
                count - 1
            },
            |Reverse(track)| track,
        );
        busy.push(Reverse((to, track)));
        track_of.insert(n, track);
    }
    (track_of, count)
}

#[cfg(test)]
mod tests {
    use super::tracks;

    #[test]
    fn stretches_on_one_track_keep_apart() {
        let stretches = [(0, 50), (10, 20), (60, 90), (66, 70), (5, 5)];
        let (tracks, count) = tracks(&stretches.into_iter().enumerate().collect());
        assert_eq!(count, 2);
        assert_eq!(tracks.into_iter().collect::<Vec<_>>(), [(0, 0), (1, 1), (2, 1), (3, 0)]);
    }
}
