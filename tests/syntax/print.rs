//! Documents as JSON.

use hacc::source::SourceMap;
use hacc::syntax::{self, print};

fn json(text: &str) -> String {
    let mut map = SourceMap::new();
    map.add("first.kdl", "é\n").unwrap();
    let id = map.add("dir/topo.kdl", text).unwrap();
    let (document, problems) = syntax::read(map.get(id));
    assert!(problems.is_empty(), "{problems:#?}");
    print::json(&document, map.get(id))
}

#[test]
fn json_has_every_part_and_its_place() {
    insta::assert_snapshot!(json("// é\n(t)a 1 k=(u)\"é\\n\" {\n  b\n}\nc {}\n"));
}

#[test]
fn json_values_keep_what_json_cannot_hold_as_text() {
    let text = json("a 9007199254740992 9007199254740993 -0x20000000000001 1.5 1e999 #inf #-inf #nan #true #null 1e2");
    let parsed: serde_json::Value = serde_json::from_str(&text).unwrap();
    let values: Vec<String> = parsed["nodes"][0]["entries"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| format!("{} {}", entry["kind"].as_str().unwrap(), entry["value"]))
        .collect();
    assert_eq!(
        values,
        [
            "integer 9007199254740992",
            "integer \"9007199254740993\"",
            "integer \"-9007199254740993\"",
            "float 1.5",
            "float \"1E+999\"",
            "float \"#inf\"",
            "float \"#-inf\"",
            "float \"#nan\"",
            "boolean true",
            "null null",
            "float 100.0",
        ]
    );
}

#[test]
fn columns_in_json_are_those_of_the_source() {
    let text = "(ü)é a=\"ü\" (ß)\"ö\" {\n  ä (u)1; ß k=(v)2 }\n日本 1\n";
    let mut map = SourceMap::new();
    let id = map.add("topo.kdl", text).unwrap();
    let source = map.get(id);
    let parsed: serde_json::Value = serde_json::from_str(&json(text)).unwrap();
    let mut open = vec![&parsed];
    let mut seen = 0;
    while let Some(value) = open.pop() {
        if let Some(start) = value.get("start").and_then(serde_json::Value::as_u64) {
            let expected = source.line_column(u32::try_from(start).unwrap());
            assert_eq!(
                (value["line"].as_u64(), value["column"].as_u64()),
                (Some(expected.0.into()), Some(expected.1.into()))
            );
            seen += 1;
        }
        open.extend(value.as_object().into_iter().flat_map(serde_json::Map::values));
        open.extend(value.as_array().into_iter().flatten());
    }
    assert!(seen > 20, "{seen}");
}
