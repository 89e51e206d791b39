//! `--fix` beside the other flags of lint; what it does to one topology is in `tests/build/fix.rs`.

use std::fs;

use serde_json::Value;

use crate::folder::{BROKERS, CLEAN, Folder, TOPO, WRONG, said};

/// Two findings with a safe fix each, and one whose fix changes how the cluster behaves.
const MISTAKES: &str = r#"topology "t" { allow "public-subnet" reason="none is public"; }
host "vm" address="192.168.10.10"
network "front" on="vm" subnet="172.30.8.0/24"
haproxy "lb" version="2.6.12" on="vm" {
    attach "front"; node "lb1"; node "lb2"
    vip "entry" "172.30.8.100" weight=-10 nopreempt=#false {
        member "lb1" vrid=51 priority=110
        member "lb2" vrid=52 priority=100
    }
}
"#;

fn read(folder: &Folder, name: &str) -> String {
    fs::read_to_string(folder.path(name)).unwrap()
}

/// Which of the three are still there after a run with these arguments, and its exit code.
#[track_caller]
fn leaves(arguments: &[&str], allow: bool, vrid: bool, weight: bool, code: i32) {
    let folder = Folder::new(&[("topo.kdl", MISTAKES)]);
    let said = folder.lint(&[&["topo.kdl"], arguments].concat());
    let text = read(&folder, "topo.kdl");
    let left = (text.contains("allow"), text.contains("vrid=52"), text.contains("weight=-10"));
    assert_eq!((left, said.code), ((allow, vrid, weight), Some(code)), "{arguments:?} {}", said.err);
}

#[test]
fn only_what_would_be_shown_is_mended() {
    leaves(&["--fix"], false, false, true, 1);
    leaves(&["--fix-unsafe"], false, false, false, 0);
    leaves(&["--fix", "--select", "vrid-*"], true, false, true, 0);
    leaves(&["--fix", "--ignore", "vrid-mismatch"], false, true, true, 1);
    leaves(&["--fix-unsafe", "--level", "error"], true, false, false, 0);
    leaves(&["--fix", "--ignore", "*"], true, true, true, 0);
    leaves(&["--fix", "-q"], false, false, true, 1);
    leaves(&["--fix", "--exit-zero"], false, false, true, 0);
    leaves(&["--fix", "--select", "no-such-rule"], true, true, true, 2);
    leaves(&["--diff"], true, true, true, 1);
    leaves(&["--fix-unsafe", "--diff"], true, true, true, 1);
    leaves(&["--fix-unsafe", "--diff", "--exit-zero"], true, true, true, 0);
}

#[test]
fn several_topologies_each_by_itself() {
    let shared = "network \"front\" on=\"vm\" subnet=\"172.30.8.0/24\" { allow \"public-subnet\" reason=\"x\"; }\n";
    let with = MISTAKES.replace("network \"front\" on=\"vm\" subnet=\"172.30.8.0/24\"", "include \"shared.kdl\"");
    let files =
        [("a.kdl", with.as_str()), ("b.kdl", &with), ("wrong.kdl", WRONG), ("shared.kdl", shared), ("c.kdl", CLEAN)];
    let folder = Folder::new(&files);
    let paths = ["wrong.kdl", "a.kdl", "c.kdl", "b.kdl"];
    let shown = folder.lint(&[&paths[..], &["--diff"]].concat());
    assert_eq!(shown.code, Some(2), "{}", shown.err);
    assert_eq!(
        shown.out.matches("+++ shared.kdl").count(),
        1,
        "what is changed for one is changed for all: {}",
        shown.out
    );
    assert_eq!(shown.out.matches("+++ ").count(), 3);
    assert_eq!(read(&folder, "shared.kdl"), shared);
    let run = folder.lint(&[&paths[..], &["--fix"]].concat());
    assert_eq!((run.code, run.out.as_str()), (Some(2), ""));
    assert!(!read(&folder, "a.kdl").contains("52") && !read(&folder, "b.kdl").contains("52"), "{}", run.err);
    assert_eq!(read(&folder, "shared.kdl"), "network \"front\" on=\"vm\" subnet=\"172.30.8.0/24\"\n");
    assert_eq!((read(&folder, "wrong.kdl").as_str(), read(&folder, "c.kdl").as_str()), (WRONG, CLEAN));
    assert_eq!(run.err.matches("fixed:\n").count(), 1, "told once: {}", run.err);
    assert!(run.err.contains("left as it is, since it has errors: wrong.kdl\n"), "{}", run.err);
    assert!(run.err.contains("\n3 errors (2 can be fixed; 4 only possible, shown by --pedantic)\n"), "{}", run.err);
}

#[test]
fn standard_input_is_mended_to_standard_output() {
    let folder = Folder::shop();
    let pipe = |arguments: &[&str], text: &str| said(&mut folder.command(&[&["lint", "-"], arguments].concat()), text);
    let run = pipe(&["--fix"], MISTAKES);
    let expected = MISTAKES.replace(" { allow \"public-subnet\" reason=\"none is public\"; }", "").replace("52", "51");
    assert_eq!((run.code, run.out.as_str()), (Some(1), expected.as_str()), "{}", run.err);
    assert!(run.err.starts_with("fixed:\n  <stdin>:1: unused-allow: "), "{}", run.err);
    assert!(run.err.contains("error[vip-never-moves]"), "{}", run.err);
    // With nothing to mend it is what came in; with errors nothing can be said to be the topology.
    assert_eq!(pipe(&["--fix"], CLEAN).out, CLEAN);
    let wrong = pipe(&["--fix"], WRONG);
    assert_eq!((wrong.code, wrong.out.as_str()), (Some(2), ""));
    // What it includes is on the disk, and stays.
    let held = format!("{BROKERS}allow \"auth-ignored\" reason=\"x\"\n");
    fs::write(folder.path("parts/brokers.kdl"), &held).unwrap();
    let run = pipe(&["--fix"], TOPO);
    assert!(!run.out.contains("vrid=52"), "{}", run.err);
    assert_eq!(read(&folder, "parts/brokers.kdl"), held);
    assert!(
        run.err.contains("left as it is, since it is not what came from standard input: parts/brokers.kdl\n"),
        "{}",
        run.err
    );
    assert!(!folder.path("<stdin>").exists());
    let diff = pipe(&["--diff"], MISTAKES);
    assert!(diff.out.starts_with("--- <stdin>\n+++ <stdin>\n@@"), "{}", diff.out);
}

#[test]
fn standard_output_holds_one_thing() {
    let folder = Folder::new(&[("topo.kdl", MISTAKES)]);
    for (arguments, flag) in [
        (&["topo.kdl", "--diff"][..], "--diff"),
        (&["-", "--fix"], "--fix"),
        (&["topo.kdl", "-", "--fix-unsafe"], "--fix-unsafe"),
    ] {
        for format in ["json", "sarif", "github"] {
            let run = folder.lint(&[arguments, &["--format", format]].concat());
            assert_eq!((run.code, run.out.as_str()), (Some(2), ""), "{arguments:?}");
            assert!(run.err.contains(&format!("both what {flag} prints and --format {format}")), "{}", run.err);
        }
        assert_eq!(read(&folder, "topo.kdl"), MISTAKES);
    }
    let mut command = folder.command(&["lint", "topo.kdl", "--diff"]);
    let run = said(command.env("GITHUB_ACTIONS", "true"), "");
    assert!(!run.out.contains("::error"), "{}", run.out);
    let mut command = folder.command(&["lint", "topo.kdl", "--fix"]);
    let run = said(command.env("GITHUB_ACTIONS", "true"), "");
    assert!(run.out.starts_with("::error "), "annotations of what is left: {}", run.out);
}

/// A comment that allows holds a place, as a node does: its line is not changed, not even by a fix of a finding elsewhere.
#[test]
fn what_a_comment_allows_stays() {
    let head = MISTAKES.split("    vip").next().unwrap().replace("node \"lb2\"", "node \"lb2\"; node \"lb3\"");
    let head = head.replace(" { allow \"public-subnet\" reason=\"none is public\"; }", "");
    let members = |first: &str, last: &str| {
        format!(
            "{head}    vip \"entry\" \"172.30.8.100\" {{\n        member \"lb1\" vrid=51\n        member \"lb2\" vrid=51{first}\n\
             {last}        member \"lb3\" vrid=52\n    }}\n}}\n"
        )
    };
    let comment = "// hacc: allow(vrid-mismatch) reason=\"being moved\"";
    let fixed = |text: &str| {
        let folder = Folder::new(&[("topo.kdl", text)]);
        let run = folder.lint(&["topo.kdl", "--fix"]);
        (read(&folder, "topo.kdl") != text, run.code, run.err)
    };
    assert!(fixed(&members("", "")).0, "without it the fix is applied");
    for text in [
        members("", &format!("        {comment}\n")),
        members(&format!(" {comment}"), ""),
        format!("{comment}\n{}", members("", "")),
    ] {
        assert_eq!(
            fixed(&text),
            (false, Some(0), "no findings (1 allowed; 1 only possible, shown by --pedantic)\n".to_owned()),
            "{text}"
        );
    }
}

/// A comment that is not needed goes whole: an empty line in its place would part others from what they speak of.
#[test]
fn comments_that_accept_nothing_go_with_their_lines() {
    let unused = |rule: &str| format!("// hacc: allow({rule}) reason=\"x\"");
    let text = format!(
        "{CLEAN}{}\n  {}\n{}\nnetwork \"n\" on=\"a\" subnet=\"8.8.8.0/24\"  {}\n// the end\n",
        unused("public-subnet"),
        unused("vrid-mismatch"),
        unused("secret-literal"),
        unused("auth-ignored")
    );
    let folder = Folder::new(&[("topo.kdl", &text)]);
    let run = folder.lint(&["topo.kdl", "--fix"]);
    let expected =
        format!("{CLEAN}{}\nnetwork \"n\" on=\"a\" subnet=\"8.8.8.0/24\"\n// the end\n", unused("public-subnet"));
    assert_eq!((read(&folder, "topo.kdl"), run.code), (expected, Some(0)), "{}", run.err);
    assert!(run.err.ends_with("\nno findings (1 allowed)\n"), "{}", run.err);
}

/// Whoever applies the edits of a report gets what `--fix-unsafe` writes.
#[test]
fn reports_offer_the_edits_that_are_made() {
    let comment = "/* é 漢 𝄞 */";
    let behind =
        MISTAKES.replace("\"t\" {", &format!("\"t\" {comment} {{")).replace("member", &format!("{comment} member"));
    for text in [MISTAKES.to_owned(), behind] {
        let folder = Folder::new(&[("topo.kdl", &text)]);
        let report = |format: &str| -> Value {
            serde_json::from_str(&folder.lint(&["topo.kdl", "--format", format]).out).unwrap()
        };
        let (json, sarif) = (report("json"), report("sarif"));
        assert_eq!(folder.lint(&["topo.kdl", "--fix-unsafe"]).code, Some(0));
        let mended = read(&folder, "topo.kdl");
        assert_ne!(mended, text);

        let number = |value: &Value, key: &str| usize::try_from(value[key].as_u64().unwrap()).unwrap();
        let fixes = json["diagnostics"].as_array().unwrap().iter().filter(|found| !found["fix"].is_null());
        let edits = fixes.flat_map(|found| found["fix"]["edits"].as_array().unwrap().iter());
        let by_json = edits.map(|edit| (number(edit, "start"), number(edit, "end"), edit["text"].as_str().unwrap()));
        assert_eq!(applied(&text, by_json.collect()), mended);

        let offset = |line: usize, column: usize| {
            let lines: usize = text.split_inclusive('\n').take(line - 1).map(str::len).sum();
            lines + text[lines..].chars().take(column - 1).map(char::len_utf8).sum::<usize>()
        };
        let results = sarif["runs"][0]["results"].as_array().unwrap().iter();
        let changes = results.flat_map(|result| result["fixes"].as_array().unwrap().iter());
        let replacements = changes.flat_map(|fix| fix["artifactChanges"][0]["replacements"].as_array().unwrap().iter());
        let by_sarif = replacements.map(|edit| {
            let region = &edit["deletedRegion"];
            (
                offset(number(region, "startLine"), number(region, "startColumn")),
                offset(number(region, "endLine"), number(region, "endColumn")),
                edit["insertedContent"]["text"].as_str().unwrap(),
            )
        });
        assert_eq!(applied(&text, by_sarif.collect()), mended);
    }
}

fn applied(text: &str, mut edits: Vec<(usize, usize, &str)>) -> String {
    edits.sort_unstable();
    let mut text = text.to_owned();
    for (start, end, new) in edits.into_iter().rev() {
        text.replace_range(start..end, new);
    }
    text
}
