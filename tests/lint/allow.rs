//! Allowing by a comment where it stands.

use serde_json::Value;

use crate::folder::Folder;

const HEAD: &str = "topology \"t\"\nhost \"a\" address=\"10.0.0.1\"\n";
const ALLOW: &str = "// hacc: allow(public-subnet) reason=\"ours\"";
const NET: &str = "network \"n\" on=\"a\" subnet=\"8.8.8.0/24\"";
const OTHER: &str = "network \"m\" on=\"a\" subnet=\"9.9.9.0/24\"";

/// What stands and what is allowed, with lines.
fn lint(files: &[(&str, &str)]) -> (Vec<String>, Vec<String>) {
    let said = Folder::new(files).lint(&["topo.kdl", "--format", "json"]);
    let json: Value = serde_json::from_str(&said.out).unwrap();
    let all = |key: &str| {
        let items = json[key].as_array().unwrap().iter();
        items.map(|one| format!("{}:{}", one["code"].as_str().unwrap(), one["labels"][0]["line"])).collect()
    };
    (all("diagnostics"), all("allowed"))
}

#[track_caller]
fn says(text: &str, stands: &[&str], allowed: &[&str]) {
    let (found, accepted) = lint(&[("topo.kdl", text)]);
    assert_eq!(
        (found, accepted),
        (stands.iter().map(ToString::to_string).collect(), allowed.iter().map(ToString::to_string).collect()),
        "{text}"
    );
}

#[test]
fn on_the_same_line_or_the_line_above() {
    says(&format!("{HEAD}{NET} {ALLOW}\n{OTHER}\n"), &["public-subnet:4"], &["public-subnet:3"]);
    says(&format!("{HEAD}  {ALLOW}\n{NET}\n{OTHER}\n"), &["public-subnet:5"], &["public-subnet:4"]);
    says(&format!("{HEAD}{ALLOW}\r\n{NET}\r\n"), &[], &["public-subnet:4"]);
    // Other comments may stand between; an empty line may not.
    says(&format!("{HEAD}{ALLOW}\n// see the plan\n{NET}\n"), &[], &["public-subnet:5"]);
    says(&format!("{HEAD}{ALLOW}\n\n{NET}\n"), &["unused-allow:3", "public-subnet:5"], &[]);
    says(&format!("{HEAD}{NET}\n{ALLOW}"), &["public-subnet:3", "unused-allow:4"], &[]);
    // As somebody else would write it.
    says(&format!("{HEAD}{NET} //hacc:allow( public-subnet )  reason = \" ours \"\n"), &[], &["public-subnet:3"]);
    says(&format!("{HEAD}{NET} {ALLOW} // ticket 7\n"), &[], &["public-subnet:3"]);
    // A node of several lines is met by its head; what stands in it is not.
    says(
        &format!("{HEAD}{NET}; haproxy \"lb\" version=\"2.6.12\" on=\"a\" {{ {ALLOW}\n attach \"n\"; node \"x\"\n}}\n"),
        &[],
        &["public-subnet:3"],
    );
}

#[test]
fn before_everything_else_for_the_whole_topology() {
    says(&format!("// our cluster\n{ALLOW}\n\n{HEAD}{NET}\n{OTHER}\n"), &[], &["public-subnet:6", "public-subnet:7"]);
    // Of an included file: for that file.
    let included = format!("{ALLOW}\n\n{NET}\n");
    let topo = format!("{HEAD}include \"more.kdl\"\n{OTHER}\n");
    let (stands, allowed) = lint(&[("topo.kdl", &topo), ("more.kdl", &included)]);
    assert_eq!((stands.join(" "), allowed.join(" ")), ("public-subnet:4".to_owned(), "public-subnet:3".to_owned()));
}

#[test]
fn several_stand_above_each_other_and_each_is_needed() {
    let secret = "secret \"s\" literal=\"x\"";
    let other = "// hacc: allow(secret-literal) reason=\"a lab\"";
    says(&format!("{HEAD}{ALLOW}\n{other}\n{NET}; {secret}\n"), &[], &["public-subnet:5", "secret-literal:5"]);
    says(&format!("{HEAD}{ALLOW}\n{other}\n{NET}\n"), &["unused-allow:4"], &["public-subnet:5"]);
    says(&format!("{HEAD}{ALLOW}\n{NET} {ALLOW}\n"), &["unused-allow:4"], &["public-subnet:4"]);
    // A node that allows is not needed where a comment does.
    says(
        &format!("{HEAD}{NET} {ALLOW}\nallow \"public-subnet\" reason=\"ours\"\n"),
        &["unused-allow:4"],
        &["public-subnet:3"],
    );
}

#[test]
fn only_a_comment_is_one() {
    for text in [
        format!(
            "topology \"t\"\nhost \"a\" address=\"10.0.0.1\"\n{NET}\nsecret \"x\" file=\"\"\"\n  {ALLOW}\n  \"\"\"\n"
        ),
        format!("{HEAD}/* {ALLOW} */ {NET}\n"),
        format!("{HEAD}// {ALLOW}\n{NET}\n"),
    ] {
        let (stands, allowed) = lint(&[("topo.kdl", &text)]);
        assert!(stands.iter().any(|one| one.starts_with("public-subnet")) && allowed.is_empty(), "{text}{stands:?}");
    }
    // In a node that is commented out it is a comment still, and accepts nothing.
    says(&format!("{HEAD}/-{NET} {{ {ALLOW}\n}}\n"), &["unused-allow:3"], &[]);
}

#[test]
fn what_is_wrong_with_one_is_an_error_that_tells_how_to_write_it() {
    let mut all = String::new();
    for comment in [
        "// hacc: alow(public-subnet) reason=\"x\"",
        "// hacc: allow public-subnet reason=\"x\"",
        "// hacc: allow(public-subnet)",
        "// hacc: allow(public-subnet) reason=",
        "// hacc: allow(public-subnet) reason=\" \"",
        "// hacc: allow(public-subnet) because=\"x\"",
        "// hacc: allow(public-subnet, secret-literal) reason=\"x\"",
        "// hacc: allow() reason=\"x\"",
        "// hacc: allow(public-subnet) reason=\"x\" until=\"May\"",
        "// hacc:",
    ] {
        let folder = Folder::new(&[("topo.kdl", &format!("{HEAD}{NET} {comment}\n"))]);
        let said = folder.lint(&["topo.kdl", "--ignore", "public-subnet"]);
        assert_eq!(said.code, Some(2), "{comment}");
        all.push_str(&said.err);
    }
    insta::assert_snapshot!(all);
}

/// Each comment looks at the next line that has something on it, and no line is looked at by all.
#[test]
fn very_many_comments_take_a_moment() {
    let start = std::time::Instant::now();
    let text = format!("{HEAD}{}{NET}\n", format!("{ALLOW}\n// and\n").repeat(20_000));
    let said = Folder::new(&[("topo.kdl", &text)]).lint(&["topo.kdl", "-q"]);
    assert_eq!((said.code, said.err.as_str()), (Some(1), "19999 warnings (1 allowed; 19999 can be fixed)\n"));
    assert!(start.elapsed() < std::time::Duration::from_secs(20), "{:?}", start.elapsed());
}
