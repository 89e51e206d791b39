//! What is shown, and which exit code it has.

use serde_json::Value;

use crate::folder::{CLEAN, Folder, TOPO, WARNS, WRONG, said};

/// The codes that are shown.
fn shown(folder: &Folder, arguments: &[&str]) -> (Vec<String>, Option<i32>) {
    let said = folder.lint(&[arguments, &["--format", "json"]].concat());
    let json: Value = serde_json::from_str(&said.out).unwrap_or_else(|_| panic!("{said:?}"));
    let codes = json["diagnostics"].as_array().unwrap().iter();
    (codes.map(|one| one["code"].as_str().unwrap().to_owned()).collect(), said.code)
}

#[test]
fn rules_are_chosen_by_name_and_by_beginning() {
    let folder = Folder::shop();
    let all = ["vrid-mismatch", "public-subnet", "secret-literal"];
    for (arguments, expected, code) in [
        (&[][..], &all[..], 1),
        (&["--select", "vrid-mismatch"], &all[..1], 1),
        (&["--select", "vrid-*"], &all[..1], 1),
        (&["--select", "vrid-mismatch,secret-literal"], &[all[0], all[2]], 1),
        (&["--select", "vrid-mismatch", "--select", "public-*"], &all[..2], 1),
        (&["--ignore", "vrid-mismatch"], &all[1..], 1),
        (&["--ignore", "v*,public-subnet,secret-literal"], &[], 0),
        (&["--select", "vrid-*,public-*", "--ignore", "vrid-*"], &all[1..2], 1),
        (&["--select", "*", "--ignore", "*"], &[], 0),
        (&["--level", "error"], &all[..1], 1),
        (&["--level", "warning"], &all, 1),
        (&["--fail-on", "error"], &all, 1),
        (&["--fail-on", "error", "--ignore", "vrid-mismatch"], &all[1..], 0),
        (&["--exit-zero"], &all, 0),
    ] {
        let (codes, exit) = shown(&folder, &[&["topo.kdl"], arguments].concat());
        assert_eq!(codes, expected, "{arguments:?}");
        assert_eq!(exit, Some(code), "{arguments:?}");
    }
}

#[test]
fn errors_are_shown_whatever_is_chosen() {
    let folder = Folder::new(&[("topo.kdl", WRONG)]);
    for arguments in [&["--select", "vrid-mismatch"][..], &["--ignore", "*"], &["--level", "error"], &["--exit-zero"]] {
        let (codes, exit) = shown(&folder, &[&["topo.kdl"], arguments].concat());
        assert_eq!((codes.join(" ").as_str(), exit), ("unknown-property", Some(2)), "{arguments:?}");
    }
}

#[test]
fn a_rule_that_does_not_exist_is_a_wrong_call() {
    let folder = Folder::new(&[("topo.kdl", CLEAN)]);
    for (arguments, hint) in [
        (["--select", "vrid-missmatch"], "--select: there is no rule `vrid-missmatch`; did you mean `vrid-mismatch`?"),
        (
            ["--ignore", "secret-litteral"],
            "--ignore: there is no rule `secret-litteral`; did you mean `secret-literal`?",
        ),
        (["--ignore", "vrid"], "there is no rule `vrid`; `vrid*` is every rule that begins so"),
        (["--select", "nothing-*"], "there is no rule `nothing-*`; `hacc explain` lists all rules"),
        (["--select", ""], "there is no rule ``; `hacc explain` lists all rules"),
    ] {
        let said = folder.lint(&[&["topo.kdl"][..], &arguments[..]].concat());
        assert_eq!((said.code, said.out.as_str()), (Some(2), ""), "{arguments:?}");
        assert!(said.err.contains(hint), "{}", said.err);
    }
}

#[test]
fn quiet_prints_the_count_alone() {
    let said = Folder::shop().lint(&["topo.kdl", "-q"]);
    assert_eq!((said.code, said.out.as_str()), (Some(1), ""));
    assert_eq!(said.err, "1 error, 2 warnings (2 allowed; 1 can be fixed; 3 only possible, shown by --pedantic)\n");
    let said = Folder::new(&[("topo.kdl", CLEAN)]).lint(&["topo.kdl", "--quiet"]);
    assert_eq!((said.code, said.err.as_str()), (Some(0), "no findings\n"));
    assert_eq!(Folder::shop().lint(&["topo.kdl", "-q", "--format", "json"]).code, Some(2), "one or the other");
}

#[test]
fn colours_are_for_who_wants_them() {
    let folder = Folder::shop();
    let run = |name: &str, value: &str| said(folder.command(&["lint", "topo.kdl"]).env(name, value), "").err;
    assert!(!run("NO_COLOR", "1").contains('\u{1b}'));
    assert!(!run("TERM", "xterm-256color").contains('\u{1b}'), "a pipe has none");
    assert!(run("CLICOLOR_FORCE", "1").contains("\u{1b}["));
}

#[test]
fn several_topologies_are_judged_each_by_itself() {
    let folder = Folder::new(&[("clean.kdl", CLEAN), ("warns.kdl", WARNS), ("wrong.kdl", WRONG), ("again.kdl", WARNS)]);
    for (paths, expected, code) in [
        (&["clean.kdl", "clean.kdl"][..], vec![], 0),
        (&["clean.kdl", "warns.kdl"], vec!["public-subnet"], 1),
        // The same names in two topologies are not twice the same.
        (&["warns.kdl", "again.kdl"], vec!["public-subnet", "public-subnet"], 1),
        (&["warns.kdl", "warns.kdl"], vec!["public-subnet"], 1),
        (&["wrong.kdl", "warns.kdl"], vec!["unknown-property", "public-subnet"], 2),
        (&["warns.kdl", "nothing.kdl", "clean.kdl"], vec!["public-subnet", "unreadable"], 2),
    ] {
        let (codes, exit) = shown(&folder, paths);
        assert_eq!(codes, expected, "{paths:?}");
        assert_eq!(exit, Some(code), "{paths:?}");
    }
    let said = folder.lint(&["wrong.kdl", "warns.kdl", "clean.kdl"]);
    assert_eq!(said.err.matches("1 error, 1 warning").count(), 1, "one count for all: {}", said.err);
    assert!(said.err.contains("wrong.kdl: not checked to the end"), "{}", said.err);
    assert!(!said.err.contains("warns.kdl: not checked"), "{}", said.err);
}

#[test]
fn build_and_lint_say_the_same_of_a_topology() {
    let folder = Folder::shop();
    let mut lint: Value = serde_json::from_str(&folder.lint(&["topo.kdl", "--format", "json"]).out).unwrap();
    let build: Value = serde_json::from_str(&folder.run(&["build", "topo.kdl", "--format", "json"]).out).unwrap();
    assert_eq!(lint["diagnostics"], build["diagnostics"]);
    // `build` has no --pedantic to speak of.
    assert_eq!(lint["summary"]["possible"].take(), 3);
    lint["summary"]["possible"] = 0.into();
    assert_eq!(lint["summary"], build["summary"]);
    assert!(TOPO.contains("vrid=52") && build["result"] == "refused");
}
