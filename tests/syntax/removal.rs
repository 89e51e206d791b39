//! Parts taken out of a text.

use std::ops::Range;

use hacc::syntax::{Document, Entry, removal};
use proptest::prelude::*;

use crate::layout::{commented, ink};
use crate::support::{plain, read};

/// The text without one part of it; `None` where that cannot be.
fn without(document: &Document, part: Range<usize>) -> Option<String> {
    let mut gone = removal(document, part)?;
    gone.sort_by_key(|range| std::cmp::Reverse(range.start));
    let mut text = document.text().to_owned();
    for range in gone {
        text.replace_range(range, "");
    }
    Some(text)
}

fn local(span: hacc::source::Span) -> Range<usize> {
    span.start as usize..span.end as usize
}

fn removed(text: &str, what: &str) -> String {
    let (document, _) = read(text);
    let start = text.find(what).unwrap();
    without(&document, start..start + what.len()).unwrap()
}

#[test]
fn a_line_comment_goes_with_its_line_or_the_space_before_it() {
    for (text, expected) in [
        ("a\n    // why\nb", "a\nb"),
        ("// why\r\na", "a"),
        ("a { // why\n}", "a {\n}"),
        ("a 1 \t // why\nb", "a 1\nb"),
        ("a \\ // why\n 1", "a \\\n 1"),
        ("a\n// why", "a\n"),
        ("a // why", "a"),
    ] {
        assert_eq!(removed(text, "// why"), expected, "from {text:?}");
    }
}

#[test]
fn a_node_goes_with_what_it_alone_needs() {
    for (text, expected) in [
        ("a\nx 1 k=2\nb\n", "a\nb\n"),
        ("a\n    x 1 k=2   \r\nb", "a\nb"),
        ("x 1 k=2", ""),
        ("a; x 1 k=2; b", "a; b"),
        ("a; x 1 k=2\nb", "a;\nb"),
        ("a { x 1 k=2; }\n", "a\n"),
        ("a{x 1 k=2}; b", "a; b"),
        ("a { x 1 k=2; b; }\n", "a { b; }\n"),
        ("a { b; x 1 k=2; }\n", "a { b; }\n"),
        ("a {\n    x 1 k=2\n}\n", "a\n"),
        ("a 1 { // why\n    x 1 k=2\n} // b\n", "a 1 // why\n // b\n"),
        ("a {\n    x 1 k=2 // why\n}\nb", "a\n    // why\nb"),
        ("a {\n    // why\n    x 1 k=2\n}; b", "a\n    // why\n b"),
        ("a { /* b */ x 1 k=2; }; b", "a /* b */ ; b"),
        ("a { /* b */ x 1 k=2 /* c */; d }", "a { /* b */ /* c */ d }"),
    ] {
        assert_eq!(removed(text, "x 1 k=2"), expected, "from {text:?}");
    }
    assert_eq!(removed("a\n(t)x { y\n}\nb", "(t)x { y\n}"), "a\nb");
    // Half a node is only that.
    assert_eq!(removed("a 12", "2"), "a 1");
    // What is commented out behind a node needs it, and what is commented out beside it the braces.
    for text in ["x 1 /-2", "x 1 /* a */ /-{ b }", "x 1 \\\n /-2", "a { x 1; /-b; }", "a {\n// b\nx 1\n} /-{ c }"] {
        let start = text.find("x 1").unwrap();
        assert_eq!(removal(&read(text).0, start..start + 3), None, "{text:?}");
    }
}

#[test]
fn an_argument_or_property_goes_with_the_space_before_it() {
    assert_eq!(removed("a k=1 l=2 m=3", "l=2"), "a k=1 m=3");
    assert_eq!(removed("a k=1  l=2 { b }", "l=2"), "a k=1 { b }");
    assert_eq!(removed("a k=1 \\\n    l=2 m=3", "l=2"), "a k=1 \\\n    m=3");
    assert_eq!(removed("a (t)\"x\" // b", "(t)\"x\""), "a // b");
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 512, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_taken_out_the_rest_stays(text in commented()) {
        let (document, _) = read(&text);
        let nodes = document.all_nodes().map(|node| {
            let below = document.all_nodes().filter(|other| {
                node.span().start <= other.span().start && other.span().end <= node.span().end
            });
            (local(node.span()), below.count())
        });
        let entries = document.all_nodes().flat_map(|node| node.entries().collect::<Vec<_>>()).map(|entry| {
            let span = match entry {
                Entry::Arg(value) => value.typed_span(),
                Entry::Prop(prop) => prop.span(),
            };
            (local(span), 0)
        });
        for (part, lost) in nodes.chain(entries) {
            let Some(rest) = without(&document, part.clone()) else { continue };
            let (after, problems) = read(&rest);
            prop_assert!(problems.is_empty(), "{part:?} of {text:?}\ngives {rest:?}\n{}", plain(&rest, &problems));
            prop_assert_eq!(after.node_count(), document.node_count() - lost, "{:?} of {:?}\ngives {:?}", part, text, rest);
            let mut expected = text.clone();
            expected.replace_range(part.clone(), "");
            let ink = |text: &str| ink(text).replace(['{', '}'], "");
            prop_assert_eq!(ink(&rest), ink(&expected), "{:?} of {:?}", part, text);
        }
    }
}
