//! Rendering: what people see of diagnostics, whatever the texts contain.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use hacc::diagnostic::Diagnostic;
use hacc::lint::{Confidence, Finding, Fix, Level};
use hacc::report::{Item, Style, Summary, Text, json};
use hacc::source::{SourceMap, Span};
use proptest::prelude::*;

fn plain(map: &SourceMap, hidden: &[Span], diagnostic: &Diagnostic) -> String {
    styled(map, hidden, diagnostic, Style { color: false, unicode: true, width: 80 })
}

fn styled(map: &SourceMap, hidden: &[Span], diagnostic: &Diagnostic, style: Style) -> String {
    let mut out = String::new();
    Text::new(map, hidden, style).render(Item::from(diagnostic), &mut out);
    out
}

/// A map of one text, and the span of the first `needle` in it.
fn one(text: &str, needle: &str) -> (SourceMap, Span) {
    let mut map = SourceMap::new();
    map.add("topo.kdl", text).unwrap();
    let at = u32::try_from(text.find(needle).unwrap()).unwrap();
    (map, Span::new(at, at + u32::try_from(needle.len()).unwrap()))
}

fn show(text: &str, needle: &str) -> String {
    let (map, span) = one(text, needle);
    plain(&map, &[], &Diagnostic::new("code", "what is wrong").label(span, "here"))
}

#[test]
fn several_files_the_main_one_first() {
    let mut map = SourceMap::new();
    map.add("a.kdl", "one\ntwo\n").unwrap();
    let b = map.add("b.kdl", "three\nfour\n").unwrap();
    let base = map.get(b).base();
    let diagnostic = Diagnostic::new("vrid-mismatch", "two things differ")
        .label(Span::new(base, base + 5), "this one")
        .label(Span::new(4, 7), "and that one")
        .note("a note that is long enough to be wrapped at the width of eighty columns, which it now is\nand a second line")
        .help("write something else");
    let finding = Finding {
        level: Level::Error,
        confidence: Confidence::Certain,
        diagnostic,
        fix: Some(Fix { title: "write it".into(), safe: false, edits: vec![(Span::new(4, 7), "2".into())] }),
    };
    let mut out = String::new();
    let items = [Item::from(&finding)];
    Text::new(&map, &[], Style { color: false, unicode: true, width: 80 }).render(items[0], &mut out);
    let ascii = Style { color: false, unicode: false, width: 80 };
    Text::new(&map, &[], ascii).render(items[0], &mut out);
    let summary = Summary::of(&items, 2);
    writeln!(out, "{}\n{}", summary.line(), json(&map, &items, summary)).unwrap();
    insta::assert_snapshot!(out);
}

#[test]
fn places_at_the_edges_of_texts() {
    let mut out = String::new();
    for (text, from, to) in [
        ("", 0, 0),
        ("node", 4, 4),
        ("node\n", 5, 5),
        ("node\n", 4, 5),
        ("a\r\nbb\r\nc", 3, 5),
        ("a\r\nbb\r\nc", 5, 7),
        ("a {\n  b\n  c\n}\n", 0, 13),
        ("\ttab\tx", 5, 6),
        ("漢字 x \u{1F600}y", 12, 13),
    ] {
        let mut map = SourceMap::new();
        map.add("t", text).unwrap();
        let _ = write!(
            out,
            "── {text:?} {from}..{to}\n{}",
            plain(&map, &[], &Diagnostic::new("c", "m").label(Span::new(from, to), "here"))
        );
    }
    out.push_str(&plain(&SourceMap::new(), &[], &Diagnostic::new("no-place", "nothing was written").help("write")));
    insta::assert_snapshot!(out);
}

#[test]
fn what_could_command_the_terminal_is_not_printed() {
    let text = "name \"\u{1b}[2J\u{1b}]0;owned\u{7}\u{202e}gnp.exe\u{200b}\u{9b}31m\" bad\n";
    let (map, span) = one(text, "bad");
    let mut map = map;
    map.add("\u{1b}[31mred", "x").unwrap();
    let evil = "a\u{1b}[0m\rb\u{202e}";
    let other = map.iter().last().map(|(_, source)| source.span()).unwrap();
    let diagnostic = Diagnostic::new("code", evil).label(span, evil).label(other, "x").note(evil).help(evil);
    for unicode in [true, false] {
        let out = styled(&map, &[], &diagnostic, Style { color: false, unicode, width: 80 });
        let bad = |c: char| (c.is_control() && c != '\n') || "\u{202e}\u{200b}".contains(c);
        assert!(!out.contains(bad), "{out:?}");
        assert!(out.contains("owned") && out.contains("gnp.exe"), "the rest of the line is there: {out}");
    }
    insta::assert_snapshot!(plain(&map, &[], &diagnostic));
}

#[test]
fn secrets_are_covered_wherever_their_line_is_shown() {
    let (map, span) = one("secret \"a\" value=\"hünter\" x\n", "x\n");
    let (_, secret) = one("secret \"a\" value=\"hünter\" x\n", "\"hünter\"");
    let diagnostic = Diagnostic::new("code", "m").label(span, "here");
    let out = plain(&map, &[secret], &diagnostic);
    assert!(out.contains("value=•••••••• x"), "{out}");
    let mark = |out: &str| {
        let lines: Vec<&str> = out.lines().collect();
        let at = lines.iter().position(|line| line.contains("secret")).unwrap();
        (lines[at].chars().position(|c| c == 'x'), lines[at + 1].chars().position(|c| "─┬▲".contains(c)))
    };
    assert_eq!(mark(&out).0, mark(&out).1, "the mark stands under what it marks");
    assert_eq!(mark(&out), mark(&plain(&map, &[], &diagnostic)), "covering moves nothing");
}

#[test]
fn literals_are_covered_in_texts_that_cannot_be_read() {
    for (text, hidden) in [
        (r#"secret "a" literal="hunter2" ??"#, "hunter2"),
        (r#"secret "a" literal = "hunter2" ??"#, "hunter2"),
        (r##"secret "a" literal=#"hun"ter2"# ??"##, "ter2"),
        (r#"secret "a" literal="hunt\"er2" ??"#, "er2"),
        (r#"secret "a" literal="hunter2 ??"#, "hunter2"),
        (r#"secret "a" literal=hunter2 ??"#, "hunter2"),
        (r#"secret "a" litreal="hunter2" ??"#, "hunter2"),
        (r#"secret "a" "hunter2" ??"#, "hunter2"),
        (r#"secret a "hunter2" ??"#, "hunter2"),
        (r##"/- secret "a" value=#"hunter2"# ??"##, "hunter2"),
        (r#"secret "a" "literal"="hunter2" ??"#, "hunter2"),
        (r#"secret "a" { literal "hunter2" } ??"#, "hunter2"),
        ("secret \"a\" literal=\"\"\"\n  hunter2\n  \"\"\" ??", "hunter2"),
        ("secret \"a\" literal=\"\"\"\n  hunter2 ??", "hunter2"),
    ] {
        let out = show(text, "??");
        assert!(!out.contains(hidden), "{text}: {out}");
        assert!(out.contains('•'), "{text}: {out}");
    }
    let talk = show("// no literal secrets here\nnode ??", "??");
    assert!(talk.contains("no literal secrets here"), "{talk}");
}

#[test]
fn long_lines_are_cut_around_the_marks() {
    let text = format!("{}bad{}worse{}", "a ".repeat(200_000), "b ".repeat(50_000), "é".repeat(100_000));
    let (map, bad) = one(&text, "bad");
    let (_, worse) = one(&text, "worse");
    let out = plain(&map, &[], &Diagnostic::new("c", "m").label(worse, "second").label(bad, "first"));
    insta::assert_snapshot!(out);
    // A line that is a little too long loses no more than it has to.
    let out = show(&format!("0123456789 mark {}", "z".repeat(70)), "mark");
    assert!(out.contains(&format!("0123456789 mark {}…", "z".repeat(54))), "{out}");
    // A mark that is as long as the line, and one at its very end.
    let whole = Span::new(0, u32::try_from(text.len()).unwrap());
    let out = plain(&map, &[], &Diagnostic::new("c", "m").label(whole, "all of it"));
    assert!(out.lines().all(|line| line.chars().count() < 200), "{out}");
    let end = Span::new(whole.end, whole.end);
    assert!(plain(&map, &[], &Diagnostic::new("c", "m").label(end, "end")).contains("▲"));
}

#[test]
fn of_very_many_places_a_few_are_shown_and_the_rest_is_counted() {
    let text = "node\n".repeat(1000);
    let mut map = SourceMap::new();
    map.add("t", text).unwrap();
    let mut diagnostic = Diagnostic::new("c", "m");
    for n in 0..1000 {
        diagnostic = diagnostic.label(Span::new(n * 5, n * 5 + 4), "here");
    }
    let out = plain(&map, &[], &diagnostic);
    assert!(out.contains("and 988 more places"), "{out}");
    assert!(out.lines().count() < 60, "{out}");
    let items = [Item::from(&diagnostic)];
    let value: serde_json::Value = serde_json::from_str(&json(&map, &items, Summary::of(&items, 0))).unwrap();
    assert_eq!(value["diagnostics"][0]["labels"].as_array().unwrap().len(), 1000, "JSON has them all");
}

#[test]
fn what_is_only_possible_says_so() {
    let (map, span) = one("node bad", "bad");
    let diagnostic = Diagnostic::new("c", "m").label(span, "here");
    let item = Item { level: Level::Warning, ..Item::from(&diagnostic) };
    let show = |confidence| {
        let mut out = String::new();
        Text::new(&map, &[], Style::default()).render(Item { confidence, ..item }, &mut out);
        out.lines().next().unwrap().to_owned()
    };
    assert_eq!(show(Confidence::Certain), "warning[c]");
    assert_eq!(show(Confidence::Likely), "warning[c]");
    assert_eq!(show(Confidence::Possible), "warning[c], only possible");
    let summary = Summary { possible: 2, ..Summary::of(&[item], 1) };
    assert_eq!(summary.line(), "1 warning (1 allowed; 2 only possible, shown by --pedantic)");
}

#[test]
fn colours_only_where_they_are_wanted() {
    let (map, span) = one("node bad", "bad");
    let diagnostic = Diagnostic::new("c", "m").label(span, "here").note("n").help("h");
    assert!(!plain(&map, &[], &diagnostic).contains('\u{1b}'));
    let colored = styled(&map, &[], &diagnostic, Style { color: true, unicode: true, width: 80 });
    assert!(colored.contains("\u{1b}["));
    let mut stripped = String::new();
    let mut rest = colored.as_str();
    while let Some((before, after)) = rest.split_once("\u{1b}[") {
        stripped.push_str(before);
        rest = after.split_once('m').unwrap().1;
    }
    stripped.push_str(rest);
    assert_eq!(stripped, plain(&map, &[], &diagnostic), "colours change nothing else");
}

#[test]
fn ten_thousand_diagnostics_take_a_moment() {
    let mut text = String::new();
    for n in 0..20_000 {
        writeln!(text, "node \"n{n}\" address=\"10.0.0.1\" on=\"somewhere\"").unwrap();
    }
    let step = u32::try_from(text.len()).unwrap() / 10_100;
    let mut map = SourceMap::new();
    map.add("t", text).unwrap();
    let renderer = Text::new(&map, &[], Style::default());
    let start = Instant::now();
    let mut out = String::new();
    for n in 0..10_000 {
        let diagnostic = Diagnostic::new("c", "m")
            .label(Span::new(n * step, n * step + 4), "here")
            .label(Span::new((n + 50) * step, (n + 50) * step + 4), "and here");
        renderer.render(Item::from(&diagnostic), &mut out);
    }
    // Quadratic work would take minutes; this is no measurement.
    assert!(start.elapsed() < Duration::from_secs(20), "{:?}", start.elapsed());
    eprintln!("10 000 diagnostics: {:?}", start.elapsed());
}

proptest! {
    #[test]
    fn no_text_and_no_place_stops_the_renderer(
        text in r"([ -~\t\r\n]|\PC|[\x00-\x1f]|é|漢|\u{1F600}|\u{200d}|\r\n|\n){0,200}",
        places in prop::collection::vec((0u32..700, 0u32..700), 1..8),
        hidden in prop::collection::vec((0u32..700, 0u32..700), 0..3),
        width in 0usize..300,
        unicode: bool,
    ) {
        let mut map = SourceMap::new();
        map.add("a", text.as_str()).unwrap();
        map.add("b", text.as_str()).unwrap();
        let span = |(a, b): (u32, u32)| Span::new(a.min(b), a.max(b));
        let diagnostic = places.into_iter().fold(Diagnostic::new("c", "m"), |d, at| d.label(span(at), "here"));
        let hidden: Vec<Span> = hidden.into_iter().map(span).collect();
        let out = styled(&map, &hidden, &diagnostic, Style { color: false, unicode, width });
        prop_assert!(!out.contains(|c: char| c.is_control() && c != '\n'), "{:?}", out);
        let items = [Item::from(&diagnostic)];
        let parsed: serde_json::Value = serde_json::from_str(&json(&map, &items, Summary::of(&items, 0))).unwrap();
        prop_assert_eq!(&parsed["version"], 1);
    }
}
