//! From where a series of RabbitMQ is reached: `stdlib/releases/rabbitmq-upgrades.tsv`.

use std::sync::LazyLock;

use crate::topology::Version;

/// A series, by its first two numbers, and the oldest release from which it can be reached by an upgrade in place; `None`
/// where nobody knows.
type Step = ((u32, u32), Option<Version>);

static TABLE: LazyLock<Vec<Step>> = LazyLock::new(|| {
    let rows =
        include_str!("../../stdlib/releases/rabbitmq-upgrades.tsv").lines().filter(|line| !line.starts_with('#'));
    rows.filter_map(|row| {
        let (series, from) = row.split_once('\t')?;
        let (major, minor) = series.split_once('.')?;
        Some(((major.parse().ok()?, minor.parse().ok()?), Version::parse(from)))
    })
    .collect()
});

/// The oldest release from which the series of `version` can be reached.
fn reached_from(version: Version) -> Option<Version> {
    TABLE.iter().find(|(series, _)| *series == (version.major, version.minor))?.1
}

/// The series through which an upgrade from `old` to `new` has to go, the last before `new` first; empty where one step does.
/// `None` where the table does not say.
pub fn rabbitmq_stops(old: Version, new: Version) -> Option<Vec<Version>> {
    let mut stops = Vec::new();
    let mut at = new;
    // Each step goes back by one series at least.
    while (old.major, old.minor) != (at.major, at.minor) {
        let from = reached_from(at)?;
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
    fn every_series_is_read() {
        assert_eq!(TABLE.len(), 12);
        assert_eq!(reached_from(Version::parse("3.12.1").unwrap()), Version::parse("3.11.18"));
    }
}
