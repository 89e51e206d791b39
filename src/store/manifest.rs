//! `manifest.json`: what hacc wrote, one file a line, sorted by path, so that two manifests can be compared by eye.

use std::borrow::Cow;
use std::fmt::Write as _;

use camino::Utf8Path;
use serde::Deserialize;

use super::Facts;
use super::print::{Print, unhex};
use crate::plan::{Apply, Keep};
use crate::secrets::hex;

/// The version of the format.
const FORMAT: u32 = 1;

/// A manifest in memory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Manifest {
    pub(super) facts: Facts,
    /// The name of the key of keyed prints.
    pub(super) key: Option<String>,
    /// Sorted by path, bytewise; no two with one path.
    pub(super) entries: Vec<Entry>,
}

/// One file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) path: String,
    pub(super) from: String,
    pub(super) mode: u32,
    pub(super) size: u64,
    pub(super) print: Print,
    pub(super) keep: Keep,
    pub(super) apply: Apply,
    /// The file on disk is not this one: somebody edited it, and it was kept. The entry tells what hacc wrote last.
    pub(super) edited: bool,
}

/// Why bytes are not a manifest.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Unfit {
    /// The format of another version.
    Version(u32),
    /// Anything else; the words tell what.
    Broken(String),
}

impl Manifest {
    /// The entry of a path.
    pub(super) fn get(&self, path: &str) -> Option<&Entry> {
        let index = self.entries.binary_search_by(|entry| entry.path.as_str().cmp(path)).ok()?;
        self.entries.get(index)
    }

    /// The bytes of the file.
    pub(super) fn render(&self) -> String {
        let mut out = String::with_capacity(256 + self.entries.len() * 256);
        // Writing into a String cannot fail.
        let _ = write!(out, "{{\n  \"format\": {FORMAT},\n");
        for (name, value) in [
            ("generator", Some(&self.facts.generator)),
            ("topology", Some(&self.facts.topology)),
            ("model", Some(&self.facts.model)),
            ("secrets", self.facts.secrets.as_ref()),
            ("key", self.key.as_ref()),
        ] {
            if let Some(value) = value {
                let _ = write!(out, "  \"{name}\": ");
                string(&mut out, value);
                out.push_str(",\n");
            }
        }
        out.push_str("  \"files\": [");
        for (n, entry) in self.entries.iter().enumerate() {
            out.push_str(if n == 0 { "\n    {\"path\":" } else { ",\n    {\"path\":" });
            string(&mut out, &entry.path);
            out.push_str(",\"from\":");
            string(&mut out, &entry.from);
            let (name, bytes) = match &entry.print {
                Print::Plain(bytes) => ("sha256", bytes),
                Print::Keyed(bytes) => ("hmac-sha256", bytes),
            };
            let _ =
                write!(out, ",\"mode\":\"{:04o}\",\"size\":{},\"{name}\":\"{}\"", entry.mode, entry.size, hex(bytes));
            let _ = write!(out, ",\"keep\":\"{}\",\"apply\":\"{}\"", entry.keep.word(), entry.apply.word());
            out.push_str(if entry.edited { ",\"edited\":true}" } else { "}" });
        }
        out.push_str(if self.entries.is_empty() { "]\n}\n" } else { "\n  ]\n}\n" });
        out
    }

    /// Reads the bytes of the file. Whoever changed them: a path that leaves the folder is not taken.
    pub(super) fn parse(bytes: &[u8]) -> Result<Self, Unfit> {
        let broken = |what: &dyn std::fmt::Display| Unfit::Broken(what.to_string());
        let raw: Raw<'_> = serde_json::from_slice(bytes).map_err(|error| broken(&error))?;
        if raw.format != FORMAT {
            return Err(Unfit::Version(raw.format));
        }
        let entries: Vec<Entry> = raw.files.into_iter().map(RawEntry::check).collect::<Result<_, _>>()?;
        for pair in entries.windows(2) {
            if pair[0].path >= pair[1].path {
                return Err(Unfit::Broken(format!("`{}` is there twice or not in its order", pair[1].path)));
            }
        }
        Ok(Self {
            facts: Facts {
                generator: raw.generator.into_owned(),
                topology: raw.topology.into_owned(),
                model: raw.model.into_owned(),
                secrets: raw.secrets.map(Cow::into_owned),
            },
            key: raw.key.map(Cow::into_owned),
            entries,
        })
    }
}

#[derive(Deserialize)]
struct Raw<'a> {
    format: u32,
    #[serde(borrow)]
    generator: Cow<'a, str>,
    #[serde(borrow)]
    topology: Cow<'a, str>,
    #[serde(borrow)]
    model: Cow<'a, str>,
    #[serde(borrow, default)]
    secrets: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    key: Option<Cow<'a, str>>,
    #[serde(borrow)]
    files: Vec<RawEntry<'a>>,
}

#[derive(Deserialize)]
struct RawEntry<'a> {
    #[serde(borrow)]
    path: Cow<'a, str>,
    #[serde(borrow)]
    from: Cow<'a, str>,
    #[serde(borrow)]
    mode: Cow<'a, str>,
    size: u64,
    #[serde(borrow, default)]
    sha256: Option<Cow<'a, str>>,
    #[serde(borrow, default, rename = "hmac-sha256")]
    hmac: Option<Cow<'a, str>>,
    #[serde(borrow)]
    keep: Cow<'a, str>,
    #[serde(borrow)]
    apply: Cow<'a, str>,
    #[serde(default)]
    edited: bool,
}

impl RawEntry<'_> {
    fn check(self) -> Result<Entry, Unfit> {
        let broken = |what: &str| Unfit::Broken(format!("{what} of `{}`", self.path.escape_debug()));
        crate::plan::check_path(Utf8Path::new(&self.path))
            .map_err(|why| Unfit::Broken(format!("the path `{}`: {why}", self.path.escape_debug())))?;
        let mode = u32::from_str_radix(&self.mode, 8).ok().filter(|mode| *mode <= 0o777);
        let print = match (&self.sha256, &self.hmac) {
            (Some(plain), None) => unhex(plain).map(Print::Plain),
            (None, Some(keyed)) => unhex(keyed).map(Print::Keyed),
            _ => None,
        };
        Ok(Entry {
            mode: mode.ok_or_else(|| broken("the mode"))?,
            size: self.size,
            print: print.ok_or_else(|| broken("the hash"))?,
            keep: Keep::from_word(&self.keep).ok_or_else(|| broken("`keep`"))?,
            apply: Apply::from_word(&self.apply).ok_or_else(|| broken("`apply`"))?,
            edited: self.edited,
            path: self.path.into_owned(),
            from: self.from.into_owned(),
        })
    }
}

fn string(out: &mut String, text: &str) {
    // A &str always has a JSON form.
    out.push_str(&serde_json::to_string(text).unwrap_or_default());
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn manifest(entries: Vec<Entry>) -> Manifest {
        let facts = Facts {
            generator: "hacc 0".into(),
            topology: "t\"\n".into(),
            model: "m".into(),
            secrets: Some("s".into()),
        };
        Manifest { facts, key: None, entries }
    }

    fn entry(path: &str) -> Entry {
        Entry {
            path: path.into(),
            from: "rabbitmq/mq".into(),
            mode: 0o644,
            size: 3,
            print: Print::plain(path.as_bytes()),
            keep: Keep::Managed,
            apply: Apply::Reload,
            edited: false,
        }
    }

    #[test]
    fn one_file_is_one_line() {
        let mut second = entry("vm/b");
        second.print = Print::Keyed([7; 32]);
        second.edited = true;
        let text = manifest(vec![entry("vm/a"), second]).render();
        insta::assert_snapshot!(text);
        assert_eq!(Manifest::parse(manifest(vec![]).render().as_bytes()), Ok(manifest(vec![])));
    }

    #[test]
    fn a_manifest_that_would_lead_elsewhere_is_refused() {
        let good = manifest(vec![entry("vm/a"), entry("vm/b")]).render();
        assert!(Manifest::parse(good.as_bytes()).is_ok());
        for (from, to) in [
            ("vm/a", "../a"),
            ("vm/a", "/etc/passwd"),
            ("vm/a", "vm/b"),
            ("vm/a", "vm/c"),
            ("0644", "4755"),
            ("0644", "rw"),
            ("\"sha256\":\"", "\"sha256\":\"z"),
            ("\"sha256\"", "\"md5\""),
            ("managed", "mine"),
            ("\"reload\"", "null"),
            ("\"format\": 1", "\"format\": 2"),
            ("]\n}", "]"),
        ] {
            let bad = good.replacen(from, to, 1);
            assert_ne!(bad, good);
            assert!(Manifest::parse(bad.as_bytes()).is_err(), "{bad}");
        }
        let deep = "[".repeat(1 << 20);
        for garbage in ["", "{}", "null", "\u{0}", "<<<<<<< HEAD\n", deep.as_str()] {
            assert!(matches!(Manifest::parse(garbage.as_bytes()), Err(Unfit::Broken(_))));
        }
        assert_eq!(Manifest::parse(good.replace("\"format\": 1", "\"format\": 9").as_bytes()), Err(Unfit::Version(9)));
    }

    proptest! {
        #[test]
        fn what_was_written_is_read(
            names in proptest::collection::btree_set("[^/\\\\\\p{Cc}.]{1,20}", 0..9),
            from in any::<String>(),
            size in any::<u64>(),
        ) {
            let entries = names.iter().map(|name| Entry { from: from.clone(), size, ..entry(&format!("h/{name}")) });
            let before = manifest(entries.collect());
            prop_assert_eq!(Manifest::parse(before.render().as_bytes()), Ok(before));
        }
    }
}
