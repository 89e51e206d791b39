//! The example with random edits: whatever a slip of the hand makes of it, there is an answer.

use camino::Utf8Path;
use hacc::check::check;
use hacc::derive::Derived;
use hacc::plan::templates::Templates;
use hacc::plan::{self, Input, plan};
use hacc::secrets::{Need, Secrets, Wanted, resolve};
use hacc::source::SourceMap;
use hacc::system::Lock;
use hacc::world::Memory;

use crate::case::Staged;
use crate::place::diagnostics;

const EXAMPLE: &str = include_str!("../../examples/srm/topo.kdl");

/// Numbers that are the same in every run (xorshift).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % limit.max(1) as u64).unwrap()
    }
}

/// The example after one to three edits: characters, words and lines removed, doubled, exchanged or put in.
fn edited(numbers: &mut Numbers) -> String {
    const ODD: &[&str] = &[
        "\"",
        "{",
        "}",
        "=",
        "#",
        ";",
        "/-",
        "/*",
        "\\",
        "\n",
        " ",
        "0",
        "-1",
        "99999999999999999999",
        "é",
        "\u{feff}",
        "#true",
        "(u8)",
        "\"\"\"",
        "include \"topo.kdl\"\n",
        "allow \"vrid-mismatch\"\n",
        "vip",
        "*",
        "\u{0}",
        "0.0.0.0/0",
        "172.30.7.3",
        "nodes",
        "lb/amqp",
        "mq",
    ];
    let mut text = EXAMPLE.to_owned();
    for _ in 0..=numbers.below(2) {
        let pieces: Vec<&str> = match numbers.below(3) {
            0 => text.split_inclusive(|_: char| true).collect(),
            1 => text.split_inclusive(|c: char| !c.is_alphanumeric()).collect(),
            _ => text.split_inclusive('\n').collect(),
        };
        let (at, other) = (numbers.below(pieces.len()), numbers.below(pieces.len()));
        let mut pieces = pieces;
        match numbers.below(5) {
            0 => drop(pieces.remove(at)),
            1 => pieces.insert(at, pieces[at]),
            2 => pieces.swap(at, other),
            3 => pieces[at] = pieces[other],
            _ => pieces.insert(at, ODD[numbers.below(ODD.len())]),
        }
        text = pieces.concat();
    }
    text
}

#[test]
fn an_edited_example_is_checked_and_planned_without_panic() {
    let mut numbers = Numbers(0x9e37_79b9_7f4a_7c15);
    let (mut errors, mut plans) = (0, 0);
    for round in 0..600 {
        let text = edited(&mut numbers);
        let path = Utf8Path::new("topo.kdl");
        let world = Memory::new().file("topo.kdl", text.as_str());
        let mut sources = SourceMap::new();
        let said = match check(&world, path, &Lock::default(), &mut sources) {
            Ok(checked) => {
                let salts = plan::salts(&checked.topology);
                let wanted = Wanted {
                    secrets: &checked.topology.secrets,
                    salts: &salts,
                    base: Utf8Path::new(""),
                    need: Need::None,
                    new_secrets: false,
                };
                let mut lock = checked.lock.clone();
                resolve(&wanted, &mut Secrets::default(), &mut lock, &world).and_then(|secrets| {
                    let templates = Templates::standard();
                    let derived = Derived::of(&checked.system);
                    let (topology, system) = (&checked.topology, &checked.system);
                    plan(&Input { topology, system, derived: &derived, secrets: &secrets, templates: &templates })
                })
            }
            Err(found) => Err(found),
        };
        match said {
            Ok(_) => plans += 1,
            Err(found) => {
                errors += 1;
                assert!(!found.is_empty(), "an error has a reason: {text}");
                for label in found.iter().flat_map(|diagnostic| &diagnostic.labels) {
                    assert!(sources.text_of(label.span).is_some(), "round {round}: a label outside of {text}");
                }
            }
        }
    }
    assert!(errors > 100 && plans > 60, "both ends are met: {errors} errors, {plans} plans");
}

#[test]
fn the_program_answers_every_edit_with_one_of_its_codes() {
    let mut numbers = Numbers(0x1234_5678_9abc_def1);
    for _ in 0..40 {
        let text = edited(&mut numbers);
        let staged = Staged::new();
        staged.put("topo.kdl", text.as_bytes(), 0o644);
        let shown = staged.run("build", "text");
        assert!(matches!(shown.code, Some(0..=2)), "{:?} {}: {text}", shown.code, shown.stderr);
        let ran = staged.run("lint", "json");
        assert!(matches!(ran.code, Some(0..=2)), "{:?} {}: {text}", ran.code, ran.stderr);
        for label in diagnostics(&ran.stdout).iter().flat_map(|diagnostic| &diagnostic.labels) {
            assert!(label.path != "topo.kdl" || text.get(label.start..label.end).is_some(), "{text}");
        }
    }
}
