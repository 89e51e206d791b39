//! Each production of the grammar, and the canonical form of what it reads.

use hacc::syntax::print::canonical;

use crate::layout::keeps_everything;
use crate::support::{plain, read};

fn check(cases: &[(&str, &str)]) {
    for (text, expected) in cases {
        let (document, problems) = read(text);
        assert!(problems.is_empty(), "{text:?} has errors:\n{}", plain(text, &problems));
        assert_eq!(canonical(&document), *expected, "from {text:?}");
        keeps_everything(text).unwrap();
        let (again, problems) = read(expected);
        assert!(problems.is_empty(), "the canonical form of {text:?} has errors:\n{}", plain(expected, &problems));
        assert_eq!(canonical(&again), *expected, "the canonical form of {text:?} is not stable");
    }
}

#[test]
fn documents_and_terminators() {
    check(&[
        ("", "\n"),
        ("\u{FEFF}", "\n"),
        ("\u{FEFF}a", "a\n"),
        (" \t\n\r\n ", "\n"),
        ("a", "a\n"),
        ("a;", "a\n"),
        ("a;b;c", "a\nb\nc\n"),
        ("a ; b", "a\nb\n"),
        ("a\nb\rc\r\nd", "a\nb\nc\nd\n"),
        ("a\u{B}b\u{C}c\u{85}d\u{2028}e\u{2029}f", "a\nb\nc\nd\ne\nf\n"),
        ("a // told\nb", "a\nb\n"),
        ("a//told", "a\n"),
        ("/- kdl-version 2\na", "a\n"),
        ("\u{FEFF}/- kdl-version 1\na", "a\n"),
        ("a\na\na", "a\na\na\n"),
    ]);
}

#[test]
fn spaces_and_comments() {
    check(&[
        ("a\u{A0}1\u{1680}2\u{2000}3\u{200A}4\u{202F}5\u{205F}6\u{3000}7\t8", "a 1 2 3 4 5 6 7 8\n"),
        ("a /* b */ c", "a c\n"),
        ("a/* b */c", "a c\n"),
        ("a /* /* b */ \n */ c", "a c\n"),
        ("/**/a/***/", "a\n"),
        ("/*/ */a", "a\n"),
        ("/* // */ a", "a\n"),
        ("// /*\na", "a\n"),
        ("a \\\n b", "a b\n"),
        ("a\\\nb", "a b\n"),
        ("a \\ /* c */ // d\r\n b", "a b\n"),
        ("a \\\n \\\n b", "a b\n"),
        ("a \\", "a\n"),
        ("\\\na", "a\n"),
        ("a \\\n\nb", "a\nb\n"),
        ("a{\\\nb\\\n}", "a {\n    b\n}\n"),
    ]);
}

#[test]
fn entries() {
    check(&[
        ("a 1 k=2 b", "a 1 b k=2\n"),
        ("a z=1 b=2 m=3", "a b=2 m=3 z=1\n"),
        ("a k=1 k=2", "a k=2\n"),
        ("a k=1 \"k\"=2 #\"k\"#=3", "a k=3\n"),
        ("a k = 1", "a k=1\n"),
        ("a k /* x */ = \\\n (t) /* y */ 1", "a k=(t)1\n"),
        ("a k=\"=\"", "a k=\"=\"\n"),
        ("a \"\"=\"\"", "a \"\"=\"\"\n"),
        ("\"\" 1", "\"\" 1\n"),
        ("#\"a b\"# 1", "\"a b\" 1\n"),
        ("a é=ü", "a é=ü\n"),
    ]);
}

#[test]
fn type_annotations() {
    check(&[
        ("(t)a", "(t)a\n"),
        ("(t) a", "(t)a\n"),
        ("( /* x */ t \\\n ) \\\n a (\"u v\")1 k=(#\"w\"#)2", "(t)a (\"u v\")1 k=(w)2\n"),
        ("a (t)#true (t)\"s\" (t)0x10", "a (t)#true (t)s (t)16\n"),
        ("a k=(\"\")1", "a k=(\"\")1\n"),
        ("(\"t\")\"a\"", "(t)a\n"),
    ]);
}

#[test]
fn children() {
    check(&[
        ("a { b }", "a {\n    b\n}\n"),
        ("a{b}", "a {\n    b\n}\n"),
        ("a{b;c;}", "a {\n    b\n    c\n}\n"),
        ("a {}", "a\n"),
        ("a {\n}\nb", "a\nb\n"),
        ("a { b { c } }; d", "a {\n    b {\n        c\n    }\n}\nd\n"),
        ("a \\\n{ b }", "a {\n    b\n}\n"),
        ("a { b // c\n}", "a {\n    b\n}\n"),
        ("a 1 { b; } // c", "a 1 {\n    b\n}\n"),
    ]);
}

#[test]
fn slashdashes() {
    check(&[
        ("/-a", "\n"),
        ("/- a 1 { b }\nc", "c\n"),
        ("/-\n\n// why\na\nb", "b\n"),
        ("/-(t)a\nb", "b\n"),
        ("a;/-b;c", "a\nc\n"),
        ("a /-1 2", "a 2\n"),
        ("a 1/-2", "a 1\n"),
        ("a/-b", "a\n"),
        ("a /-k=1 k=2", "a k=2\n"),
        ("a k=1 /-k=2", "a k=1\n"),
        ("a /- /* x */ \\\n 1 2", "a 2\n"),
        ("a /-\n1 2", "a 2\n"),
        ("a /-// x\n1 2", "a 2\n"),
        ("a /-(t)1 2", "a 2\n"),
        ("a /--1", "a\n"),
        ("a /-\"\"\"\nx\n\"\"\" y", "a y\n"),
        ("a /-{ b }", "a\n"),
        ("a/-{b}{c}/-{d}", "a {\n    c\n}\n"),
        ("a /-{ b } /-{ c } { d }", "a {\n    d\n}\n"),
        ("a {} /-{ b }", "a\n"),
        ("a /-\n{ b }\nc", "a\nc\n"),
        ("a { /-b }", "a\n"),
        ("a { /-b; c }", "a {\n    c\n}\n"),
        ("/- a /- 1\nb", "b\n"),
        ("/- a { /- b /- { c } }\nd \"\\t\"", "d \"\\t\"\n"),
    ]);
}

#[test]
fn bare_strings() {
    check(&[
        ("- + -- +- . .. -. +. -.a ..1 --1 a.1", "- + -- +- . .. -. +. -.a ..1 --1 a.1\n"),
        ("a:b'c,d<e>f|g*h&i^j%k$l@m!n~o`p?q_", "a:b'c,d<e>f|g*h&i^j%k$l@m!n~o`p?q_\n"),
        ("truely nulls infinite -info nanny", "truely nulls infinite -info nanny\n"),
        ("_1 ?1 日本 🦀 r rr", "_1 ?1 日本 🦀 r rr\n"),
        (
            "a \"true\" \"-inf\" \"1\" \"-1\" \".5\" \"a b\" \"\"",
            "a \"true\" \"-inf\" \"1\" \"-1\" \".5\" \"a b\" \"\"\n",
        ),
    ]);
}

#[test]
fn quoted_strings() {
    check(&[
        (r#"a "b""#, "a b\n"),
        (r#"a "\n\r\t\b\f\s\"\\""#, "a \"\\n\\r\\t\\b\\f \\\"\\\\\"\n"),
        (r#"a "\u{e9}\u{1F980}\u{0}\u{10FFFF}""#, "a \"é🦀\\u{0}\u{10FFFF}\"\n"),
        ("a \"b\\   c\" \"d\\\n\t\u{2028} e\" \"f\\ \\n\"", "a bc de \"f\\n\"\n"),
        ("a \"/ // /* { } ; = ( ) [ ] #\"", "a \"/ // /* { } ; = ( ) [ ] #\"\n"),
        ("a \"\\u{2028}\\u{85}\\u{b}\\u{202e}\"", "a \"\\u{2028}\\u{85}\\u{b}\\u{202e}\"\n"),
    ]);
}

#[test]
fn raw_strings() {
    check(&[
        ("a #\"\\n\"\"#", "a \"\\\\n\\\"\"\n"),
        (r###"a ##"b"#c"##"###, "a \"b\\\"#c\"\n"),
        ("a #\"\"#", "a \"\"\n"),
        (r##"a #""b"#"##, "a \"\\\"b\"\n"),
        (r##"a #"\"#"##, "a \"\\\\\"\n"),
    ]);
}

#[test]
fn strings_of_several_lines() {
    check(&[
        ("a \"\"\"\n\"\"\"", "a \"\"\n"),
        ("a \"\"\"\n\n\"\"\"", "a \"\"\n"),
        ("a \"\"\"\n\n\n\"\"\"", "a \"\\n\"\n"),
        ("a \"\"\"\n  b\n   c\n  \"\"\"", "a \"b\\n c\"\n"),
        ("a \"\"\"\r\n  b\r\n\r\n  c\r  \"\"\"", "a \"b\\n\\nc\"\n"),
        ("a \"\"\"\n\t b\n \n\t \"\"\"", "a \"b\\n\"\n"),
        ("a \"\"\"\n  b \\\n     c\n  \"\"\"", "a \"b c\"\n"),
        ("a \"\"\"\n  b\n  \\  \"\"\"", "a b\n"),
        ("a \"\"\"\n  b\n\\  \"\"\"", "a \"  b\"\n"),
        ("a \"\"\"\n \\n\\tb\\u{63}\n \"\"\"", "a \"\\n\\tbc\"\n"),
        ("a \"\"\"\n \\s\n \"\"\"", "a \" \"\n"),
        ("a \"\"\"\n\"\" \" \\\"\"\"\n\"\"\"", "a \"\\\"\\\" \\\" \\\"\\\"\\\"\"\n"),
        ("a \"\"\"\n\u{3000}é\n\u{3000}\"\"\"", "a é\n"),
        ("a #\"\"\"\n  \\n\"\"\"\n  \"\"\"#", "a \"\\\\n\\\"\\\"\\\"\"\n"),
        ("a ##\"\"\"\n\"\"\"#\n\"\"\"##", "a \"\\\"\\\"\\\"#\"\n"),
        ("a k=\"\"\"\n b\n \"\"\" c", "a c k=b\n"),
        ("\"\"\"\n a\n \"\"\" (\"\"\"\n t\n \"\"\")1", "a (t)1\n"),
    ]);
}

#[test]
fn numbers() {
    check(&[
        ("a 0 -0 +1 007 1_0_ 1___2", "a 0 0 1 7 10 12\n"),
        ("a 0x1F -0xf_F 0o17 0b10_1 +0b1_", "a 31 -255 15 5 1\n"),
        ("a 1.0 -1.50 +0.5 01.0 1_0.2_5_", "a 1.0 -1.50 0.5 1.0 10.25\n"),
        ("a 1e5 1E-5 1.5e+05 1e0_1", "a 1E+5 1E-5 1.5E+5 1E+1\n"),
        ("a 170141183460469231731687303715884105727", "a 170141183460469231731687303715884105727\n"),
        ("a -170141183460469231731687303715884105728", "a -170141183460469231731687303715884105728\n"),
        ("a 0170141183460469231731687303715884105728", "a 170141183460469231731687303715884105728\n"),
        ("a -0x1_00000000_00000000_00000000_00000000", "a -340282366920938463463374607431768211456\n"),
        ("a 1.5e99999", "a 1.5E+99999\n"),
        ("a #inf #-inf #nan k=#inf", "a #inf #-inf #nan k=#inf\n"),
        ("a #true #false #null", "a #true #false #null\n"),
    ]);
}
