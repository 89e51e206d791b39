//! `docs/rules.tsv`: every mistake that hacc means to find, and what finds it or makes it impossible.

use std::fs;

use hacc::lint;

/// The parts of the list that are complete: none of their lines may say `todo`.
const COMPLETE: [&str; 3] = ["vrrp", "net", "topo"];

/// Hand-written files that have to be read to see a mistake.
const FILES: [&str; 1] = ["keepalived.conf"];

/// One line of the list.
struct Mistake {
    number: usize,
    about: String,
    by: String,
    what: String,
}

fn list() -> Vec<Mistake> {
    let text = fs::read_to_string("docs/rules.tsv").unwrap();
    let mut lines = text.lines().filter(|line| !line.starts_with('#'));
    assert_eq!(lines.next(), Some("number\tabout\tcandidate\tmistake\tby\twhat"));
    let read = |line: &str| {
        let columns: Vec<&str> = line.split('\t').collect();
        let [number, about, candidate, mistake, by, what] = columns[..] else { panic!("six columns: {line:?}") };
        assert!(!candidate.is_empty() && !mistake.is_empty(), "{line:?}");
        let number = number.parse().unwrap_or_else(|_| panic!("a number: {line:?}"));
        Mistake { number, about: about.to_owned(), by: by.to_owned(), what: what.to_owned() }
    };
    lines.map(read).collect()
}

/// Whether a test of this name stands in a file.
fn has_test(text: &str, name: &str) -> bool {
    let attribute = |line: &str| line.trim_start().starts_with("#[test]");
    let mut lines = text.lines();
    while lines.by_ref().any(attribute) {
        if lines.next().is_some_and(|line| line.trim_start().starts_with(&format!("fn {name}("))) {
            return true;
        }
    }
    false
}

#[test]
fn every_mistake_is_numbered_once() {
    let numbers: Vec<usize> = list().iter().map(|mistake| mistake.number).collect();
    assert_eq!(numbers, (1..=282).collect::<Vec<_>>());
}

#[test]
fn every_line_is_true() {
    let mut wrong = Vec::new();
    for Mistake { number, about, by, what } in list() {
        let complaint = match by.as_str() {
            "rule" if lint::rule(&what).is_none() => format!("there is no rule {what:?}"),
            "construction" => match what.split_once("::") {
                None => format!("{what:?} is no FILE::FUNCTION"),
                Some((file, test)) => match fs::read_to_string(file) {
                    Err(error) => format!("{file}: {error}"),
                    Ok(text) if !has_test(&text, test) => format!("{file} has no test {test}"),
                    Ok(_) => continue,
                },
            },
            "files" if !FILES.contains(&what.as_str()) => format!("{what:?} is no kind of file"),
            "todo" if COMPLETE.contains(&about.as_str()) => "is still to do".to_owned(),
            "todo" if !what.is_empty() => "to do, and something stands there".to_owned(),
            "rule" | "files" | "todo" => continue,
            other => format!("{other:?} is none of rule, construction, files"),
        };
        wrong.push(format!("{number} ({about}): {complaint}"));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn tests_are_found_by_name_and_nothing_else_is() {
    let text = "#[test]\nfn one() {\n}\n\nfn helper() {\n}\n    #[test]\n    fn two_of_them() {\n";
    assert!(has_test(text, "one") && has_test(text, "two_of_them"));
    assert!(!has_test(text, "helper") && !has_test(text, "two") && !has_test(text, "on"));
}
