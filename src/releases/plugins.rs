//! Which plugins come with which RabbitMQ release: `stdlib/releases/rabbitmq-plugins.tsv`.

use std::sync::LazyLock;

use crate::suggest::closest;
use crate::topology::Version;

static TABLE: LazyLock<Vec<Row>> = LazyLock::new(|| {
    let rows = include_str!("../../stdlib/releases/rabbitmq-plugins.tsv").lines().filter(|line| !line.starts_with('#'));
    rows.map(|row| {
        let mut fields = row.split('\t');
        let name = fields.next().unwrap_or_default();
        let mut bound = || fields.next().and_then(Version::parse);
        Row { name, without: bound(), with: bound() }
    })
    .collect()
});

struct Row {
    name: &'static str,
    without: Option<Version>,
    with: Option<Version>,
}

/// What is known of one plugin in one release.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Plugin {
    /// The release brings it, or it cannot be said.
    Open,
    /// It came later: with this release at the latest.
    Later(Version),
    /// No release that was looked at brings it.
    Unknown,
}

/// What `version` makes of a plugin's name.
pub fn rabbitmq_plugin(name: &str, version: Version) -> Plugin {
    let Some(row) = TABLE.iter().find(|row| row.name == name) else { return Plugin::Unknown };
    match (row.without, row.with) {
        (Some(without), Some(with)) if version <= without => Plugin::Later(with),
        _ => Plugin::Open,
    }
}

/// The plugin that was probably meant.
pub fn near_plugin(name: &str) -> Option<&'static str> {
    // People leave the first word out.
    let whole = format!("rabbitmq_{name}");
    let names = || TABLE.iter().map(|row| row.name);
    names().find(|known| *known == whole).or_else(|| closest(name, names()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plugin_is_there_later_or_unknown() {
        let of = |name, version| rabbitmq_plugin(name, Version::parse(version).unwrap());
        assert_eq!(of("rabbitmq_shovel", "3.7.0"), Plugin::Open);
        assert_eq!(of("rabbitmq_stream", "3.8.9"), Plugin::Later(Version::new(3, 9, 0)));
        assert_eq!(of("rabbitmq_stream", "3.9.0"), Plugin::Open);
        assert_eq!(of("rabbitmq_delayed_message_exchange", "4.0.5"), Plugin::Unknown);
        assert_eq!(near_plugin("shovel"), Some("rabbitmq_shovel"));
        assert_eq!(near_plugin("rabbitmq_shovelx"), Some("rabbitmq_shovel"));
    }

    #[test]
    fn every_row_has_both_bounds_or_none() {
        assert!(TABLE.len() > 40);
        assert!(TABLE.iter().all(|row| row.without.is_some() == row.with.is_some()));
    }
}
