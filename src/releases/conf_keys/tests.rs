use super::*;

fn version(text: &str) -> Version {
    Version::parse(text).unwrap()
}

fn ask(key: &str, release: &str) -> ConfKey {
    rabbitmq_conf_key(key, version(release))
}

fn refused(key: &str, release: &str) -> String {
    match ask(key, release) {
        ConfKey::Refused(takers) => takers.to_string(),
        other => panic!("{key} in {release}: {other:?}"),
    }
}

const UNKNOWN: ConfKey = ConfKey::Unknown { certain: true };
const PERHAPS_NEW: ConfKey = ConfKey::Unknown { certain: false };

#[test]
fn a_key_is_taken_refused_or_unknown() {
    assert_eq!(ask("heartbeat", "3.7.0"), ConfKey::Accepted);
    assert_eq!(ask("heartbeat", "4.3.6"), ConfKey::Accepted);
    assert_eq!(refused("cluster_formation.randomized_startup_delay_range.min", "4.0.5"), "3.7.0 to 3.13.7");
    assert_eq!(refused("quorum_queue.initial_cluster_size", "4.0.5"), "4.1.0 or newer");
    assert_eq!(refused("cluster_formation.etcd.ssl_options.dh", "4.3.6"), "3.8.18 to 4.0.9, 4.2.9 and 4.3.5");
    assert_eq!(ask("heartbeats", "4.0.5"), UNKNOWN);
    assert_eq!(ask("heartbeat.of", "4.0.5"), UNKNOWN, "a key does not go on behind its end");
    assert_eq!(ask("vm_memory_high_watermark", "4.0.5"), UNKNOWN, "the beginning of a key is none");
    assert_eq!(ask("Heartbeat", "4.0.5"), UNKNOWN, "case counts");
}

#[test]
fn a_dollar_is_any_one_word() {
    assert_eq!(ask("listeners.tcp", "3.10.8"), ConfKey::Accepted);
    assert_eq!(ask("listeners.tcp.default", "3.10.8"), ConfKey::Accepted);
    assert_eq!(ask("listeners.tcp.a.b", "3.10.8"), UNKNOWN);
    assert_eq!(ask("auth_backends.1.authn", "3.10.8"), ConfKey::Accepted, "in the midst of a key");
    for key in ["listeners.tcp.", "listeners.tcp.a b", "listeners.tcp.a@b", "listeners..tcp", "", "."] {
        assert_eq!(ask(key, "4.0.5"), ConfKey::Malformed, "{key:?}");
    }
}

#[test]
fn between_two_releases_both_must_agree() {
    // 3.12.14 and 3.13.7 take it, 3.13.0 does not.
    assert_eq!(refused("default_queue_type", "3.13.0"), "3.12.14 and 3.13.7 or newer");
    assert_eq!(refused("default_queue_type", "3.8.9"), "3.12.14 and 3.13.7 or newer");
    for between in ["3.12.7", "3.12.15", "3.13.3"] {
        assert_eq!(ask("default_queue_type", between), ConfKey::Open, "{between}");
    }
    assert_eq!(ask("consumer_timeout", "3.8.9"), ConfKey::Open);
    assert_eq!(ask("nonsense", "3.10.8"), UNKNOWN);
}

#[test]
fn what_nobody_looked_at_is_left_open() {
    assert_eq!(ask("management.tcp.port", "3.7.28"), ConfKey::Open, "plugins were not read");
    assert_eq!(ask("management.tcp.port", "3.8.9"), ConfKey::Open);
    assert_eq!(ask("management.tcp.port", "3.8.18"), ConfKey::Accepted);
    assert_eq!(ask("auth_http.ssl_options.dh", "3.8.0"), ConfKey::Open, "it came later, but who knows");
    assert_eq!(ask("management.nonsense", "3.7.28"), PERHAPS_NEW, "perhaps a plugin's");
    assert_eq!(ask("heartbeat", "3.6.16"), ConfKey::Open, "older than the format");
    assert_eq!(ask("nonsense", "4.4.0"), PERHAPS_NEW, "newer than the table");
    assert_eq!(refused("cluster_formation.randomized_startup_delay_range.min", "4.4.0"), "3.7.0 to 3.13.7");
    assert_eq!(ask("cluster_formation.etcd.ssl_options.dh", "4.4.0"), ConfKey::Open, "4.3.5 had it");
}

#[test]
fn the_key_that_was_meant_is_one_of_the_release() {
    let near = |key, release| near_conf_keys(key, version(release)).join(" ");
    assert_eq!(near("hearbeat", "4.0.5"), "heartbeat");
    assert_eq!(near("listener.tcp.default", "4.0.5"), "listeners.tcp.default");
    assert_eq!(near("default_queue_types", "4.0.5"), "default_queue_type");
    assert_eq!(near("default_queue_types", "3.10.8"), "");
    assert_eq!(near("disk_free_limit", "4.0.5"), "disk_free_limit.absolute disk_free_limit.relative");
    assert_eq!(near("cluster_formation", "4.0.5"), "", "too many to be a hint");
    assert_eq!(near("completely.made.up", "4.0.5"), "");
}

#[test]
fn every_row_reads() {
    let table = &*TABLE;
    assert!(table.releases.len() <= Set::BITS as usize && table.releases.is_sorted());
    assert_ne!((table.with_plugins, table.last_series), (0, 0));
    assert_ne!(table.with_plugins & 1, 1);
    let text = include_str!("../../../stdlib/releases/rabbitmq-conf.tsv");
    let rows: Vec<&str> = text.lines().filter(|line| !line.starts_with('#')).skip(2).collect();
    assert_eq!(table.keys.len(), rows.len());
    assert!(rows.windows(2).all(|pair| pair[0].split('\t').next() < pair[1].split('\t').next()), "sorted, each once");
    for row in rows {
        let fields: Vec<&str> = row.split('\t').collect();
        assert!(matches!(fields.len(), 3 | 4), "{row}");
        for form in fields.get(3).into_iter().flat_map(|forms| forms.split(' ')) {
            let known = ["whole", "positive", "fraction", "size", "duration"];
            assert!(known.contains(&form) || form.len() > 1 && form.starts_with('='), "{row}");
        }
        for word in fields[0].split('.') {
            assert!(is_key(word.strip_prefix('$').unwrap_or(word)), "{row}");
        }
        let mut all: Set = 0;
        for range in fields[2].split(' ') {
            let (from, to) = range.split_once('-').unwrap_or((range, range));
            for bound in [from, to].into_iter().filter(|bound| !bound.is_empty()) {
                assert!(table.releases.contains(&version(bound)), "{row}");
            }
            assert!(table.range(range) != 0 && table.range(range) & all == 0, "{row}");
            all |= table.range(range);
        }
        assert!(table.find(&fields[0].replace('$', "x")).is_some(), "{row}");
    }
}
