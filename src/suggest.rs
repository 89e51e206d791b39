//! "Did you mean …?"

/// Nobody misspells a word of this length, and the distance costs the product of both lengths.
const LONGEST: usize = 64;

/// The candidate that was probably meant by `word`: the nearest, if it is near enough.
///
/// Distance counts insertions, deletions, replacements and swaps of neighbours; letter case counts for nothing. At most
/// a third of the characters may differ (one at least). Of several the first wins.
pub fn closest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    closest_within(word, candidates, LONGEST)
}

/// As [`closest`], of those that differ by `most` characters or fewer.
pub fn closest_within<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>, most: usize) -> Option<&'a str> {
    let length = word.chars().count();
    if length == 0 || length > LONGEST {
        return None;
    }
    let word = word.to_lowercase();
    let mut best: Option<(usize, &str)> = None;
    for candidate in candidates {
        let longer = candidate.chars().take(LONGEST + 1).count().max(length);
        let allowed = (longer / 3).max(1).min(most).min(best.map_or(LONGEST, |(distance, _)| distance - 1));
        if longer > LONGEST || candidate.chars().count().abs_diff(length) > allowed {
            continue;
        }
        let distance = strsim::osa_distance(&word, &candidate.to_lowercase());
        if distance == 0 {
            return Some(candidate);
        }
        if distance <= allowed && distance < longer {
            best = Some((distance, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_near_word_is_found_and_a_far_one_is_not() {
        let words = ["host", "network", "secret", "rabbitmq"];
        assert_eq!(closest("hots", words), Some("host"), "a swap is one step");
        assert_eq!(closest("rabitmq", words), Some("rabbitmq"));
        assert_eq!(closest("Secret", words), Some("secret"), "case counts for nothing");
        assert_eq!(closest("volume", words), None);
        assert_eq!(closest("", words), None);
        assert_eq!(closest("h", ["i"]), None, "nothing in common");
        assert_eq!(closest(&"host".repeat(50), words), None);
    }

    #[test]
    fn the_nearest_wins_not_the_first() {
        assert_eq!(closest("node2", ["node13", "node1", "node2x", "Node2"]), Some("Node2"));
        assert_eq!(closest("mq33", ["mq4", "mq3", "mq34"]), Some("mq3"));
    }
}
