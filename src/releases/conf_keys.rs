//! Which release accepts which key of rabbitmq.conf. The table is read when the first key is asked for, and a key is
//! found word by word, not by trying every pattern.

use std::fmt;
use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use crate::suggest::closest_within;
use crate::topology::Version;

use super::forms;

static TABLE: LazyLock<Table> = LazyLock::new(|| Table::read(include_str!("../../stdlib/releases/rabbitmq-conf.tsv")));

/// What is known of one key in one release.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ConfKey {
    /// The release accepts it.
    Accepted,
    /// Nothing certain is known: the releases looked at before and after differ, or nobody looked that far back.
    Open,
    /// The release does not accept it; these do.
    Refused(Takers),
    /// No release that was looked at accepts it.
    Unknown {
        /// Whether this release was looked at, itself or one before and one after it.
        certain: bool,
    },
    /// No release can read it as a key.
    Malformed,
}

/// What `version` makes of `key`.
///
/// A release between two that were looked at is judged where both agree. One newer than all of them lacks what the
/// whole last series lacks; what no release knows may be new there.
pub fn rabbitmq_conf_key(key: &str, version: Version) -> ConfKey {
    TABLE.ask(key, version)
}

/// The plugin whose key it is, on any release; `None` where it is the broker's own, or nobody's.
pub fn rabbitmq_conf_plugin(key: &str) -> Option<&'static str> {
    TABLE.find(key).map(|row| row.owner).filter(|owner| *owner != OWN)
}

/// The forms of which `value` is none, in words; `None` where the broker takes it, or where any text will do.
pub fn rabbitmq_conf_value(key: &str, value: &str) -> Option<String> {
    let forms = TABLE.find(key)?.forms;
    (!forms.is_empty() && !forms::has_any(forms, value)).then(|| forms::in_words(forms))
}

/// Keys that `version` accepts, one of which was probably meant by `key`: those that begin with it, a few at most, or
/// the one that looks like it.
pub fn near_conf_keys(key: &str, version: Version) -> Vec<String> {
    TABLE.near(key, version)
}

/// Releases that accept a key, as ranges; the second bound of the last one may be open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Takers(Vec<(Version, Option<Version>)>);

impl Takers {
    /// The first release after `version` that accepts it.
    pub fn after(&self, version: Version) -> Option<Version> {
        self.0.iter().map(|(from, _)| *from).find(|from| *from > version)
    }
}

impl fmt::Display for Takers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (n, (from, to)) in self.0.iter().enumerate() {
            f.write_str(match n {
                0 => "",
                n if n + 1 == self.0.len() => " and ",
                _ => ", ",
            })?;
            match to {
                None => write!(f, "{from} or newer")?,
                Some(to) if to == from => write!(f, "{from}")?,
                Some(to) => write!(f, "{from} to {to}")?,
            }
        }
        Ok(())
    }
}

/// A set of releases: bit n is the n-th of the table.
type Set = u64;

/// One row of the table.
#[derive(Clone, Copy)]
struct Row {
    /// `rabbit`, or the plugin whose key it is.
    owner: &'static str,
    accepted: Set,
    /// The forms that its value may have, separated by blanks; empty: any text.
    forms: &'static str,
}

impl Row {
    /// The broker's own key, not a plugin's.
    fn own(self) -> bool {
        self.owner == OWN
    }
}

/// Whose keys are the broker's own.
const OWN: &str = "rabbit";

/// A word of a key, and what can follow it.
#[derive(Default)]
struct Node {
    words: FxHashMap<&'static str, usize>,
    /// What follows any word.
    any: Option<usize>,
    row: Option<Row>,
}

struct Table {
    releases: Vec<Version>,
    /// Releases whose plugins were read.
    with_plugins: Set,
    /// Releases of the newest series.
    last_series: Set,
    /// A tree of words; the first is the root.
    nodes: Vec<Node>,
    keys: Vec<(&'static str, Set)>,
}

/// Letters by which a key may differ from the one that was meant.
const FAR: usize = 3;

/// Keys that are shown at most.
const SHOWN: usize = 3;

impl Table {
    fn read(text: &'static str) -> Self {
        let mut table = Self {
            releases: Vec::new(),
            with_plugins: 0,
            last_series: 0,
            nodes: vec![Node::default()],
            keys: Vec::new(),
        };
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            let mut fields = line.split('\t');
            let mut field = || fields.next().unwrap_or_default();
            match (field(), field(), field(), field()) {
                ("releases", "-", list, _) => {
                    table.releases = list.split(' ').filter_map(Version::parse).collect();
                    let last = table.releases.last().map(|version| (version.major, version.minor));
                    table.last_series = table.set(|version| Some((version.major, version.minor)) == last);
                }
                ("plugins", "-", first, _) => {
                    let first = Version::parse(first);
                    table.with_plugins = table.set(|version| Some(version) >= first);
                }
                (key, owner, ranges, forms) => {
                    let accepted = ranges.split(' ').map(|range| table.range(range)).fold(0, |all, one| all | one);
                    table.add(key, Row { owner, accepted, forms });
                }
            }
        }
        table
    }

    fn set(&self, holds: impl Fn(Version) -> bool) -> Set {
        self.releases.iter().enumerate().filter(|(_, version)| holds(**version)).fold(0, |set, (n, _)| set | 1 << n)
    }

    /// `A`, `A-B` or `A-`.
    fn range(&self, text: &str) -> Set {
        let (from, to) = text.split_once('-').unwrap_or((text, text));
        let (from, to) = (Version::parse(from), Version::parse(to));
        self.set(|version| from.is_some_and(|from| version >= from) && to.is_none_or(|to| version <= to))
    }

    fn add(&mut self, key: &'static str, row: Row) {
        let mut at = 0;
        for word in key.split('.') {
            let new = self.nodes.len();
            let node = &mut self.nodes[at];
            at = if word.starts_with('$') {
                *node.any.get_or_insert(new)
            } else {
                *node.words.entry(word).or_insert(new)
            };
            if at == new {
                self.nodes.push(Node::default());
            }
        }
        self.nodes[at].row = Some(row);
        self.keys.push((key, row.accepted));
    }

    /// What the rows that fit `key` say together.
    fn find(&self, key: &str) -> Option<Row> {
        let mut reached = vec![0];
        for word in key.split('.') {
            let follow = |at: usize| {
                let node = &self.nodes[at];
                [node.words.get(word).copied(), node.any].into_iter().flatten()
            };
            reached = reached.into_iter().flat_map(follow).collect();
            if reached.is_empty() {
                return None;
            }
        }
        let rows = reached.into_iter().filter_map(|at| self.nodes[at].row);
        rows.reduce(|one, other| Row {
            owner: if other.own() { other.owner } else { one.owner },
            accepted: one.accepted | other.accepted,
            forms: if one.forms == other.forms { one.forms } else { "" },
        })
    }

    /// The releases on which the judgement of `version` rests: itself, or its neighbours, or the newest series.
    fn witnesses(&self, version: Version) -> Set {
        let below = self.releases.iter().rposition(|release| *release <= version);
        let above = self.releases.iter().position(|release| *release >= version);
        match (below, above) {
            (Some(below), Some(above)) => 1 << below | 1 << above,
            (Some(_), None) => self.last_series,
            (None, _) => 0,
        }
    }

    fn ask(&self, key: &str, version: Version) -> ConfKey {
        let witnesses = self.witnesses(version);
        if witnesses == 0 {
            return ConfKey::Open;
        }
        let certain = self.releases.last().is_some_and(|last| version <= *last);
        if !is_key(key) {
            return ConfKey::Malformed;
        }
        let Some(row) = self.find(key) else {
            return ConfKey::Unknown { certain: certain && witnesses & !self.with_plugins == 0 };
        };
        match row.accepted & witnesses {
            all if all == witnesses => ConfKey::Accepted,
            0 if row.own() || witnesses & !self.with_plugins == 0 => ConfKey::Refused(self.takers(row.accepted)),
            _ => ConfKey::Open,
        }
    }

    fn takers(&self, accepted: Set) -> Takers {
        let mut ranges: Vec<(Version, Option<Version>)> = Vec::new();
        let mut before = false;
        for (n, version) in self.releases.iter().enumerate() {
            let now = accepted & 1 << n != 0;
            match ranges.last_mut() {
                Some(range) if now && before => range.1 = (n + 1 < self.releases.len()).then_some(*version),
                _ if now => ranges.push((*version, (n + 1 < self.releases.len()).then_some(*version))),
                _ => {}
            }
            before = now;
        }
        Takers(ranges)
    }

    fn near(&self, key: &str, version: Version) -> Vec<String> {
        let witnesses = self.witnesses(version);
        let known = self.keys.iter().filter(|(_, accepted)| accepted & witnesses != 0).map(|(known, _)| *known);
        let below = |known: &&str| known.strip_prefix(key).is_some_and(|rest| rest.starts_with('.'));
        let longer: Vec<&str> = known.clone().filter(below).take(SHOWN + 1).collect();
        if (1..=SHOWN).contains(&longer.len()) {
            return longer.into_iter().map(str::to_owned).collect();
        }
        let known: Vec<String> = known.map(|pattern| like(pattern, key)).collect();
        closest_within(key, known.iter().map(String::as_str), FAR).map(str::to_owned).into_iter().collect()
    }
}

/// Whether every release can read this as a key: words of letters, digits, `_` and `-` with dots between them (seen
/// with 4.0.5: anything else ends the boot as a syntax error).
fn is_key(key: &str) -> bool {
    let is_word = |word: &str| {
        !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
    };
    key.split('.').all(is_word)
}

/// A pattern with the words of `key` where it takes any word.
fn like(pattern: &str, key: &str) -> String {
    let mut own = key.split('.');
    let words = pattern.split('.').map(|word| match own.next() {
        Some(own) if word.starts_with('$') => own,
        _ => word,
    });
    words.collect::<Vec<_>>().join(".")
}

#[cfg(test)]
pub fn releases() -> &'static [Version] {
    &TABLE.releases
}

#[cfg(test)]
mod tests;
