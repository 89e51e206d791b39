//! `hacc explain` in its forms.

use serde_json::Value;

use crate::folder::Folder;

fn explain(arguments: &[&str]) -> String {
    let said = Folder::new(&[]).run(&[&["explain"], arguments].concat());
    assert_eq!((said.code, said.err.as_str()), (Some(0), ""), "{arguments:?}");
    said.out
}

#[test]
fn one_rule() {
    let rule = hacc::lint::rule("vrid-mismatch").unwrap();
    assert_eq!(explain(&["vrid-mismatch", "--format", "markdown"]), rule.page);
    assert_eq!(explain(&["vrid-mismatch", "--format", "text"]), explain(&["vrid-mismatch"]));
    let json: Value = serde_json::from_str(&explain(&["vrid-mismatch", "--format", "json"])).unwrap();
    assert_eq!(
        json,
        serde_json::json!({ "version": 1, "rules": [{
            "name": "vrid-mismatch", "level": "error", "levels": ["error"], "confidence": "certain", "fixes": ["safe"],
            "summary": "Members that stand for the same virtual address claim different virtual router ids.",
            "page": rule.page,
        }] })
    );
}

#[test]
fn every_rule() {
    let json: Value = serde_json::from_str(&explain(&["--format", "json"])).unwrap();
    let table = explain(&["--format", "markdown"]);
    let rows = json["rules"].as_array().unwrap();
    assert_eq!(rows.len(), hacc::lint::rules::ALL.len());
    assert_eq!(table.lines().count(), rows.len() + 2);
    for (row, (rule, line)) in rows.iter().zip(hacc::lint::rules::ALL.iter().zip(table.lines().skip(2))) {
        assert_eq!(row["name"], rule.name);
        assert_eq!(row["page"], rule.page);
        assert!(row["levels"].as_array().unwrap().contains(&row["level"]), "{row}");
        let summary = row["summary"].as_str().unwrap();
        assert!(line.starts_with(&format!("| `{}` | {} | ", rule.name, rule.level.word())), "{line}");
        assert!(line.ends_with(&format!(" | {} |", summary.replace('|', "\\|"))), "{line}");
        assert_eq!(line.replace("\\|", "").matches('|').count(), 6, "{line}");
    }
    // Both kinds of fixes are told apart.
    let fixes = |name: &str| rows.iter().find(|row| row["name"] == name).unwrap()["fixes"].clone();
    assert_eq!(fixes("vrid-mismatch"), serde_json::json!(["safe"]));
    assert_eq!(fixes("public-subnet"), serde_json::json!([]));
    assert!(rows.iter().any(|row| row["fixes"].as_array().unwrap().contains(&"changes-behaviour".into())));
}

#[test]
fn a_rule_that_does_not_exist() {
    let said = Folder::new(&[]).run(&["explain", "vrid-missmatch", "--format", "json"]);
    assert_eq!((said.code, said.out.as_str()), (Some(2), ""));
    assert_eq!(said.err, "hacc: there is no rule `vrid-missmatch`; did you mean `vrid-mismatch`?\n");
}
