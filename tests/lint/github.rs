//! Workflow commands, read back as the runner of GitHub Actions reads them.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::folder::{Folder, WARNS, said};

/// One command: word, properties, message.
type Command = (String, BTreeMap<String, String>, String);

/// As `ActionCommand.TryParseV2` of the runner has it: properties end at the first `::`, are split at commas, and then
/// every escape is undone, `%25` last.
fn command(line: &str) -> Command {
    let rest = line.strip_prefix("::").unwrap_or_else(|| panic!("no command: {line}"));
    let (head, message) = rest.split_once("::").unwrap();
    let (word, properties) = head.split_once(' ').unwrap();
    let plain = |text: &str| text.replace("%0D", "\r").replace("%0A", "\n");
    let property = |text: &str| plain(text).replace("%3A", ":").replace("%2C", ",").replace("%25", "%");
    let properties = properties.split(',').map(|part| {
        let (key, value) = part.split_once('=').unwrap();
        (key.to_owned(), property(value))
    });
    (word.to_owned(), properties.collect(), plain(message).replace("%25", "%"))
}

/// The commands of a run, and the line behind them.
fn commands(out: &str) -> (Vec<Command>, String) {
    let mut lines: Vec<&str> = out.lines().collect();
    let last = lines.pop().unwrap().to_owned();
    (lines.into_iter().map(command).collect(), last)
}

#[test]
fn whatever_a_file_or_a_name_contains_arrives_and_commands_nothing() {
    let name = "a,b:c%25d\n::error::e.kdl";
    let evil = "topology \"t\"\nhost \"a\" address=\"10.0.0.1\"\n\
        rabbitmq \"mq\" version=\"4.1.4\" on=\"a::b,c%0Ad\\n::error file=x::owned\\r\" cookie=\"c\"\n";
    let folder = Folder::new(&[(name, evil)]);
    let json: Value = serde_json::from_str(&folder.lint(&[name, "--format", "json"]).out).unwrap();
    let out = folder.lint(&[name, "--format", "github"]).out;
    let (commands, last) = commands(&out);
    assert!(last.starts_with("hacc: "), "{last}");
    let diagnostics = json["diagnostics"].as_array().unwrap();
    assert_eq!(commands.len(), diagnostics.len());
    assert!(!commands.is_empty());
    for ((word, properties, message), diagnostic) in commands.iter().zip(diagnostics) {
        let label = &diagnostic["labels"][0];
        assert_eq!(word, "error");
        assert_eq!(properties["file"], name);
        assert_eq!(label["path"], name);
        for (property, field) in [("line", "line"), ("endLine", "end_line"), ("col", "column")] {
            assert_eq!(properties[property], label[field].to_string());
        }
        assert_eq!(properties["title"], diagnostic["code"].as_str().unwrap());
        assert!(message.starts_with(diagnostic["message"].as_str().unwrap()), "{message}\n{diagnostic}");
    }
}

#[test]
fn a_path_is_what_git_calls_it() {
    let folder = Folder::new(&[("sub/topo.kdl", WARNS)]);
    let (commands, _) = commands(&folder.lint(&["./sub/topo.kdl", "--format", "github"]).out);
    assert_eq!(commands[0].1["file"], "sub/topo.kdl");
}

#[test]
fn what_stands_nowhere_has_no_place() {
    let (commands, _) = commands(&Folder::new(&[]).lint(&["no.kdl", "--format", "github"]).out);
    assert_eq!(commands.len(), 1);
    assert_eq!(commands[0].1.keys().collect::<Vec<_>>(), ["title"]);
}

#[test]
fn in_github_actions_it_is_used_by_itself() {
    let folder = Folder::shop();
    let plain = folder.lint(&["topo.kdl", "--format", "github"]);
    let run = |value: &str, more: &[&str]| {
        said(folder.command(&[&["lint", "topo.kdl"], more].concat()).env("GITHUB_ACTIONS", value), "")
    };
    assert_eq!(run("true", &[]).out, plain.out);
    assert_eq!(run("true", &[]).code, plain.code);
    assert_eq!(run("true", &["--format", "text"]).err, folder.lint(&["topo.kdl"]).err, "asked for is asked for");
    assert_eq!(run("true", &["--quiet"]).out, "");
    for value in ["", "false", "1"] {
        assert_eq!(run(value, &[]).out, "", "{value:?}");
    }
}
