//! The options of `hacc build`.

use std::fs;

use serde_json::Value;

use crate::site::{Said, Site, changed, inodes, tree};

const BUILD: &[&str] = &["build", "topo.kdl", "-o", "out"];

fn build(site: &Site, more: &[&str]) -> Said {
    site.run(&[BUILD, more].concat())
}

/// The report as JSON, whatever the exit code is; nothing else is said.
fn json(site: &Site, more: &[&str]) -> (Option<i32>, Value) {
    let said = build(site, &[more, &["--format", "json"]].concat());
    assert_eq!(said.err, "");
    assert!(said.out.ends_with("}\n"));
    (said.code, serde_json::from_str(&said.out).unwrap())
}

/// Paths that the report gives this change.
fn with<'a>(report: &'a Value, change: &str) -> Vec<&'a str> {
    let files = report["files"].as_array().unwrap().iter();
    files.filter(|file| file["change"] == change).map(|file| file["path"].as_str().unwrap()).collect()
}

#[test]
fn a_dry_run_writes_nothing_and_needs_no_secret() {
    let site = Site::wide();
    fs::remove_file(site.path("topo.lock")).unwrap();
    fs::remove_file(site.path("topo.secrets")).unwrap();
    fs::remove_file(site.path("secrets/stats")).unwrap();
    let before = inodes(&site.path("."));
    let mut command = site.command(&[BUILD, &["--dry-run"]].concat());
    let dry = crate::site::said(command.env_remove("WIDE_MONITOR"));
    assert_eq!((dry.code, dry.err.as_str()), (Some(0), ""));
    assert!(dry.out.starts_with("out: 1"), "{}", dry.out);
    assert!(dry.out.contains("would be: "), "{}", dry.out);
    assert!(dry.out.contains("one/docker-compose.yml"), "{}", dry.out);
    assert_eq!(inodes(&site.path(".")), before);
    assert!(!site.path("out").exists());
}

#[test]
fn a_dry_run_tells_what_a_build_then_does() {
    let site = Site::srm();
    let told = json(&site, &["--dry-run"]).1;
    assert_eq!(told["dry_run"], true);
    let done = json(&site, &[]).1;
    assert_eq!((told["files"].clone(), done["dry_run"].clone()), (done["files"].clone(), Value::Bool(false)));
    site.edit("balance=\"leastconn\"", "balance=\"first\"");
    site.edit("nginx \"edge\"", "nginx \"door\"");
    fs::remove_file(site.path("out/vm/mq2/join")).unwrap();
    site.chmod("out/vm/mq3/join", 0o700);
    let before = inodes(&site.path("."));
    let told = json(&site, &["--dry-run"]).1;
    assert_eq!(inodes(&site.path(".")), before);
    let done = json(&site, &[]).1;
    assert_eq!(told["files"], done["files"]);
    let lines = |change| with(&done, change).join(" ");
    insta::assert_snapshot!(format!(
        "created {}\nreplaced {}\nmode {}\nremoved {}",
        lines("created"),
        lines("replaced"),
        lines("mode"),
        lines("removed")
    ));
}

/// Keys and kinds of a report.
fn shape(value: &Value) -> String {
    match value {
        Value::Object(map) => {
            let fields: Vec<String> = map.iter().map(|(key, value)| format!("{key}: {}", shape(value))).collect();
            format!("{{{}}}", fields.join(", "))
        }
        Value::Array(list) => format!("[{}]", list.first().map(shape).unwrap_or_default()),
        Value::String(_) => "text".to_owned(),
        Value::Number(_) => "number".to_owned(),
        Value::Bool(_) => "flag".to_owned(),
        Value::Null => "null".to_owned(),
    }
}

#[test]
fn the_report_for_programs_has_one_shape() {
    let site = Site::srm();
    let mut told = Vec::new();
    let mut say = |what: &str, (code, report): (Option<i32>, Value)| {
        told.push(format!("{what}: {} {} {}", code.unwrap(), report["result"], shape(&report)));
    };
    say("a first build", json(&site, &[]));
    say("a second build", json(&site, &[]));
    fs::write(site.path("out/mine"), "").unwrap();
    say("a foreign file", json(&site, &[]));
    site.edit("host \"vm\"", "network \"public\" on=\"vm\" subnet=\"173.200.7.0/24\"\nhost \"vm\"");
    say("a warning", json(&site, &[]));
    site.edit("vip \"front\" \"172.30.8.100\"", "vip \"front\" \"172.30.9.100\"");
    say("a finding of error level", json(&site, &[]));
    say("the same, by force", json(&site, &["--force"]));
    site.edit("172.30.9.100", "nowhere");
    say("an error", json(&site, &[]));
    fs::remove_file(site.path("topo.kdl")).unwrap();
    say("no topology", json(&site, &[]));
    insta::assert_snapshot!(told.join("\n"));
}

#[test]
fn lint_reports_to_programs_in_the_same_words() {
    let site = Site::srm();
    let report = |code| {
        let said = site.run(&["lint", "topo.kdl", "--format", "json"]);
        assert_eq!((said.code, said.err.as_str()), (Some(code), ""), "{}", said.out);
        serde_json::from_str::<Value>(&said.out).unwrap()
    };
    let mut told = vec![shape(&report(0))];
    site.edit("host \"vm\"", "network \"public\" on=\"vm\" subnet=\"173.200.7.0/24\"\nhost \"vm\"");
    told.push(shape(&report(1)));
    site.edit("173.200.7.0/24", "173.200.7.0");
    told.push(shape(&report(2)));
    insta::assert_snapshot!(told.join("\n"));
}

#[test]
fn findings_of_error_level_are_in_the_way_until_they_are_allowed_or_forced() {
    let site = Site::srm();
    site.edit("vip \"front\" \"172.30.8.100\"", "vip \"front\" \"172.30.9.100\"");
    let before = inodes(&site.path("."));
    let said = build(&site, &[]);
    assert_eq!((said.code, said.out.as_str()), (Some(1), ""));
    assert!(said.err.contains("--force") && said.err.contains("error["), "{}", said.err);
    assert_eq!(inodes(&site.path(".")), before, "nothing is written");
    assert_eq!(build(&site, &["--dry-run"]).code, Some(1));
    let forced = build(&site, &["--force"]);
    assert_eq!(forced.code, Some(0));
    assert!(forced.err.contains("error[") && forced.out.contains("75 new"), "{}{}", forced.err, forced.out);
}

#[test]
fn lost_secrets_are_an_error_and_new_ones_are_made_when_asked_for() {
    let site = Site::srm();
    let first = site.build();
    fs::remove_file(site.path("topo.secrets")).unwrap();
    let before = inodes(&site.path("."));
    let said = build(&site, &[]);
    assert_eq!(said.code, Some(2));
    assert!(said.err.contains("--new-secrets"), "{}", said.err);
    assert_eq!(inodes(&site.path(".")), before);
    assert_eq!(build(&site, &["--new-secrets"]).code, Some(0));
    let second = tree(&site.path("out"));
    let mut paths = changed(&first, &second);
    paths.retain(|path| !path.ends_with("/.erlang.cookie"));
    assert_eq!(
        paths,
        [
            "manifest.json",
            "vm/lb2/haproxy.cfg",
            "vm/lb2/keepalived.conf",
            "vm/lb3/haproxy.cfg",
            "vm/lb3/keepalived.conf",
            "vm/mq2/definitions.json",
            "vm/mq3/definitions.json",
            "vm/mq4/definitions.json",
            "web/c1/consul.json",
            "web/c2/consul.json",
            "web/c3/consul.json",
        ]
    );
    let cookies =
        |tree: &crate::site::Tree| ["mq2", "mq3", "mq4"].map(|mq| tree[&format!("vm/{mq}/.erlang.cookie")].clone());
    assert!(cookies(&second).iter().all(|cookie| *cookie == cookies(&second)[0] && *cookie != cookies(&first)[0]));
    // One that is lost alone is the only new one.
    let kept: String = site
        .read("topo.secrets")
        .lines()
        .filter(|line| !line.contains("\"vrrp\""))
        .fold(String::new(), |text, line| text + line + "\n");
    site.write("topo.secrets", &kept);
    assert_eq!(build(&site, &[]).code, Some(2));
    assert_eq!(build(&site, &["--new-secrets"]).code, Some(0));
    let third = tree(&site.path("out"));
    assert_eq!(changed(&second, &third), ["manifest.json", "vm/lb2/keepalived.conf", "vm/lb3/keepalived.conf"]);
}

#[test]
fn secrets_from_elsewhere_that_are_not_there_are_errors() {
    let site = Site::wide();
    let before = inodes(&site.path("."));
    let mut command = site.command(BUILD);
    let said = crate::site::said(command.env_remove("WIDE_MONITOR"));
    assert_eq!((said.code, said.out.as_str()), (Some(2), ""));
    assert!(said.err.contains("WIDE_MONITOR"), "{}", said.err);
    fs::rename(site.path("secrets/stats"), site.path("stats")).unwrap();
    let said = build(&site, &[]);
    assert!(said.code == Some(2) && said.err.contains("secrets/stats"), "{}", said.err);
    fs::rename(site.path("stats"), site.path("secrets/stats")).unwrap();
    assert!(!site.path("out").exists());
    assert_eq!(inodes(&site.path(".")).len(), before.len());
}

#[test]
fn the_store_is_not_read_where_others_can_read_it() {
    let site = Site::srm();
    site.chmod("topo.secrets", 0o644);
    let said = build(&site, &[]);
    assert_eq!(said.code, Some(2));
    assert!(said.err.contains("chmod 600"), "{}", said.err);
    assert!(!site.path("out").exists());
}

#[test]
fn a_durable_build_is_the_same() {
    let (plain, durable) = (Site::srm(), Site::srm());
    assert_eq!(build(&durable, &["--durable"]).code, Some(0));
    assert_eq!(changed(&plain.build(), &tree(&durable.path("out"))), [""; 0]);
}

#[test]
fn what_was_edited_by_hand_is_kept_and_shown_until_told_otherwise() {
    let site = Site::srm();
    let first = site.build();
    let cfg = "out/vm/lb2/haproxy.cfg";
    site.write(cfg, "# mine\n");
    site.write("out/vm/README.txt", "mine too\n");
    for _ in 0..2 {
        let said = build(&site, &[]);
        assert_eq!((said.code, said.err.as_str()), (Some(0), ""));
        assert!(said.out.contains("vm/lb2/haproxy.cfg") && said.out.contains("vm/README.txt"), "{}", said.out);
        assert!(said.out.contains("--overwrite-edited"), "{}", said.out);
        assert_eq!(site.read(cfg), "# mine\n");
    }
    // What it should say now has changed as well; and the others are written all the same.
    site.edit("balance=\"leastconn\"", "balance=\"first\"");
    let (code, report) = json(&site, &[]);
    assert_eq!((code, with(&report, "edited")), (Some(0), vec!["vm/README.txt", "vm/lb2/haproxy.cfg"]));
    assert_eq!(with(&report, "replaced"), ["vm/lb3/haproxy.cfg"]);
    assert_eq!(site.read(cfg), "# mine\n");
    let told = json(&site, &["--overwrite-edited", "--dry-run"]).1;
    assert_eq!(with(&told, "replaced"), ["vm/README.txt", "vm/lb2/haproxy.cfg"]);
    assert_eq!(site.read(cfg), "# mine\n");
    assert_eq!(build(&site, &["--overwrite-edited"]).code, Some(0));
    assert_eq!(
        changed(&first, &tree(&site.path("out"))),
        ["manifest.json", "vm/lb2/haproxy.cfg", "vm/lb3/haproxy.cfg"]
    );
    // A node that goes takes its files along, but not the edited one.
    site.write("out/vm/edge/nginx.conf", "mine\n");
    let text = site.read("topo.kdl");
    site.write("topo.kdl", &text[..text.find("nginx \"edge\"").unwrap()]);
    assert_eq!(build(&site, &[]).code, Some(0));
    assert_eq!(site.read("out/vm/edge/nginx.conf"), "mine\n");
    assert!(!site.path("out/vm/edge/health").exists());
}

#[test]
fn a_file_that_is_gone_or_has_other_permissions_comes_back() {
    let site = Site::srm();
    let first = site.build();
    fs::remove_file(site.path("out/vm/lb2/haproxy.cfg")).unwrap();
    fs::remove_dir_all(site.path("out/vm/mq3")).unwrap();
    site.chmod("out/vm/mq2/.erlang.cookie", 0o644);
    site.chmod("out/vm/mq2/start", 0o600);
    assert_eq!(changed(&first, &site.build()), [""; 0]);
}
