//! The whole output of each format.

use crate::folder::{Folder, SECRET};

fn whole(format: &str) -> String {
    let said = Folder::shop().lint(&["topo.kdl", "--format", format]);
    assert_eq!(said.code, Some(1));
    let (out, nothing) = if format == "text" { (said.err, said.out) } else { (said.out, said.err) };
    assert_eq!(nothing, "");
    assert!(!out.contains(SECRET) && !out.contains("correct-h"), "{out}");
    assert!(!out.contains('\u{1b}'), "no colour in a pipe");
    out
}

#[test]
fn text() {
    insta::assert_snapshot!(whole("text"));
}

#[test]
fn json() {
    insta::assert_snapshot!(whole("json"));
}

#[test]
fn sarif() {
    let out = whole("sarif").replace(concat!('"', env!("CARGO_PKG_VERSION"), '"'), "\"VERSION\"");
    // The pages are in other snapshots.
    let mut log: serde_json::Value = serde_json::from_str(&out).unwrap();
    for rule in log["runs"][0]["tool"]["driver"]["rules"].as_array_mut().unwrap() {
        let name = rule["id"].as_str().unwrap().to_owned();
        let page = hacc::lint::rule(&name).unwrap();
        assert_eq!(rule["help"]["markdown"], page.page);
        assert_eq!(rule["help"]["text"], hacc::report::explain(page));
        rule["help"] = "the page".into();
    }
    insta::assert_snapshot!(serde_json::to_string_pretty(&log).unwrap());
}

#[test]
fn github() {
    insta::assert_snapshot!(whole("github"));
}

#[test]
fn a_secret_is_covered_where_the_topology_cannot_be_read_too() {
    for broken in [
        "secret \"stats\" literal=\"correct-horse-battery\" ??",
        "secret \"stats\" litteral=\"correct-horse-battery\"\n{",
    ] {
        let folder = Folder::new(&[("topo.kdl", broken)]);
        for format in ["text", "json", "sarif", "github"] {
            let said = folder.lint(&["topo.kdl", "--format", format]);
            assert_eq!(said.code, Some(2));
            assert!(!format!("{}{}", said.out, said.err).contains("correct-h"), "{format}: {said:?}");
        }
    }
}

/// Columns count Unicode scalar values, as `columnKind` says: not bytes, not UTF-16.
#[test]
fn columns_of_sarif_are_those_of_its_column_kind() {
    let said = Folder::shop().lint(&["topo.kdl", "--format", "sarif", "--select", "public-subnet"]);
    let log: serde_json::Value = serde_json::from_str(&said.out).unwrap();
    let run = &log["runs"][0];
    assert_eq!(run["columnKind"], "unicodeCodePoints");
    let line = crate::folder::BROKERS.lines().next().unwrap();
    let region = &run["results"][0]["locations"][0]["physicalLocation"]["region"];
    let number = |key: &str| usize::try_from(region[key].as_u64().unwrap()).unwrap();
    let marked: String =
        line.chars().skip(number("startColumn") - 1).take(number("endColumn") - number("startColumn")).collect();
    assert_eq!(marked, "\"173.30.7.0/24\"");
}

#[test]
fn fingerprints_stay_while_lines_move_and_tell_findings_apart() {
    let prints = |topo: &str| -> Vec<String> {
        let folder = Folder::new(&[("topo.kdl", topo), ("parts/brokers.kdl", crate::folder::BROKERS)]);
        let log: serde_json::Value =
            serde_json::from_str(&folder.lint(&["topo.kdl", "--format", "sarif"]).out).unwrap();
        let results = log["runs"][0]["results"].as_array().unwrap();
        results.iter().map(|one| one["partialFingerprints"]["haccFinding/v1"].as_str().unwrap().to_owned()).collect()
    };
    let before = prints(crate::folder::TOPO);
    assert_eq!(prints(&format!("\n// moved\n\n{}", crate::folder::TOPO)), before);
    let mut apart = before.clone();
    apart.sort();
    apart.dedup();
    assert_eq!(apart.len(), before.len());
}

/// Two findings of one rule that say the same of two places.
#[test]
fn findings_alike_have_fingerprints_of_their_own() {
    let twice = "topology \"t\"\nsecret \"a\" literal=\"x\"\nhost \"a\" address=\"10.0.0.1\"\n\
        network \"n\" on=\"a\" subnet=\"10.1.0.0/24\"\nhaproxy \"lb\" version=\"2.6.12\" on=\"a\" {\n attach \"n\"\n \
        node \"x\"\n node \"y\"\n vip \"v\" \"10.1.0.100\" { member \"x\" vrid=0; member \"y\" vrid=0; }\n}\n";
    let said =
        Folder::new(&[("topo.kdl", twice)]).lint(&["topo.kdl", "--format", "sarif", "--select", "vrid-out-of-range"]);
    let log: serde_json::Value = serde_json::from_str(&said.out).unwrap();
    let results = log["runs"][0]["results"].as_array().unwrap();
    assert_eq!(results.len(), 2, "{}", said.out);
    assert_ne!(results[0]["partialFingerprints"], results[1]["partialFingerprints"]);
}
