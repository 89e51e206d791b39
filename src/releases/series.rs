//! Series of RabbitMQ: how long they are maintained, and from where they are reached: `stdlib/releases/rabbitmq-series.tsv`.

use std::sync::LazyLock;

use crate::topology::Version;

/// The day on which the table was made; what ended before it has ended.
const AS_OF: &str = "2026-11-22";

/// What is known of one series.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Series {
    /// Its first two numbers.
    pub number: (u32, u32),
    /// The day its community support ended, where it has.
    pub ended: Option<&'static str>,
    /// The oldest release from which it can be reached by an upgrade in place; `None` where nobody knows.
    pub from: Option<Version>,
}

static TABLE: LazyLock<Vec<Series>> = LazyLock::new(|| {
    let rows = include_str!("../../stdlib/releases/rabbitmq-series.tsv").lines().filter(|line| !line.starts_with('#'));
    rows.filter_map(|row| {
        let mut fields = row.split('\t');
        let (major, minor) = fields.next()?.split_once('.')?;
        let ended = fields.next().filter(|day| *day != "-" && *day < AS_OF);
        let from = fields.next().and_then(Version::parse);
        Some(Series { number: (major.parse().ok()?, minor.parse().ok()?), ended, from })
    })
    .collect()
});

/// The series of a release.
pub fn rabbitmq_series(version: Version) -> Option<&'static Series> {
    TABLE.iter().find(|series| series.number == (version.major, version.minor))
}

/// The series through which an upgrade from `old` to `new` has to go, the last before `new` first; empty where one step does.
/// `None` where the table does not say.
pub fn rabbitmq_stops(old: Version, new: Version) -> Option<Vec<Version>> {
    let mut stops = Vec::new();
    let mut at = new;
    // Each step goes back by one series at least.
    while (old.major, old.minor) != (at.major, at.minor) {
        let from = rabbitmq_series(at)?.from?;
        if old >= from {
            return Some(stops);
        }
        stops.push(from);
        at = from;
    }
    Some(stops)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stops(old: &str, new: &str) -> Option<Vec<String>> {
        let stops = rabbitmq_stops(Version::parse(old).unwrap(), Version::parse(new).unwrap())?;
        Some(stops.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn the_way_of_an_upgrade() {
        assert_eq!(stops("3.13.7", "4.2.1"), Some(vec![]));
        assert_eq!(stops("4.3.0", "4.3.6"), Some(vec![]));
        assert_eq!(stops("3.13.7", "4.3.6"), Some(vec!["4.2.0".to_owned()]));
        assert_eq!(
            stops("3.11.5", "3.12.14"),
            Some(vec!["3.11.18".to_owned()]),
            "not every release of the series before"
        );
        assert_eq!(stops("3.10.8", "4.0.5").unwrap(), ["3.13.0", "3.12.0", "3.11.18"]);
        assert_eq!(stops("4.3.6", "4.4.0"), None, "nobody knows yet");
    }

    #[test]
    fn every_series_is_read_and_some_have_ended() {
        assert_eq!(TABLE.len(), 12);
        let ended = |version| rabbitmq_series(Version::parse(version).unwrap()).and_then(|series| series.ended);
        assert_eq!(ended("3.10.8"), Some("2023-07-31"));
        assert_eq!(ended("4.3.6"), None, "a day after that of the table");
        assert!(include_str!("../../stdlib/releases/rabbitmq-series.tsv").contains(AS_OF));
    }
}
