//! Broken topologies, each beside its mended self: what a user reads who made that mistake, and whether it points at the
//! place.
//!
//! `tests/broken/CLASS/CASE/` holds `broken.kdl` and `fixed.kdl`; `both/`, `broken/` and `fixed/` hold further files of
//! the topology's folder (`NAME@0644` has that mode). The first line of `fixed.kdl` says what is expected:
//!
//! * `// error CODE…: …` the build cannot be done (2),
//! * `// refused RULE…: …` the build is refused for findings (1),
//! * `// found RULE…: …` the build is done, the lint is not content (1).

#[path = "broken/case.rs"]
mod case;
#[path = "broken/mutations.rs"]
mod mutations;
#[path = "broken/place.rs"]
mod place;

use std::collections::BTreeSet;

use case::{Case, Expected, Side};

/// Cases whose main label stands elsewhere with good reason; another label of theirs marks the place.
const SECOND_LABEL: &[(&str, &str)] = &[
    ("hosts/host-of-another-network", "the subnet may be what is wrong"),
    ("hosts/two-members-on-one-host", "either may be the one to move"),
    ("missing/network-of-vip", "the VIP needs the network; its component lacks the attach"),
    ("network-findings/published-on-loopback", "whoever cannot reach it comes first"),
    ("rabbitmq-findings/mirroring-in-4", "the policy was right before the upgrade"),
    ("secrets/two-sources", "either may be the one too many"),
    ("syntax-structure/brace-too-many", "the brace at the end is certain, the earlier one a guess"),
    ("vrrp-findings/equal-priorities", "either may be the one to change"),
];

/// Cases for which no label can stand at the place: a line is missing in a node that is right by itself.
const ELSEWHERE: &[(&str, &str)] = &[
    ("consul-findings/apart", "the host is right by itself; the server that stands there is shown"),
    ("consul-findings/four-servers", "no server is wrong by itself; the cluster is shown"),
    ("hosts/brokers-on-bridges", "an attach is missing; the brokers are shown where they stand"),
    ("hosts/members-on-bridges", "one network for all is missing; the members are shown where they stand"),
    ("hosts/vip-of-one", "a node is missing; the VIP is shown"),
    ("network-findings/unreachable", "an attach is one way out of several; it is named in the help"),
];

/// Values of secrets in the cases: nothing may show them.
const SECRETS: &[&str] = &["correct-horse", "7Wn4fM2kGqTz", "backup-secret", "k33p", "pa$$w0rd"];

/// One test for each class; together they are all folders.
macro_rules! classes {
    ($($test:ident $class:literal,)*) => {
        const CLASSES: &[&str] = &[$($class),*];
        $(#[test] fn $test() { class($class); })*
    };
}

classes! {
    allocation "allocation",
    application_findings "application-findings",
    consul_findings "consul-findings",
    duplicate_names "duplicate-names",
    hosts "hosts",
    includes "includes",
    lock_and_store "lock-and-store",
    missing "missing",
    network_findings "network-findings",
    nginx_findings "nginx-findings",
    ports_findings "ports-findings",
    proxy_findings "proxy-findings",
    rabbitmq_findings "rabbitmq-findings",
    reference_cycles "reference-cycles",
    references "references",
    secrets "secrets",
    servers "servers",
    syntax_strings "syntax-strings",
    syntax_structure "syntax-structure",
    templates "templates",
    units "units",
    unknown_node "unknown-node",
    unknown_property "unknown-property",
    vrrp_findings "vrrp-findings",
    wrong_type "wrong-type",
}

#[test]
fn sixty_cases_in_fifteen_classes_of_at_least_four() {
    let folders = case::classes();
    assert_eq!(folders, CLASSES, "every folder is tested, and every test has a folder");
    assert!(folders.len() >= 15, "{} classes", folders.len());
    let counts: Vec<usize> = folders.iter().map(|class| case::of_class(class).len()).collect();
    assert!(counts.iter().all(|count| *count >= 4), "{folders:?} {counts:?}");
    assert!(counts.iter().sum::<usize>() >= 60, "{counts:?}");
}

/// Checks every case of a class, and tells of all that fail.
fn class(name: &str) {
    let mut wrong = Vec::new();
    for case in case::of_class(name) {
        wrong.extend(broken(&case).into_iter().chain(fixed(&case)).map(|what| format!("{}: {what}", case.name)));
        snapshot(&case);
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// The whole text as a user reads it, kept beside the case.
fn snapshot(case: &Case) {
    let staged = case.stage(Side::Broken);
    let text = staged.run(case.expected.command(), "text").stderr;
    assert!(!SECRETS.iter().any(|secret| text.contains(secret)), "{}: a secret is shown", case.name);
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(case.folder.as_std_path());
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!("text", text));
}

fn broken(case: &Case) -> Vec<String> {
    let mut wrong = Vec::new();
    let staged = case.stage(Side::Broken);
    let before = staged.files();
    let ran = staged.run(case.expected.command(), "json");
    let code = if matches!(case.expected, Expected::Error) { 2 } else { 1 };
    if ran.code != Some(code) {
        wrong.push(format!("exit code {:?} instead of {code}", ran.code));
    }
    if staged.files() != before {
        wrong.push("something was written".to_owned());
    }
    let diagnostics = place::diagnostics(&ran.stdout);
    let codes: BTreeSet<&str> = diagnostics.iter().map(|diagnostic| diagnostic.code.as_str()).collect();
    let expected: BTreeSet<&str> = case.codes.iter().map(String::as_str).collect();
    if codes != expected || diagnostics.len() != case.codes.len() {
        let codes: Vec<&str> = diagnostics.iter().map(|diagnostic| diagnostic.code.as_str()).collect();
        wrong.push(format!("says {codes:?} instead of {:?}", case.codes));
    }
    let second = SECOND_LABEL.iter().any(|(name, _)| *name == case.name);
    if !ELSEWHERE.iter().any(|(name, _)| *name == case.name) {
        wrong.extend(place::misplaced(case, &diagnostics, second));
    }
    wrong
}

/// The mended topology builds, and nothing at all is found.
fn fixed(case: &Case) -> Vec<String> {
    let staged = case.stage(Side::Fixed);
    let ran = staged.run("build", "text");
    let fine = ran.code == Some(0) && ran.stderr.is_empty();
    if fine { Vec::new() } else { vec![format!("fixed.kdl is not fine ({:?}): {}", ran.code, ran.stderr)] }
}
