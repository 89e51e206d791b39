//! Inputs made to bring a reader down: each returns soon, in a small stack, with a document or an error.

use std::time::{Duration, Instant};

use hacc::syntax::{MAX_DEPTH, print};

use crate::support::read;

/// Reads and prints `text` in a thread with a stack of 2 MiB; returns how many nodes and errors there were.
fn survive(name: &str, text: String) -> (usize, usize) {
    let name = name.to_owned();
    let thread = std::thread::Builder::new().stack_size(2 << 20).spawn(move || {
        let start = Instant::now();
        let mut map = hacc::source::SourceMap::new();
        let id = map.add("hostile.kdl", text).unwrap();
        let (document, problems) = hacc::syntax::read(map.get(id));
        assert!(!print::canonical(&document).is_empty());
        assert!(!print::json(&document, map.get(id)).is_empty());
        assert_eq!(hacc::syntax::layout::layout(map.get(id)).is_err(), !problems.is_empty());
        // A quadratic reader needs minutes for these; a slow machine with a debug build does not need this.
        assert!(start.elapsed() < Duration::from_secs(20), "{name} took {:?}", start.elapsed());
        (document.node_count(), problems.len())
    });
    thread.unwrap().join().expect("no panic, no overflow")
}

const N: usize = 100_000;
const MB: usize = 1_000_000;

#[test]
fn deep_nesting_is_an_error_and_what_is_not_too_deep_is_read() {
    assert_eq!(survive("open and close", format!("{}{}", "n { ".repeat(N), "}".repeat(N))), (MAX_DEPTH + 1, 1));
    assert_eq!(survive("open", "n { ".repeat(N)), (MAX_DEPTH + 1, 2));
    assert_eq!(survive("commented out", format!("{}{}", "n /-{ ".repeat(N), "}".repeat(N))), (1, 1));
    assert_eq!(survive("nodes commented out", format!("{}{}", "/-n { ".repeat(N), "}".repeat(N))), (0, 1));
    assert_eq!(survive("no names", "{".repeat(N)).0, 0);
}

#[test]
fn the_greatest_depth_is_no_error() {
    let depth = |n: usize| survive("depth", format!("{}x{}", "n { ".repeat(n), "}".repeat(n)));
    assert_eq!(depth(MAX_DEPTH), (MAX_DEPTH + 1, 0));
    assert_eq!(depth(MAX_DEPTH + 1), (MAX_DEPTH + 1, 1));
    let deep = format!("{}{}\n", "n { ".repeat(MAX_DEPTH + 1), "}".repeat(MAX_DEPTH + 1));
    assert_eq!(survive("twice", deep.repeat(2)), (2 * (MAX_DEPTH + 1), 2));
    let (document, _) = read(&format!("{}x{}\ny {{ z }}", "n { ".repeat(MAX_DEPTH + 9), "}".repeat(MAX_DEPTH + 9)));
    assert_eq!(
        document.nodes().last().unwrap().children().count(),
        1,
        "reading goes on behind a block that is too deep"
    );
}

#[test]
fn long_runs_of_one_thing() {
    assert_eq!(survive("stars", format!("/*{}", "*".repeat(MB))), (0, 1));
    assert_eq!(survive("stars and slashes", format!("/*{}", "/*".repeat(MB))), (0, 1));
    assert_eq!(survive("nested comments", format!("{}{}", "/*".repeat(MB), "*/".repeat(MB))), (0, 0));
    assert_eq!(survive("hashes", "#".repeat(MB)), (0, 1));
    assert_eq!(survive("hashes in a raw string", format!("n #\"{}", "\"".repeat(MB))).1, 1);
    assert_eq!(survive("almost closed", format!("n ##\"{}\"##", "\"#".repeat(MB))), (1, 0));
    assert_eq!(survive("raw strings that never close", "n ####\"\n".repeat(N)).1, 101);
    assert_eq!(survive("backslashes", format!("n \"{}\"", "\\\\".repeat(MB))), (1, 0));
    assert_eq!(survive("escaped spaces", format!("n \"\\{}\"", " ".repeat(MB))), (1, 0));
    assert_eq!(survive("continuations", format!("n{}", " \\\n".repeat(MB))), (1, 0));
    assert_eq!(survive("closing braces", "}".repeat(MB)), (0, 101));
    assert_eq!(survive("semicolons", ";".repeat(MB)), (0, 101));
    assert_eq!(survive("parentheses", format!("n {}", "(".repeat(MB))).1, 101);
    assert_eq!(survive("types", format!("n {}", "(t)".repeat(MB))).1, 101);
    assert_eq!(survive("slashdashes", "/-".repeat(MB)).1, 2);
    assert_eq!(survive("equals", format!("n {}", "=".repeat(MB))).1, 101);
    assert_eq!(survive("digits", format!("n {}", "9".repeat(MB))), (1, 0));
    assert_eq!(survive("hexadecimal digits", format!("n 0x{}", "f".repeat(MB))), (1, 0));
    assert_eq!(survive("quotes", format!("n {}", "\"".repeat(MB))).0, 1);
    assert_eq!(survive("NUL", "\0".repeat(MB)).1, 101);
    assert_eq!(
        survive("one line of blocks", format!("{}\n{}", "n { ".repeat(200), "}\n".repeat(200)).repeat(50)),
        (10_000, 0)
    );
}

#[test]
fn long_lines_and_long_strings() {
    assert_eq!(survive("one line", format!("n{}", " é=\"ü\" 1".repeat(N))), (1, 0));
    assert_eq!(survive("lines in a string", format!("n \"\"\"\n{}  \"\"\"", "  é \\\n x\n".repeat(N))), (1, 0));
    assert_eq!(survive("bad lines in a string", format!("n \"\"\"\n{}  \"\"\"", "x\n".repeat(N))), (1, 1));
    assert_eq!(survive("open multi-line strings", "n \"\"\"x\n".repeat(N)).1, 101);
    assert_eq!(survive("one line of errors", "n\"".repeat(N)).1, 1);
}

#[test]
fn more_than_a_hundred_errors_are_not_told() {
    let (_, problems) = read(&"a true\n".repeat(100));
    assert_eq!(problems.len(), 100);
    let (document, problems) = read(&"a true\n".repeat(102));
    assert_eq!(problems.len(), 101);
    assert_eq!(problems[100].message, "more than 100 syntax errors: the rest is not shown");
    assert!(document.node_count() >= 100, "what came before is in the document");
}
