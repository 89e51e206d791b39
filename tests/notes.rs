//! The cluster whose notes hacc was written after, with all their mistakes: `tests/data/notes/topo.kdl`, and an earlier stage of its
//! balancers in `first.kdl`. What is found there, and who finds, or makes impossible, each mistake of the notes: `mistakes.tsv`.

use std::collections::BTreeSet;
use std::fs;
use std::process::Command;

use camino::Utf8Path;

/// The folder with the topologies.
const FOLDER: &str = "tests/data/notes";
/// How many mistakes the notes have.
const MISTAKES: usize = 102;
/// The notes' files that only a reader of hand-written files can judge.
const FILES: [&str; 6] =
    ["RegisterServiceListener.php", "bootstrap.php", "docker-compose.yml", "keepalived.conf", "nginx.conf", "vip.sh"];

/// What a run of hacc in a folder says: exit code, standard output, standard error.
fn hacc(folder: impl AsRef<Utf8Path>, arguments: &[&str]) -> (Option<i32>, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_hacc"));
    command.current_dir(folder.as_ref()).env_clear().env("LC_ALL", "C.UTF-8").args(arguments);
    let output = command.output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code(), text(output.stdout), text(output.stderr))
}

/// All that lint prints about one of the topologies.
fn printed(arguments: &[&str]) -> String {
    let (code, out, err) = hacc(FOLDER, &[&["lint"], arguments].concat());
    assert_eq!((code, out.as_str()), (Some(1), ""), "findings, and no error:\n{err}");
    err
}

#[test]
fn findings() {
    insta::assert_snapshot!(printed(&["topo.kdl"]));
}

#[test]
fn findings_and_what_is_only_possible() {
    insta::assert_snapshot!(printed(&["topo.kdl", "--pedantic"]));
}

#[test]
fn findings_on_the_first_balancers() {
    insta::assert_snapshot!(printed(&["first.kdl", "--pedantic"]));
}

/// The rule of each finding, and everything that it says.
fn found() -> Vec<(String, String)> {
    let mut found = Vec::new();
    for topology in ["topo.kdl", "first.kdl"] {
        let (code, out, err) = hacc(FOLDER, &["lint", topology, "--pedantic", "--format", "json"]);
        assert_eq!(code, Some(1), "{topology}: {err}{out}");
        let report: serde_json::Value = serde_json::from_str(&out).unwrap();
        for finding in report["diagnostics"].as_array().unwrap() {
            let labels = finding["labels"].as_array().unwrap().iter().map(|label| &label["text"]);
            let texts = [&finding["message"]].into_iter().chain(labels).map(|text| text.as_str().unwrap());
            found.push((finding["code"].as_str().unwrap().to_owned(), texts.collect::<Vec<_>>().join("\n")));
        }
    }
    found
}

/// Candidates of `docs/rules.tsv` that cannot be written or built; a test says there that each line is true.
fn impossible() -> BTreeSet<String> {
    let list = fs::read_to_string("docs/rules.tsv").unwrap();
    let rows = list.lines().map(|line| line.split('\t').collect::<Vec<_>>());
    let rows = rows.filter(|columns| columns.len() == 6 && columns[4] == "construction");
    rows.map(|columns| columns[2].to_owned()).collect()
}

/// What is wrong with saying that `what` deals with a mistake.
fn complaint(by: &str, what: &str, found: &[(String, String)], impossible: &BTreeSet<String>) -> Option<String> {
    match by {
        "rule" => {
            let Some((rule, words)) = what.split_once(' ') else { return Some(format!("`{what}` has no words")) };
            let fires = found.iter().any(|(code, text)| code == rule && text.contains(words));
            (!fires).then(|| format!("no finding of {rule} says `{words}`"))
        }
        "construction" => match what.split_once(": ") {
            Some((candidate, why)) if impossible.contains(candidate) && !why.is_empty() => None,
            _ => Some(format!("`{what}` begins with no construction of docs/rules.tsv")),
        },
        "files" => (!FILES.contains(&what)).then(|| format!("`{what}` is no file of the notes")),
        "text" => what.is_empty().then(|| "what kind of text?".to_owned()),
        "todo" => hacc::lint::rule(what).is_some().then(|| format!("the rule {what} is there")),
        other => Some(format!("`{other}` is none of rule, construction, files, text and todo")),
    }
}

#[test]
fn every_mistake_is_found_or_impossible() {
    let (found, impossible) = (found(), impossible());
    let list = fs::read_to_string(format!("{FOLDER}/mistakes.tsv")).unwrap();
    let mut lines = list.lines().filter(|line| !line.starts_with('#'));
    assert_eq!(lines.next(), Some("number\tabout\tmistake\tby\twhat"));
    let (mut numbers, mut mistakes, mut wrong) = (Vec::new(), BTreeSet::new(), Vec::new());
    for line in lines {
        let columns: Vec<&str> = line.split('\t').collect();
        let [number, about, mistake, by, what] = columns[..] else { panic!("five columns: {line:?}") };
        numbers.push(number.parse().unwrap_or(0));
        assert!(!mistake.is_empty() && mistakes.insert((about, mistake)), "said twice: {line:?}");
        let parts: Vec<&str> = if by == "rule" { what.split("; ").collect() } else { vec![what] };
        let complaints = parts.into_iter().filter_map(|what| complaint(by, what, &found, &impossible));
        wrong.extend(complaints.map(|complaint| format!("{number}: {complaint}")));
    }
    assert_eq!(numbers, (1..=MISTAKES).collect::<Vec<_>>(), "every mistake once, in order");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn built_only_by_force() {
    let folder = tempfile::tempdir().unwrap();
    for file in ["brokers.kdl", "first.kdl", "topo.kdl"] {
        fs::copy(format!("{FOLDER}/{file}"), folder.path().join(file)).unwrap();
    }
    let place = Utf8Path::from_path(folder.path()).unwrap();
    for topology in ["first.kdl", "topo.kdl"] {
        let out = topology.replace(".kdl", "");
        let (code, _, err) = hacc(place, &["build", topology, "-o", &out]);
        assert_eq!(code, Some(1), "{topology}: {err}");
        assert!(!place.join(&out).exists(), "{topology}: a refused build writes nothing");
        let (code, _, err) = hacc(place, &["build", topology, "-o", &out, "--force"]);
        assert_eq!(code, Some(0), "{topology}: {err}");
        assert!(place.join(&out).join("vm/docker-compose.yml").is_file());
    }
    // The notes' values arrive, in the member's file that has them.
    let read = |file: &str| fs::read_to_string(place.join("topo/vm").join(file)).unwrap();
    for (member, vrid) in [("haproxy-server-173-3", 100), ("haproxy-server-173-2", 51)] {
        let conf = read(&format!("{member}/keepalived.conf"));
        assert!(conf.contains(&format!("virtual_router_id {vrid}\n")), "{member}: {conf}");
    }
    assert!(read("mq2/.erlang.cookie").starts_with("XXGQZI0GOIUETCEJIQDM"));
}
