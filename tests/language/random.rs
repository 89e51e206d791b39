//! Texts that nobody would write.

use hacc::world::Memory;
use proptest::prelude::*;

use crate::common::{load, plain};
use crate::{BROKERS, EVERYTHING};

/// One change of a text; numbers are taken modulo what there is.
#[derive(Clone, Debug)]
enum Change {
    /// Removes a word.
    Remove(usize),
    /// Puts a word of the list in the place of another.
    Replace(usize, usize),
    /// Writes a word a second time.
    Repeat(usize),
    /// Exchanges two words.
    Swap(usize, usize),
    /// Removes some bytes.
    Cut(usize, usize),
}

const WORDS: &[&str] = &[
    "host",
    "node",
    "allow",
    "include",
    "vip",
    "*",
    "name=",
    "address=",
    "every=\"5s\"",
    "\"\"",
    "\"a\"",
    "\"\\u{0}\"",
    "\"10.0.0.1\"",
    "\"999999999999999999999d\"",
    "\"5\"",
    "5",
    "-1",
    "1.5",
    "0x7fffffffffffffffffffffff",
    "#true",
    "#null",
    "#inf",
    "{",
    "}",
    ";",
    "(t)",
    "/-",
    "\"é\u{2028}🦀\"",
    "\"main.kdl\"",
    "\"other.kdl\"",
    "reason=\" \"",
    "\n",
];

fn change() -> impl Strategy<Value = Change> {
    prop_oneof![
        any::<usize>().prop_map(Change::Remove),
        (any::<usize>(), any::<usize>()).prop_map(|(at, word)| Change::Replace(at, word)),
        any::<usize>().prop_map(Change::Repeat),
        (any::<usize>(), any::<usize>()).prop_map(|(one, other)| Change::Swap(one, other)),
        (any::<usize>(), 1..20_usize).prop_map(|(at, length)| Change::Cut(at, length)),
    ]
}

/// Words as they stand between spaces, each with the space in front of it.
fn words(text: &str) -> Vec<String> {
    let mut out = vec![String::new()];
    let mut spaces = true;
    for c in text.chars() {
        let space = c == ' ' || c == '\n';
        if space && !spaces {
            out.push(String::new());
        }
        spaces = space;
        if let Some(last) = out.last_mut() {
            last.push(c);
        }
    }
    out
}

fn changed(text: &str, changes: &[Change]) -> String {
    let mut all = words(text);
    for change in changes {
        let count = all.len();
        match *change {
            Change::Remove(at) if count > 1 => drop(all.remove(at % count)),
            Change::Replace(at, word) => all[at % count] = format!(" {}", WORDS[word % WORDS.len()]),
            Change::Repeat(at) => all.insert(at % count, all[at % count].clone()),
            Change::Swap(one, other) => all.swap(one % count, other % count),
            Change::Cut(at, length) => {
                let word = &mut all[at % count];
                *word = word.chars().take(2).chain(word.chars().skip(length)).collect();
            }
            Change::Remove(_) => {}
        }
    }
    all.concat()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// Whatever is written, the answer is a topology or errors, and each error shows where. (That the labels lie in a
    /// text is seen by `plain`.)
    #[test]
    fn every_error_has_a_place(
        whole in any::<bool>(),
        changes in prop::collection::vec(change(), 1..8),
        others in prop::collection::vec(change(), 0..4),
    ) {
        let text = changed(if whole { EVERYTHING } else { BROKERS }, &changes);
        let other = changed("include \"main.kdl\"\nhost \"other\" address=\"10.0.0.9\"\nallow \"r\" reason=\"s\"\n", &others);
        let world = Memory::new().file("main.kdl", text).file("other.kdl", other);
        let (loaded, sources) = load(&world);
        if let Err(diagnostics) = loaded {
            prop_assert!(!diagnostics.is_empty());
            for diagnostic in &diagnostics {
                prop_assert!(!diagnostic.labels.is_empty(), "{diagnostic:?}");
                prop_assert!(diagnostic.code == "syntax" || !diagnostic.labels[0].text.is_empty(), "{diagnostic:?}");
            }
            plain(&diagnostics, &sources);
            let places: Vec<_> = diagnostics.iter().map(|diagnostic| diagnostic.labels[0].span.start).collect();
            prop_assert!(places.is_sorted(), "errors come in the order of the text");
        }
    }
}
