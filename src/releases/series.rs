//! Series of releases that get no more corrections: `stdlib/releases/series.tsv`.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use crate::topology::Version;

/// The day of what the table knows.
pub const SERIES_AS_OF: &str = "2026-11-22";

static TEXT: &str = include_str!("../../stdlib/releases/series.tsv");

/// Until when the series of this release was mended, where that is over: a day, a quarter, or the release that took
/// its place.
pub fn series_ended(program: &str, version: Version) -> Option<&'static str> {
    static TABLE: LazyLock<FxHashMap<(&str, &str), &str>> = LazyLock::new(|| {
        let rows = TEXT.lines().filter(|line| !line.starts_with('#')).filter_map(|line| {
            let mut fields = line.split('\t');
            Some(((fields.next()?, fields.next()?), fields.next()?))
        });
        rows.collect()
    });
    TABLE.get(&(program, format!("{}.{}", version.major, version.minor).as_str())).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_series_ends_as_a_whole() {
        let ended = |program, version| series_ended(program, Version::parse(version).unwrap());
        assert_eq!(ended("rabbitmq", "3.13.7"), Some("2024-09-17"));
        assert_eq!(ended("haproxy", "2.6.12"), None);
        assert_eq!(ended("nginx", "1.26.3"), Some("1.28.0"));
        assert_eq!(ended("application", "1.0.0"), None);
    }

    #[test]
    fn every_row_reads_and_the_date_is_that_of_the_table() {
        assert!(TEXT.contains(&format!("As of {SERIES_AS_OF}.")));
        for row in TEXT.lines().filter(|line| !line.starts_with('#')) {
            let fields: Vec<&str> = row.split('\t').collect();
            assert_eq!(fields.len(), 3, "{row}");
            assert!(Version::parse(&format!("{}.0", fields[1])).is_some(), "{row}");
        }
    }
}
