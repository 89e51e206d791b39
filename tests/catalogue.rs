//! `docs/rules.tsv`: every mistake that hacc means to find, and what finds it or makes it impossible.

use std::fs;

use hacc::lint;

/// Hand-written files that have to be read to see a mistake.
const FILES: [&str; 5] = ["Dockerfile", "definitions.json", "docker-compose.yml", "keepalived.conf", "nginx.conf"];

/// One line of the list.
struct Mistake {
    number: usize,
    by: String,
    what: String,
}

fn list() -> Vec<Mistake> {
    let text = fs::read_to_string("docs/rules.tsv").unwrap();
    let mut lines = text.lines().filter(|line| !line.starts_with('#'));
    assert_eq!(lines.next(), Some("number\tabout\tcandidate\tmistake\tby\twhat"));
    let read = |line: &str| {
        let columns: Vec<&str> = line.split('\t').collect();
        let [number, _, candidate, mistake, by, what] = columns[..] else { panic!("six columns: {line:?}") };
        assert!(!candidate.is_empty() && !mistake.is_empty(), "{line:?}");
        let number = number.parse().unwrap_or_else(|_| panic!("a number: {line:?}"));
        Mistake { number, by: by.to_owned(), what: what.to_owned() }
    };
    lines.map(read).collect()
}

/// Whether a test of this name stands in a file, written out or by the file's macro: `wrong!(name: …)`, or `name "folder",`.
fn has_test(text: &str, name: &str) -> bool {
    let attribute = |line: &str| line.trim_start().starts_with("#[test]");
    let mut lines = text.lines();
    while lines.by_ref().any(attribute) {
        if lines.next().is_some_and(|line| line.trim_start().starts_with(&format!("fn {name}("))) {
            return true;
        }
    }
    let made = [format!("wrong!({name}:"), format!("    {name} \"")];
    text.lines().any(|line| made.iter().any(|made| line.starts_with(made)))
}

#[test]
fn every_mistake_is_numbered_once() {
    let numbers: Vec<usize> = list().iter().map(|mistake| mistake.number).collect();
    assert_eq!(numbers, (1..=282).collect::<Vec<_>>());
}

/// What is wrong with saying that `what` finds a mistake.
fn complaint(by: &str, what: &str) -> Option<String> {
    match by {
        "rule" => lint::rule(what).is_none().then(|| format!("there is no rule {what:?}")),
        "construction" => {
            let Some((file, test)) = what.split_once("::") else {
                return Some(format!("{what:?} is no FILE::FUNCTION"));
            };
            match fs::read_to_string(file) {
                Err(error) => Some(format!("{file}: {error}")),
                Ok(text) => (!has_test(&text, test)).then(|| format!("{file} has no test {test}")),
            }
        }
        "files" => (!FILES.contains(&what)).then(|| format!("{what:?} is no kind of file")),
        other => Some(format!("{other:?} is none of rule, construction, files")),
    }
}

#[test]
fn every_line_is_true() {
    let mut wrong = Vec::new();
    for Mistake { number, by, what } in list() {
        let complaints = what.split(", ").filter_map(|what| complaint(&by, what));
        wrong.extend(complaints.map(|complaint| format!("{number}: {complaint}")));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn tests_are_found_by_name_and_nothing_else_is() {
    let text = "#[test]\nfn one() {\n}\n\nfn helper() {\n}\nwrong!(made: \"x\");\n    folder \"folder\",\n    #[test]\n    fn two_of_them() {\n";
    assert!(has_test(text, "one") && has_test(text, "two_of_them"));
    assert!(has_test(text, "made") && has_test(text, "folder"));
    assert!(!has_test(text, "helper") && !has_test(text, "two") && !has_test(text, "on"));
}
