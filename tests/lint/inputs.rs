//! Standard input, and inputs that are broken.

use serde_json::Value;

use crate::folder::{BROKERS, Folder, SECRET, TOPO, WARNS, WRONG, said};

#[test]
fn a_topology_on_standard_input() {
    let folder = Folder::shop();
    for format in ["text", "json", "sarif", "github"] {
        let file = folder.lint(&["topo.kdl", "--format", format]);
        let piped = said(&mut folder.command(&["lint", "-", "--format", format]), TOPO);
        assert_eq!(piped.code, file.code);
        let name = if format == "sarif" { "%3Cstdin%3E" } else { "<stdin>" };
        let same = |text: &str| {
            let lines = text.replace(name, "topo.kdl");
            // A hash of the path.
            lines.lines().filter(|line| !line.contains("haccFinding")).map(str::to_owned).collect::<Vec<_>>()
        };
        assert_eq!(same(&piped.out), same(&file.out));
        assert_eq!(same(&piped.err), same(&file.err));
        assert!(format!("{}{}", piped.out, piped.err).contains(name));
        assert!(!format!("{}{}", piped.out, piped.err).contains(SECRET));
    }
}

#[test]
fn standard_input_beside_files_and_more_than_once() {
    let folder = Folder::new(&[("a.kdl", WARNS)]);
    let run = said(&mut folder.command(&["lint", "-", "a.kdl", "-", "--format", "json"]), WRONG);
    let json: Value = serde_json::from_str(&run.out).unwrap();
    assert_eq!(run.code, Some(2));
    assert_eq!(
        json["topologies"],
        serde_json::json!([{ "path": "<stdin>", "complete": false }, { "path": "a.kdl", "complete": true }])
    );
    assert_eq!(json["summary"]["errors"], 1);
    assert_eq!(json["summary"]["warnings"], 1);
}

#[test]
fn nothing_on_standard_input() {
    let folder = Folder::new(&[]);
    let mut command = folder.command(&["lint", "-"]);
    let said = said(&mut command, "");
    assert_eq!(said.code, Some(2));
    assert!(said.err.contains("<stdin>"), "{}", said.err);
}

/// What has an error takes nothing from what does not hang on it.
#[test]
fn findings_of_the_rest_are_shown_and_it_is_said_that_there_may_be_more() {
    let broken = TOPO.replace("node \"lb1\"; node", "nodee \"lb1\"; node");
    let folder = Folder::new(&[("topo.kdl", &broken), ("parts/brokers.kdl", BROKERS)]);
    let run = folder.lint(&["topo.kdl"]);
    assert_eq!(run.code, Some(2));
    insta::assert_snapshot!(run.err);
    let log: Value = serde_json::from_str(&folder.lint(&["topo.kdl", "--format", "sarif"]).out).unwrap();
    let invocation = &log["runs"][0]["invocations"][0];
    assert_eq!(invocation["executionSuccessful"], false);
    assert_eq!(
        invocation["toolExecutionNotifications"][0]["message"]["text"],
        "topo.kdl was not checked to its end: parts of it have errors"
    );
    let whole: Value = serde_json::from_str(&Folder::shop().lint(&["topo.kdl", "--format", "sarif"]).out).unwrap();
    assert_eq!(whole["runs"][0]["invocations"][0]["executionSuccessful"], true);
    // A build is whole or nothing.
    let build: Value = serde_json::from_str(&folder.run(&["build", "topo.kdl", "--format", "json"]).out).unwrap();
    assert_eq!(build["result"], "failed");
    assert_eq!(build["diagnostics"].as_array().unwrap().len(), 1, "{build}");
}
