//! The reader against the `kdl` crate: what it makes of valid documents, and what it refuses of others.
//!
//! That crate is slow, needs twice the time for each level of commented-out blocks, and overflows its stack on deep
//! ones, so the texts are small. Where it is known to be wrong by the grammar, the texts are left out: see
//! [`oracle_is_wrong`].

use hacc::syntax::print::canonical;
use hacc::syntax::{Document, Entry, Kind, Node, Value};
use kdl::{KdlDocument, KdlNode, KdlValue};
use proptest::prelude::*;

use crate::support::{plain, read};

fn same_value(ours: Value<'_>, theirs: &KdlValue) -> bool {
    match (ours.kind(), theirs) {
        (Kind::String(a), KdlValue::String(b)) => a == b,
        (Kind::Integer(a), KdlValue::Integer(b)) => a == *b,
        (Kind::Float(a), KdlValue::Float(b)) => a.to_bits() == b.to_bits() || (a.is_nan() && b.is_nan()),
        (Kind::Bool(a), KdlValue::Bool(b)) => a == *b,
        (Kind::Null, KdlValue::Null) => true,
        _ => false,
    }
}

fn same_node(ours: Node<'_>, theirs: &KdlNode) -> bool {
    let children = theirs.children().map_or(&[][..], KdlDocument::nodes);
    ours.name() == theirs.name().value()
        && ours.ty().map(|ty| ty.value) == theirs.ty().map(kdl::KdlIdentifier::value)
        && ours.entries().len() == theirs.entries().len()
        && ours.entries().zip(theirs.entries()).all(|(ours, theirs)| {
            let (key, value) = match ours {
                Entry::Arg(value) => (None, value),
                Entry::Prop(prop) => (Some(prop.key()), prop.value()),
            };
            key == theirs.name().map(kdl::KdlIdentifier::value)
                && value.ty().map(|ty| ty.value) == theirs.ty().map(kdl::KdlIdentifier::value)
                && same_value(value, theirs.value())
        })
        && ours.children_span().is_some() == theirs.children().is_some()
        && same_nodes(ours.children(), children)
}

fn same_nodes<'a>(ours: impl Iterator<Item = Node<'a>> + Clone, theirs: &[KdlNode]) -> bool {
    ours.clone().count() == theirs.len() && ours.zip(theirs).all(|(ours, theirs)| same_node(ours, theirs))
}

fn same(ours: &Document, theirs: &KdlDocument) -> bool {
    same_nodes(ours.nodes(), theirs.nodes())
}

/// Texts of which version 6.7.1 of the crate judges otherwise than the grammar of KDL 2.0 does.
fn oracle_is_wrong(text: &str) -> bool {
    // It ends a comment-out node without a terminator, forgets its `;`, and lets entries that are commented out
    // follow a block; it wants a space before a slashdash within a node, and takes two slashdashes.
    let slashdash = text.contains("/-");
    // A `"""` with hashes may not stay on one line, and a body may hold a line that begins with a quote.
    let raw_quotes = text.contains("#\"\"\"");
    // The name -inf.
    let inf = text.contains("-inf");
    slashdash || raw_quotes || inf
}

fn agree(text: &str) -> Result<(), TestCaseError> {
    let (ours, problems) = read(text);
    let theirs = KdlDocument::parse_v2(text);
    match (problems.is_empty(), &theirs) {
        (true, Ok(theirs)) => {
            prop_assert!(same(&ours, theirs), "different: {text:?}\n{}\n{theirs:#?}", canonical(&ours));
        }
        (true, Err(error)) => return Err(TestCaseError::fail(format!("only the oracle refuses {text:?}: {error:?}"))),
        (false, Ok(_)) => {
            return Err(TestCaseError::fail(format!("the oracle accepts {text:?}\n{}", plain(text, &problems))));
        }
        (false, Err(_)) => {}
    }
    Ok(())
}

/// Everything that is said about any text whatever: nothing panics, and every place lies in the text.
fn sound(text: &str) -> Result<(), TestCaseError> {
    let (document, problems) = read(text);
    plain(text, &problems);
    let slice = |span: hacc::source::Span| text.get(span.start as usize..span.end as usize);
    for node in document.all_nodes() {
        let whole = node.span();
        for span in [Some(whole), Some(node.name_span()), node.children_span(), node.ty().map(|ty| ty.span)]
            .into_iter()
            .flatten()
        {
            prop_assert!(slice(span).is_some_and(|text| !text.is_empty()), "{span:?} in {text:?}");
            prop_assert!(whole.start <= span.start && span.end <= whole.end, "{span:?} outside {whole:?} in {text:?}");
        }
        for entry in node.entries() {
            let (span, value) = match entry {
                Entry::Arg(value) => (value.typed_span(), value),
                Entry::Prop(prop) => (prop.span(), prop.value()),
            };
            prop_assert_eq!(slice(value.span()), Some(value.raw()));
            prop_assert!(
                slice(span).is_some() && whole.start <= span.start && span.end <= whole.end,
                "{span:?} in {text:?}"
            );
        }
    }
    if problems.is_empty() {
        let first = canonical(&document);
        let (again, problems) = read(&first);
        prop_assert!(problems.is_empty(), "the canonical form of {text:?} is wrong:\n{}", plain(&first, &problems));
        prop_assert_eq!(canonical(&again), first);
    }
    Ok(())
}

fn space() -> impl Strategy<Value = &'static str> {
    prop_oneof![6 => Just(" "), 1 => prop::sample::select(vec!["\t", "\u{3000}", " /* é /* */ */ ", " \\\n", "\\ // x\r\n\t", "  "])]
}

pub fn string() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => "[a-zé_*.+-][a-z_0-9é.:,-]{0,5}".prop_filter("a bare word", |word| {
            let starts_like_number = word.trim_start_matches(['+', '-']).trim_start_matches('.').starts_with(|c: char| c.is_ascii_digit());
            !starts_like_number && !["true", "false", "null", "inf", "-inf", "nan"].contains(&word.as_str())
        }),
        3 => "\"([a-z é/{};=#]|\\\\[nrtbfs\\\\\"]|\\\\u\\{[1-9a-f]{1,4}\\}|\\\\ \n\t){0,6}\"".prop_filter("a code point", |word| {
            !word.contains("\\u{d")
        }),
        1 => "#\"[a-z é/{};=\\\\]{0,6}\"#",
        1 => "##\"[a-z#]{0,3}(\"#[a-z]{1,3}){0,2}\"##",
        1 => "(\"\"\"\n(  [a-z é]{0,4}(\\\\n|\\\\  )?[a-z]\n| *\n){0,3}  \"\"\")",
        1 => "(#\"\"\"\r\n(\t[a-z\\\\]{0,4}\n|\n){0,3}\t\"\"\"#)",
    ]
}

pub fn value() -> impl Strategy<Value = String> {
    let scalar = prop_oneof![
        3 => string(),
        2 => "[+-]?(0|[1-9][0-9_]{0,8})",
        1 => "[+-]?[0-9][0-9_]{0,3}\\.[0-9][0-9_]{0,3}([eE][+-]?[0-9]{1,2})?",
        1 => "-?0x[0-9a-fA-F][0-9a-f_]{0,6}",
        1 => "[+]?0o[0-7][0-7_]{0,4}",
        1 => "0b[01][01_]{0,4}",
        1 => prop::sample::select(vec!["#true", "#false", "#null", "#inf", "#-inf", "#nan"]).prop_map(str::to_owned),
    ];
    (annotation(), scalar).prop_map(|(ty, scalar)| ty + &scalar)
}

pub fn annotation() -> impl Strategy<Value = String> {
    prop_oneof![6 => Just(String::new()), 1 => (string(), prop::option::of(space())).prop_map(|(name, gap)| format!("({name}){}", gap.unwrap_or("")))]
}

fn entry() -> impl Strategy<Value = String> {
    let plain =
        prop_oneof![value(), (string(), "=| =|= ", value()).prop_map(|(key, equals, value)| key + &equals + &value)];
    (space(), prop_oneof![8 => Just(""), 1 => Just("/-"), 1 => Just("/-\n ")], plain)
        .prop_map(|(space, slash, plain)| format!("{space}{slash}{plain}"))
}

/// A node and its end. The oracle wants a newline behind a node that is commented out.
fn finish(node: String, end: &str) -> String {
    let end = if node.starts_with("/-") { "\n" } else { end };
    node + end
}

pub fn document() -> impl Strategy<Value = String> {
    let end = || prop::sample::select(vec!["\n", ";", " ; ", "\r\n", " // end\n", "\u{2028}"]);
    let head = move || {
        (prop_oneof![9 => Just(""), 1 => Just("/- ")], annotation(), string(), prop::collection::vec(entry(), 0..4))
            .prop_map(|(slash, ty, name, entries)| format!("{slash}{ty}{name}{}", entries.concat()))
    };
    let leaf = (head(), end()).prop_map(|(head, end)| finish(head, end));
    let node = leaf.prop_recursive(3, 12, 3, move |inner| {
        (head(), prop_oneof![5 => Just(" "), 1 => Just(" /-{ gone } ")], prop::collection::vec(inner, 0..3), end())
            .prop_map(|(head, gap, inner, end)| finish(format!("{head}{gap}{{ {} }}", inner.concat()), end))
    });
    prop::collection::vec(node, 0..4).prop_map(|nodes| nodes.concat())
}

const PIECES: &[&str] = &[
    "a", "b", "n ", " ", " ", " ", "\n", "\n", ";", "{", "}", "/-", "//", "/*", "*/", "\\", "\"", "\"", "\"\"\"",
    "\"\"\"\n", "\n\"\"\"", "#", "#\"", "\"#", "##\"", "\"\"\"#", "(", ")", "=", "1", "-", "+", ".", "0x", "_", "e",
    "true", "#true", "é", "\u{a0}", "\r", "\u{2028}", "\\n", "\\u{41}", "\\u{", "[", "*", "/", "\t", "\u{3000}", "r",
    "(t)", "k=", "{}", "{ x; }", "\\s", "\\\n", ",", "inf", "\u{85}", "日",
];

pub fn soup() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(PIECES), 0..14).prop_map(|pieces| pieces.concat())
}

fn mutated() -> impl Strategy<Value = String> {
    (document(), any::<prop::sample::Index>(), any::<prop::sample::Index>(), prop::sample::select(PIECES)).prop_map(
        |(mut text, at, to, piece)| {
            let places: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
            let (a, b) = (*at.get(&places), *to.get(&places));
            if a <= b && b - a < 20 {
                text.replace_range(a..b, piece);
            } else {
                text.insert_str(a, piece);
            }
            text
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn valid_documents_mean_what_the_oracle_says(text in document()) {
        let (_, problems) = read(&text);
        prop_assert!(problems.is_empty(), "refused: {text:?}\n{}", plain(&text, &problems));
        sound(&text)?;
        agree(&text)?;
    }

    #[test]
    fn mutated_documents_are_judged_alike(text in mutated()) {
        sound(&text)?;
        if !oracle_is_wrong(&text) {
            agree(&text)?;
        }
    }

    #[test]
    fn pieces_of_the_language_in_any_order_are_judged_alike(text in soup()) {
        sound(&text)?;
        if !oracle_is_wrong(&text) {
            agree(&text)?;
        }
    }

    #[test]
    fn nothing_panics_on_any_text(text in any::<String>(), bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        sound(&text)?;
        sound(&String::from_utf8_lossy(&bytes))?;
    }
}
