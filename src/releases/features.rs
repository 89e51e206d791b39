//! Features by name: `stdlib/releases/rabbitmq.tsv`, `consul.tsv` and `nginx.tsv`.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use crate::topology::Version;

/// Whether this RabbitMQ release has `feature`, a name of `stdlib/releases/rabbitmq.tsv`.
pub fn rabbitmq_has(feature: &str, version: Version) -> bool {
    static TABLE: LazyLock<Table> = LazyLock::new(|| Table::read(include_str!("../../stdlib/releases/rabbitmq.tsv")));
    TABLE.has(feature, version)
}

/// Whether this Consul release has `feature`, a name of `stdlib/releases/consul.tsv`.
pub fn consul_has(feature: &str, version: Version) -> bool {
    static TABLE: LazyLock<Table> = LazyLock::new(|| Table::read(include_str!("../../stdlib/releases/consul.tsv")));
    TABLE.has(feature, version)
}

/// Whether this nginx release has `feature`, a name of `stdlib/releases/nginx.tsv`.
pub fn nginx_has(feature: &str, version: Version) -> bool {
    static TABLE: LazyLock<Table> = LazyLock::new(|| Table::read(include_str!("../../stdlib/releases/nginx.tsv")));
    TABLE.has(feature, version)
}

/// A table in memory: it is asked many times for every cluster.
struct Table(FxHashMap<&'static str, Vec<Range>>);

/// Releases from the first version on and below the second.
type Range = (Option<Version>, Option<Version>);

impl Table {
    fn read(text: &'static str) -> Self {
        let mut ranges: FxHashMap<&str, Vec<Range>> = FxHashMap::default();
        for row in text.lines().filter(|line| !line.starts_with('#')) {
            let mut fields = row.split('\t');
            let feature = fields.next().unwrap_or_default();
            let mut bound = || fields.next().filter(|field| *field != "-").and_then(Version::parse);
            ranges.entry(feature).or_default().push((bound(), bound()));
        }
        Self(ranges)
    }

    fn has(&self, feature: &str, version: Version) -> bool {
        let ranges = self.0.get(feature);
        debug_assert!(ranges.is_some(), "no row for {feature}");
        ranges.into_iter().flatten().any(|(since, until)| {
            since.is_none_or(|since| version >= since) && until.is_none_or(|until| version < until)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_ranges_and_may_have_holes() {
        let has = |feature, version| rabbitmq_has(feature, Version::parse(version).unwrap());
        assert!(has("mirrored-queues", "3.13.7") && !has("mirrored-queues", "4.0.0"));
        assert!(has("default-queue-type", "3.12.14"));
        assert!(!has("default-queue-type", "3.13.0"));
        assert!(has("default-queue-type", "3.13.3") && has("default-queue-type", "4.2.1"));
    }

    #[test]
    fn every_row_of_every_table_reads() {
        let tables = [
            include_str!("../../stdlib/releases/consul.tsv"),
            include_str!("../../stdlib/releases/nginx.tsv"),
            include_str!("../../stdlib/releases/rabbitmq.tsv"),
        ];
        for row in tables.iter().flat_map(|table| table.lines()).filter(|line| !line.starts_with('#')) {
            let fields: Vec<&str> = row.split('\t').collect();
            assert_eq!(fields.len(), 3, "{row}");
            assert!(fields[1..].iter().all(|field| *field == "-" || Version::parse(field).is_some()), "{row}");
        }
    }
}
