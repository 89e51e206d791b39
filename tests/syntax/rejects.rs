//! What is no KDL 2, and where the error is told.

use crate::support::read;

/// Each text with `«»` around the place of its first error, which is its only one.
fn check(cases: &[&str]) {
    for marked in cases {
        let start = marked.find('«').expect("a case has a place");
        let end = marked.find('»').expect("a case has an end") - '«'.len_utf8();
        let text = marked.replace(['«', '»'], "");
        let (_, problems) = read(&text);
        let spans: Vec<_> = problems
            .iter()
            .map(|problem| (problem.labels[0].span.start as usize, problem.labels[0].span.end as usize))
            .collect();
        assert_eq!(spans, [(start, end)], "in {text:?}: {problems:#?}");
    }
}

#[test]
fn structure() {
    check(&[
        "«;»",
        "a;«;»",
        "a\n«}»\nb",
        "a «{»\nb",
        "a {\n  b «{»\n",
        "«{» a; }\nb",
        "a {} «b» c\nd",
        "a {} «{» b }",
        "a { b } /-{ c } «{» d }",
        "a /-{ b } «c»",
        "a {} /-«b»",
    ]);
}

#[test]
fn entries() {
    check(&[
        "a «k=»",
        "a «k=»\nb",
        "a «k=» // c",
        "a { b «k=» }",
        "a «=»1",
        "a k=1 «=»2",
        "a k=«=»2",
        "a «1»=2",
        "a «#true»=2",
        "a «(t)»k=2",
        "a \"b\"«c»",
        "a \"b\"«\"»c\"",
        "a 1«(»t)2",
        "a b«(»t)2",
        "a #true«#»false",
    ]);
}

#[test]
fn words() {
    check(&[
        "«1» b",
        "«#true» b",
        "«true» b",
        "a «true»",
        "a k=«null»",
        "a «nan»=1",
        "(«inf»)a",
        "a «b/c» d",
        "a «/b»",
        "a «b[1]»",
        "a «[1]»",
        "a «)» b",
        "a b«\"»c\" d",
        "a «b#c»",
        "a «#yes»",
        "a «#»",
        "«#» text",
        "a «b\\c»",
        "a «\\» b",
        "a «r\"b\"» c",
        "a «r#\"b\"#» c",
        "a b «*/»",
    ]);
}

#[test]
fn numbers() {
    check(&[
        "a «5s»",
        "a «10.0.0.1»",
        "a «10.0.0.0/8»",
        "a «3.8.0-management»",
        "a «1.»",
        "a «1._5»",
        "a «.5»",
        "a «-.5»",
        "a «1e»",
        "a «1e+»",
        "a «1e5.2»",
        "a «0x»",
        "a «0x_1»",
        "a «0xg»",
        "a «0X1»",
        "a «0o8»",
        "a «0b2»",
        "a «1,» 2",
        "a k=«1-2»",
        "a «+1a»",
    ]);
}

#[test]
fn types() {
    check(&[
        "«()»a",
        "a «( )»1",
        "a «(»t 1",
        "a «(»t\nb",
        "a «(»\nb",
        "a («1»)b",
        "a («#true»)b",
        "«(t)»",
        "a «(t)»\nb",
        "a k=«(t)»",
        "a (t)«(u)»1",
        "a {\n «(t)»\n}",
    ]);
}

#[test]
fn slashdashes() {
    check(&[
        "«/-»",
        "a «/-»",
        "a «/-»;",
        "a { «/-» }",
        "a { b «/-» }",
        "/-«/-»a\nb",
        "a /- «/-»1 2",
        "(t)«/-»a",
        "a (t)«/-»1",
        "a k=«/-»1",
        "a («/-»t)1",
        "a k=(t)«/-»1",
        "/- «{» a }",
    ]);
}

#[test]
fn strings() {
    check(&[
        "a «\"»b",
        "a «\"»b\nc 1",
        "a «\"»b\n  c\"\nd",
        "a «#\"»b\"\nc",
        "a «##\"»b\"#\nc",
        "a «\"\"\"»\nb",
        "a «#\"\"\"»\nb\n\"\"\"",
        "a «\"\"\"»b\"\"\"",
        "a «\"\"\"»b\n\"\"\"",
        "a «#\"\"\"»\"#",
        "a \"\"\"\nb«\"\"\"»",
        "a \"\"\"\nb\n\"\"\"«\"»",
        "a \"\"\"\n  b\n\\s «\"\"\"»",
        "a \"\"\"\n« »b\n\t\"\"\"",
        "a \"\"\"\n«»b\n \"\"\"",
        "a \"«\\x»\"",
        "a \"«\\/»\" b",
        "a \"«\\u»\"",
        "a \"«\\u{}»\"",
        "a \"«\\u{41»\"",
        "a \"«\\u{D800}»\"",
        "a \"«\\u{110000}»\"",
        "a \"«\\u{0000041}»\"",
        "a \"\"\"\n«\\u{}»\n\"\"\"",
    ]);
}

#[test]
fn comments() {
    check(&["a «/*» b", "a «/*» /* b */", "a «/*» * /\n{", "a {\n«/*»\n}"]);
}

#[test]
fn characters() {
    check(&[
        "a «\u{0}»",
        "a «\u{1F}»b",
        "// «\u{7F}»",
        "/* «\u{202E}» */",
        "a \"«\u{2066}»\"",
        "a «\u{FEFF}»",
        "a «\u{200E}»",
        "a #\"«\u{8}»\"#",
    ]);
}
