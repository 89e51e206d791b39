//! The one layout: what it looks like, and that it changes nothing but the look.

use hacc::source::SourceMap;
use hacc::syntax::layout;
use hacc::syntax::print::canonical;
use proptest::prelude::*;

use crate::oracle;
use crate::support::{plain, read};

fn laid_out(text: &str) -> String {
    let mut map = SourceMap::new();
    let id = map.add("test.kdl", text).expect("a small text");
    layout::layout(map.get(id)).unwrap_or_else(|errors| panic!("{text:?} has errors:\n{}", plain(text, &errors)))
}

/// All that no layout may add, drop or move: everything but spaces, newlines, `;`, `\` and a byte order mark.
pub fn ink(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace() && !matches!(c, ';' | '\\' | '\u{FEFF}')).collect()
}

/// What holds for every text without errors.
pub fn keeps_everything(text: &str) -> Result<(), TestCaseError> {
    let first = laid_out(text);
    prop_assert_eq!(ink(&first), ink(text), "from {:?}\nto {:?}", text, first);
    let (before, _) = read(text);
    let (after, problems) = read(&first);
    prop_assert!(problems.is_empty(), "from {text:?}\nto {first:?}\n{}", plain(&first, &problems));
    prop_assert_eq!(canonical(&after), canonical(&before), "from {:?}\nto {:?}", text, first);
    let blocks = |document: &hacc::syntax::Document| -> Vec<bool> {
        document.all_nodes().map(|node| node.children_span().is_some()).collect()
    };
    prop_assert_eq!(blocks(&after), blocks(&before));
    let second = laid_out(&first);
    prop_assert_eq!(&second, &first, "not stable, from {:?}", text);
    Ok(())
}

fn check(cases: &[(&str, &str)]) {
    for (text, expected) in cases {
        assert_eq!(laid_out(text), *expected, "from {text:?}");
        keeps_everything(text).unwrap();
    }
}

/// A line that a comment speaks to hacc about stays one line: what it allows must not become another.
#[test]
fn a_line_that_something_is_allowed_on() {
    check(&[
        ("a;b  // hacc: allow(x) reason=\"y\"\nc;d", "a; b // hacc: allow(x) reason=\"y\"\nc\nd\n"),
        ("// hacc: allow(x)\na k=1;bb k=2;c\nd k=3;e", "// hacc: allow(x)\na k=1; bb k=2; c\nd k=3\ne\n"),
        ("n { a;b // hacc: allow(x)\n}", "n {\n    a; b // hacc: allow(x)\n}\n"),
        ("a {\n  c\n}; b // hacc: allow(x)", "a {\n    c\n}; b // hacc: allow(x)\n"),
        ("a; b // a remark for people", "a\nb // a remark for people\n"),
    ]);
    let wide = format!("node \"{}\" {{ a; b; }} // hacc: allow(x)\n", "n".repeat(120));
    assert_eq!(laid_out(&wide), wide);
}

#[test]
fn nodes_and_blank_lines() {
    check(&[
        ("", ""),
        ("\u{FEFF}\n\n", ""),
        ("\n\n a  1\t\"b\"\r\n", "a 1 \"b\"\n"),
        ("a;b ; c;", "a\nb\nc\n"),
        ("a\n\n\n\nb\nc\n\n", "a\n\nb\nc\n"),
        ("a k = 1 /-b  ( t ) \"c\" d=(u) 2", "a k=1 /-b (t)\"c\" d=(u)2\n"),
        ("/- a\n/-\n\nb", "/-a\n/-b\n"),
        ("/- kdl-version 2\na", "/- kdl-version 2\na\n"),
        ("a 0x1F 1_000 #\"\\\"# \"\\u{e9}\" é +1.5e3", "a 0x1F 1_000 #\"\\\"# \"\\u{e9}\" é +1.5e3\n"),
    ]);
}

#[test]
fn blocks() {
    check(&[
        ("a {b;c}", "a { b; c; }\n"),
        ("a{b{c}}", "a { b { c; } }\n"),
        ("a{b{c};d}", "a { b { c; }; d; }\n"),
        ("a {\n\n  b; c\n\n\n\td { e }\n\n}", "a {\n    b\n    c\n\n    d { e; }\n}\n"),
        ("a { b {\n c } }", "a {\n    b {\n        c\n    }\n}\n"),
        ("a {\n} /-{}", "a {} /-{}\n"),
        ("a /- { b } { c\n}", "a /-{\n    b\n} {\n    c\n}\n"),
        ("a { /- b; /* x */ c /* y */ }", "a { /-b; /* x */ c /* y */; }\n"),
    ]);
    let long = "b".repeat(layout::WIDTH);
    check(&[
        (&format!("a {{ {}; }}", &long[7..]), &format!("a {{ {}; }}\n", &long[7..])),
        (&format!("a {{ {}; }}", &long[6..]), &format!("a {{\n    {}\n}}\n", &long[6..])),
        (
            &format!("a {{ b {{ {0}; }}; c; }}", &long[12..]),
            &format!("a {{\n    b {{ {} }}\n    c\n}}\n", &(long[12..].to_owned() + ";")),
        ),
    ]);
}

#[test]
fn comments() {
    check(&[
        ("//a  \n  // b\n\n\n//c", "//a\n// b\n\n//c\n"),
        ("a  // b\n    // c", "a // b\n// c\n"),
        ("a; // b\nc /* d */;/* e */ f", "a // b\nc /* d */\n/* e */ f\n"),
        ("a{ // why\n// b\nc\n// d\n}// e", "a { // why\n    // b\n    c\n    // d\n} // e\n"),
        ("a{/* b */}", "a { /* b */ }\n"),
        ("a{ /* b */\n}", "a { /* b */\n}\n"),
        ("  /* a\n     b */\nc", "/* a\n     b */\nc\n"),
        ("/* a */ /* /* b */ */ // c\nd", "/* a */ /* /* b */ */ // c\nd\n"),
        (
            "a/* b */k/* c */=/* d */(/* e */t/* f */)/* g */1",
            "a /* b */ k /* c */ = /* d */ ( /* e */ t /* f */ ) /* g */ 1\n",
        ),
        ("/- // why\na /-// x\n1 2", "/- // why\n    a /- // x\n    1 2\n"),
    ]);
}

#[test]
fn continued_lines() {
    check(&[
        ("a \\\n 1 \\\n\\\n2", "a \\\n    1 \\\n    2\n"),
        ("a { b \\\n 1\n}", "a {\n    b \\\n        1\n}\n"),
        ("a \\ /* b */ // c\n  \\ // d\n 1", "a \\ /* b */ // c\n    \\ // d\n    1\n"),
        ("a k \\\n = \\\n (t) \\\n 1", "a k=(t)1\n"),
        ("a \\\n", "a\n"),
        ("a \\\n\nb", "a\n\nb\n"),
        ("a \\\n;\nb", "a\nb\n"),
        ("a 1 \\\n{ b }", "a 1 { b; }\n"),
        ("a \\ // b\n // c\n\nd", "a // b\n// c\n\nd\n"),
        ("a \\ // b\n \\ // c\n\nd", "a // b\n// c\n\nd\n"),
        ("\\\na", "a\n"),
        ("/* a */ \\\n b", "/* a */ b\n"),
    ]);
}

#[test]
fn strings_of_several_lines_stay_as_they_are() {
    check(&[
        ("a   \"\"\"\r\n\t x\r\n\t \"\"\"   1", "a \"\"\"\n\t x\n\t \"\"\" 1\n"),
        (
            "a {\n k=#\"\"\"\n  x\n  \"\"\"# { b }\n}".replace("k=", "b k=").as_str(),
            "a {\n    b k=#\"\"\"\n  x\n  \"\"\"# { b; }\n}\n",
        ),
        ("a \"b \\\n   c\"", "a \"b \\\n   c\"\n"),
    ]);
}

#[test]
fn columns_of_neighbours() {
    check(&[
        (
            "s \"a\" k=1\ns \"bcd\" k=2 // x\ns \"ef\" k=345 // y\n\ns \"g\" k=1",
            "s \"a\"   k=1\ns \"bcd\" k=2   // x\ns \"ef\"  k=345 // y\n\ns \"g\" k=1\n",
        ),
        ("s a k=1\nt abc k=1\ns abc k=1", "s a k=1\nt abc k=1\ns abc k=1\n"),
        ("s a k=1\n// x\ns abc k=1", "s a k=1\n// x\ns abc k=1\n"),
        ("s a k=1\ns abc\ns ab k=1", "s a  k=1\ns abc\ns ab k=1\n"),
        ("s a k=1\ns abc def k=1", "s a k=1\ns abc def k=1\n"),
        ("s a k=1\ns abc k=1 {\n}\ns ab k=2 { x }", "s a   k=1\ns abc k=1 {}\ns ab  k=2 { x; }\n"),
        ("s a k=1\ns abc k=1 {\nx }", "s a k=1\ns abc k=1 {\n    x\n}\n"),
        ("s a \\\n k=1\ns abc k=1", "s a \\\n    k=1\ns abc k=1\n"),
        ("s a k=1\n/-s abc /-k=1 l=2", "s a     k=1\n/-s abc /-k=1 l=2\n"),
        ("a // x\nbcd // y\n\ne // z", "a   // x\nbcd // y\n\ne // z\n"),
        ("a // x\nbcd\nef // z", "a // x\nbcd\nef // z\n"),
    ]);
    let long = "x".repeat(layout::WIDTH);
    check(&[(&format!("s a k=1\ns ab k={long}"), &format!("s a  k=1\ns ab k={long}\n"))]);
    // What is wide makes no column.
    let wide = "w".repeat(40);
    check(&[
        (&format!("s a k=1\ns {wide} k=1"), &format!("s a k=1\ns {wide} k=1\n")),
        (&format!("a // x\n{wide}{wide}1 // y"), &format!("a // x\n{wide}{wide}1 // y\n")),
    ]);
}

fn gap() -> impl Strategy<Value = &'static str> {
    prop_oneof![
        6 => Just(" "),
        4 => prop::sample::select(vec![
            "  ", "/* c */", " /* m\n l */ ", " \\\n", "\\ // c\n", " \\ /* c */ // d\r\n \\\n", " \\\n /* c */ ", "\t\\\n \\ // e\n",
        ]),
    ]
}

fn between() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "\n",
        "\n",
        "\n\n",
        "\r\n",
        " ",
        "// c\n",
        "  // d  \n",
        "/* e */",
        "/* f\n  g */ ",
        "\\\n",
        "\\ // h\n",
        "/* /* i */ */",
    ]);
    prop::collection::vec(piece, 0..4).prop_map(|pieces| pieces.concat())
}

fn end() -> impl Strategy<Value = String> {
    (prop_oneof![4 => Just(""), 1 => gap()], prop::sample::select(vec!["\n", "\n", ";", "// z\n", "\u{2028}"]))
        .prop_map(|(gap, end)| format!("{gap}{end}"))
}

fn slashdash() -> impl Strategy<Value = &'static str> {
    prop_oneof![8 => Just(""), 2 => prop::sample::select(vec!["/-", "/- ", "/-\n\n", "/- // x\n", "/-/* y */", "/-\\ // z\n"])]
}

fn head() -> impl Strategy<Value = String> {
    let name =
        prop_oneof![3 => prop::sample::select(vec!["s", "secret"]).prop_map(str::to_owned), 1 => oracle::string()];
    let property =
        (oracle::string(), "=| =|= ", oracle::value()).prop_map(|(key, equals, value)| key + &equals + &value);
    let entry = (gap(), slashdash(), prop_oneof![oracle::value(), property])
        .prop_map(|(gap, slash, entry)| format!("{gap}{slash}{entry}"));
    (slashdash(), oracle::annotation(), name, prop::collection::vec(entry, 0..4))
        .prop_map(|(slash, ty, name, entries)| format!("{slash}{ty}{name}{}", entries.concat()))
}

/// Nodes with comments wherever one can stand.
pub fn commented() -> impl Strategy<Value = String> {
    let leaf = (between(), head(), end()).prop_map(|(before, head, end)| before + &head + &end);
    let node = leaf.prop_recursive(3, 16, 4, |inner| {
        let block = move |slash: &'static str| {
            (gap(), prop::collection::vec(inner.clone(), 0..4), between())
                .prop_map(move |(gap, inner, rest)| format!("{gap}{slash}{{{}{rest}}}", inner.concat()))
        };
        let silent = prop_oneof![6 => Just(String::new()).boxed(), 1 => block("/-").boxed()];
        (between(), head(), silent, block(""), end())
            .prop_map(|(before, head, silent, block, end)| before + &head + &silent + &block + &end)
    });
    (prop::collection::vec(node, 0..5), between()).prop_map(|(nodes, rest)| nodes.concat() + &rest)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 512, ..ProptestConfig::default() })]

    #[test]
    fn comments_anywhere_stay(text in commented()) {
        let (_, problems) = read(&text);
        prop_assert!(problems.is_empty(), "refused: {text:?}\n{}", plain(&text, &problems));
        keeps_everything(&text)?;
    }

    #[test]
    fn any_document_keeps_its_meaning(text in oracle::document()) {
        keeps_everything(&text)?;
    }

    #[test]
    fn whatever_is_no_error_has_a_layout(text in oracle::soup()) {
        if read(&text).1.is_empty() {
            keeps_everything(&text)?;
        }
    }
}

/// Every KDL file here that can be read.
fn kdl_files() -> Vec<(String, String)> {
    let mut open = ["examples", "schemas", "stdlib", "tests"].map(std::path::PathBuf::from).to_vec();
    let mut found = Vec::new();
    while let Some(dir) = open.pop() {
        for entry in std::fs::read_dir(dir).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|ending| ending == "kdl")
                && let Ok(text) = std::fs::read_to_string(&path)
            {
                found.push((path.to_string_lossy().into_owned(), text));
            }
        }
    }
    found.sort();
    found
}

#[test]
fn every_file_keeps_its_meaning() {
    let mut laid = 0;
    for (path, text) in kdl_files() {
        if read(&text).1.is_empty() {
            keeps_everything(&text).unwrap_or_else(|error| panic!("{path}: {error}"));
            laid += 1;
        }
    }
    assert!(laid > 300, "only {laid} files could be read");
}

#[test]
fn what_a_user_is_shown_has_the_layout() {
    for (path, text) in kdl_files() {
        if path.starts_with("examples") || path == "stdlib/init.kdl" {
            assert_eq!(laid_out(&text), text, "{path}: run `hacc fmt`");
        }
    }
}
