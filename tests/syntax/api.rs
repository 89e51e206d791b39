//! What a document offers, and that every span covers what it is said to cover.

use hacc::source::SourceMap;
use hacc::syntax::{self, Entry, Kind, Node, Value};

use crate::support::read;

const SAMPLE: &str = "\u{FEFF}// é\n(t)\"näme\" 1 (u)\"two\" k = (v)0x1F k=#\"r\"# /-gone {\n    child -2.5 \\\n        \"a\\nb\" // why\n    /-gone 1\n}  ;\nlast\n";

#[test]
fn spans_cover_what_was_read_also_behind_another_text() {
    let mut map = SourceMap::new();
    map.add("other.kdl", "x\n").unwrap();
    let id = map.add("sample.kdl", SAMPLE).unwrap();
    let (document, problems) = syntax::read(map.get(id));
    assert!(problems.is_empty(), "{problems:#?}");
    let text = |span| map.text_of(span).unwrap();

    let nodes: Vec<Node<'_>> = document.nodes().collect();
    let [first, last] = nodes[..] else { panic!("two nodes") };
    assert_eq!((first.name(), text(first.name_span())), ("näme", "\"näme\""));
    let ty = first.ty().unwrap();
    assert_eq!((ty.value, text(ty.span)), ("t", "(t)"));
    assert!(text(first.span()).starts_with("(t)\"näme\" 1") && text(first.span()).ends_with("/-gone 1\n}"));
    assert!(
        text(first.children_span().unwrap()).starts_with("{\n    child")
            && text(first.children_span().unwrap()).ends_with('}')
    );
    assert_eq!((text(last.span()), last.children_span(), last.ty()), ("last", None, None));

    let entries: Vec<Entry<'_>> = first.entries().collect();
    let [Entry::Arg(one), Entry::Arg(two), Entry::Prop(hex), Entry::Prop(raw)] = entries[..] else {
        panic!("{entries:?}")
    };
    assert_eq!((one.kind(), text(one.span()), one.ty()), (Kind::Integer(1), "1", None));
    assert_eq!(
        (two.as_str(), two.raw(), text(two.span()), text(two.typed_span())),
        (Some("two"), "\"two\"", "\"two\"", "(u)\"two\"")
    );
    assert_eq!((hex.key(), text(hex.key_span()), text(hex.value().span())), ("k", "k", "0x1F"));
    assert_eq!((text(hex.span()), text(hex.value().ty().unwrap().span)), ("k = (v)0x1F", "(v)"));
    assert_eq!((text(raw.span()), raw.value().as_str()), ("k=#\"r\"#", Some("r")));

    let child = first.children().next().unwrap();
    assert_eq!(text(child.span()), "child -2.5 \\\n        \"a\\nb\"");
    assert_eq!(child.arg(1).unwrap().as_str(), Some("a\nb"));
    assert_eq!(first.children().count(), 1, "a node that is commented out is no child");
}

#[test]
fn the_last_property_counts_and_all_can_be_seen() {
    let (document, _) = read("a k=1 b k=2 /-k=3 c");
    let node = document.nodes().next().unwrap();
    assert_eq!(node.prop("k").unwrap().value().as_integer(), Some(2));
    assert!(node.prop("b").is_none());
    assert_eq!(node.props().count(), 2);
    assert_eq!(node.args().filter_map(Value::as_str).collect::<Vec<_>>(), ["b", "c"]);
}

#[test]
fn values_say_what_they_are() {
    let (document, _) = read("a 1 1.0 0x10 #true #null s 170141183460469231731687303715884105728 #inf 1e999 -9_0");
    let values: Vec<Value<'_>> = document.nodes().next().unwrap().args().collect();
    let kinds: Vec<Kind<'_>> = values.iter().map(|value| value.kind()).collect();
    assert_eq!(
        kinds,
        [
            Kind::Integer(1),
            Kind::Float(1.0),
            Kind::Integer(16),
            Kind::Bool(true),
            Kind::Null,
            Kind::String("s"),
            Kind::BigInteger("170141183460469231731687303715884105728"),
            Kind::Float(f64::INFINITY),
            Kind::Float(f64::INFINITY),
            Kind::Integer(-90),
        ]
    );
    let integers: Vec<bool> = values.iter().map(|value| value.is_integer()).collect();
    assert_eq!(integers, [true, false, true, false, false, false, true, false, false, true]);
    assert_eq!(
        (values[3].as_bool(), values[4].is_null(), values[5].as_integer(), values[6].as_integer()),
        (Some(true), true, None, None)
    );
}

#[test]
fn parents_children_and_numbers_of_nodes_agree() {
    let (document, _) = read("a { b { c; }; d }\ne { f }");
    let walk: Vec<(&str, Option<&str>)> =
        document.all_nodes().map(|node| (node.name(), node.parent().map(Node::name))).collect();
    assert_eq!(
        walk,
        [("a", None), ("b", Some("a")), ("c", Some("b")), ("d", Some("a")), ("e", None), ("f", Some("e"))]
    );
    let a = document.nodes().next().unwrap();
    assert_eq!(a.children().map(Node::name).collect::<Vec<_>>(), ["b", "d"]);
    for node in document.all_nodes() {
        assert_eq!(document.node(node.id()).unwrap().name_span(), node.name_span());
    }
    assert!(document.node(syntax::NodeId(6)).is_none());
}

#[test]
fn what_is_good_survives_what_is_not() {
    let (document, problems) = read("a 1 true 2 k= {\n  b 5s\n  c x=\"y\n}; d\ne )\nf {\n  g\n");
    assert_eq!(problems.len(), 6, "{problems:#?}");
    let names: Vec<&str> = document.all_nodes().map(Node::name).collect();
    assert_eq!(names, ["a", "b", "c", "d", "e", "f", "g"]);
    let a = document.nodes().next().unwrap();
    assert_eq!(a.args().map(Value::raw).collect::<Vec<_>>(), ["1", "true", "2"]);
    assert!(a.prop("k").is_none());
}

#[test]
fn integers_are_exact_up_to_the_ends_of_their_range() {
    for (raw, value) in [
        ("999999999999999", 999_999_999_999_999),
        ("-9223372036854775809", -9_223_372_036_854_775_809),
        ("0xfffffffffffffff", 0xfff_ffff_ffff_ffff),
        ("18446744073709551616", 18_446_744_073_709_551_616),
        ("170141183460469231731687303715884105727", i128::MAX),
        ("-170141183460469231731687303715884105728", i128::MIN),
    ] {
        let (document, _) = read(&format!("a {raw}"));
        assert_eq!(document.nodes().next().unwrap().arg(0).unwrap().as_integer(), Some(value));
    }
}

#[test]
fn what_is_commented_out_at_the_end_is_not_part_of_the_node() {
    let (document, _) = read("a 1 /-2 /-{ b }\n");
    assert_eq!(document.nodes().next().unwrap().span(), hacc::source::Span::new(0, 3));
}

#[test]
fn blocks_keep_their_shape_behind_an_error() {
    for text in ["p { a \"x\"y { d }; e\n q\n}\nr", "p { a \"x\"y {\n d }; e\n q\n}\nr", "p { a x\"y }\nr { q }"] {
        let (document, problems) = read(text);
        assert_eq!(problems.len(), 1, "{problems:#?}");
        let top: Vec<&str> = document.nodes().map(Node::name).collect();
        assert_eq!(top, ["p", "r"], "in {text:?}");
    }
}
