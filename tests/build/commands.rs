//! The other commands, and what all have in common.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt as _;
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::site::{Site, hacc, said};

const WARNS: &str =
    "topology \"t\"\nhost \"a\" address=\"10.0.0.1\"\nnetwork \"n\" on=\"a\" subnet=\"173.200.7.0/24\"\n";
const FAILS: &str = "topology \"t\"\nhost \"a\" address=\"10.0.0.1\"\nhost \"b\" address=\"10.0.0.2\"\n\
    secret \"c\" generate=20\nnetwork \"x\" on=\"a\" subnet=\"10.1.0.0/24\"\nnetwork \"y\" on=\"b\" subnet=\"10.2.0.0/24\"\n\
    rabbitmq \"mq\" version=\"4.1.4\" on=\"a\" cookie=\"c\" { attach \"x\"; node \"mq1\"; }\n\
    nginx \"edge\" version=\"1.28.0\" on=\"b\" { attach \"y\"; stream \"s\" port=1 to=\"mq/amqp\"; }\n";

#[test]
fn how_each_command_ends() {
    let site = Site::srm();
    site.write("warns.kdl", WARNS);
    site.write("fails.kdl", FAILS);
    site.write("wrong.kdl", "topology \"t\"\nhost \"a\"\n");
    site.write("broken.kdl", "topology \"t");
    site.write("ugly.kdl", "topology   \"t\"");
    fs::create_dir(site.path("folder")).unwrap();
    let table: &[(&[&str], i32)] = &[
        (&["build", "topo.kdl", "-o", "out"], 0),
        (&["build", "topo.kdl", "-o", "out"], 0),
        (&["build", "warns.kdl", "-o", "warned"], 0),
        (&["build", "fails.kdl", "-o", "failed"], 1),
        (&["build", "fails.kdl", "-o", "failed", "--dry-run"], 1),
        (&["build", "fails.kdl", "-o", "failed", "--force"], 0),
        (&["build", "wrong.kdl", "-o", "no"], 2),
        (&["build", "wrong.kdl", "-o", "no", "--force"], 2),
        (&["build", "broken.kdl", "-o", "no"], 2),
        (&["build", "nothing.kdl", "-o", "no"], 2),
        (&["build", "folder", "-o", "no"], 2),
        (&["build", "topo.kdl", "-o", "out", "--check"], 0),
        (&["build", "topo.kdl", "-o", "other", "--check"], 1),
        (&["build", "wrong.kdl", "-o", "no", "--check"], 2),
        (&["build", "topo.kdl", "--check", "--dry-run"], 2),
        (&["build"], 2),
        (&["build", "topo.kdl", "-o"], 2),
        (&["build", "topo.kdl", "--format", "xml"], 2),
        (&["lint", "topo.kdl"], 0),
        (&["lint", "warns.kdl"], 1),
        (&["lint", "warns.kdl", "--fail-on", "advice"], 1),
        (&["lint", "warns.kdl", "--fail-on", "error"], 0),
        (&["lint", "fails.kdl", "--fail-on", "error"], 1),
        (&["lint", "topo.kdl", "--fix"], 0),
        (&["lint", "warns.kdl", "--fix-unsafe", "--diff"], 1),
        (&["lint", "wrong.kdl"], 2),
        (&["lint", "wrong.kdl", "--fix"], 2),
        (&["lint", "wrong.kdl", "--format", "json"], 2),
        (&["lint", "folder"], 2),
        (&["lint", "nothing.kdl"], 2),
        (&["lint"], 2),
        (&["parse", "wrong.kdl"], 0),
        (&["parse", "broken.kdl"], 2),
        (&["parse", "folder"], 2),
        (&["parse", "nothing.kdl"], 2),
        (&["fmt", "topo.kdl"], 0),
        (&["fmt", "--check", "topo.kdl"], 0),
        (&["fmt", "--check", "warns.kdl", "wrong.kdl"], 0),
        (&["fmt", "--check", "ugly.kdl"], 1),
        (&["fmt", "--diff", "ugly.kdl"], 1),
        (&["fmt", "broken.kdl"], 2),
        (&["fmt", "folder"], 2),
        (&["fmt", "nothing.kdl"], 2),
        (&["fmt"], 2),
        (&["graph", "topo.kdl"], 0),
        (&["graph", "fails.kdl"], 0),
        (&["graph", "wrong.kdl"], 2),
        (&["explain"], 0),
        (&["explain", "vrid-mismatch"], 0),
        (&["explain", "no-such-rule"], 2),
        (&["init", "new.kdl", "--name", "new"], 0),
        (&["init", "new.kdl", "--name", "new"], 2),
        (&["init", "no/such/folder.kdl"], 2),
        (&["init", "other.kdl", "--name", "No Name"], 2),
        (&["help"], 0),
        (&["--help"], 0),
        (&["--version"], 0),
        (&["build", "--help"], 0),
        (&[], 2),
        (&["bild"], 2),
        (&["--bild"], 2),
    ];
    for (arguments, code) in table {
        let said = site.run(arguments);
        assert_eq!(said.code, Some(*code), "{arguments:?}: {}{}", said.out, said.err);
        if *code == 2 && !arguments.contains(&"json") {
            assert!(said.out.is_empty() && said.err.len() > 20, "{arguments:?}: {}{}", said.out, said.err);
        }
        assert!(!said.err.contains("panicked"), "{arguments:?}: {}", said.err);
    }
    assert!(!site.path("no").exists() && !site.path("other.kdl").exists());
}

#[test]
fn help_names_every_command_and_the_version_is_that_of_the_package() {
    let site = Site::of("");
    let help = site.run(&["--help"]);
    for command in ["build", "lint", "fmt", "init", "graph", "explain", "parse"] {
        assert!(help.out.contains(&format!("\n  {command} ")), "{}", help.out);
    }
    assert!(site.run(&["--version"]).out.starts_with(concat!("hacc ", env!("CARGO_PKG_VERSION"))));
    assert!(site.run(&[]).err.contains("Usage: hacc"));
    assert!(site.run(&["bulid"]).err.contains("build"));
}

#[test]
fn arguments_that_are_not_unicode() {
    let site = Site::srm();
    let odd = OsStr::from_bytes(b"o\xff.kdl");
    for arguments in [
        vec![OsStr::new("build"), odd],
        vec![OsStr::new("build"), OsStr::new("topo.kdl"), OsStr::new("-o"), odd],
        vec![OsStr::new("lint"), odd],
        vec![OsStr::new("parse"), odd],
        vec![OsStr::new("fmt"), odd],
        vec![OsStr::new("graph"), odd],
        vec![OsStr::new("init"), odd],
        vec![OsStr::new("explain"), odd],
        vec![odd],
    ] {
        let said = said(site.command(&[]).args(&arguments));
        assert_eq!((said.code, said.out.as_str()), (Some(2), ""), "{arguments:?}");
        assert!(!said.err.contains("panicked"), "{}", said.err);
    }
    // The folder that all lies in may be called anything.
    let folder = site.path(".").join(OsStr::from_bytes(b"f\xff"));
    fs::create_dir(&folder).unwrap();
    fs::copy(site.path("topo.kdl"), folder.join("topo.kdl")).unwrap();
    let said = said(hacc().current_dir(&folder).args(["build", "topo.kdl", "-o", "out"]));
    assert_eq!(said.code, Some(0), "{}", said.err);
}

#[test]
fn nobody_who_listens_is_no_reason_to_panic() {
    let site = Site::srm();
    site.write("warns.kdl", WARNS);
    for arguments in [
        "explain",
        "explain vrid-mismatch",
        "parse topo.kdl",
        "parse topo.kdl --format json",
        "graph topo.kdl",
        "--help",
        "build topo.kdl -o out",
        "build topo.kdl -o out --format json",
        "lint warns.kdl --format json",
        "lint warns.kdl",
    ] {
        // Both streams closed, full, or a pipe whose reader is gone.
        for streams in [">&- 2>&-", ">/dev/full 2>/dev/full"] {
            let script = format!("\"$0\" {arguments} {streams}");
            let done = Command::new("/bin/sh")
                .args(["-c", &script, env!("CARGO_BIN_EXE_hacc")])
                .current_dir(site.path("."))
                .output()
                .unwrap();
            assert!(matches!(done.status.code(), Some(0..=2)), "{script}: {:?}", done.status);
        }
        let mut command = site.command(&arguments.split(' ').collect::<Vec<_>>());
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        let err = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(matches!(output.status.code(), Some(0..=2)), "{arguments}: {:?} {err}", output.status);
        assert!(!err.contains("panicked"), "{arguments}: {err}");
    }
}

#[test]
fn the_starter_builds_as_it_is() {
    let site = Site::of("");
    for name in [&[][..], &["--name", "prod-1"]] {
        let _ = fs::remove_file(site.path("new.kdl"));
        let arguments = [&["init", "new.kdl"], name].concat();
        assert_eq!(site.run(&arguments).code, Some(0));
        let lint = site.run(&["lint", "new.kdl", "--fail-on", "advice"]);
        assert_eq!(lint.code, Some(0), "{}", lint.err);
        let out = if name.is_empty() { "out" } else { "named" };
        let build = site.run(&["build", "new.kdl", "-o", out]);
        assert_eq!((build.code, build.err.as_str()), (Some(0), ""));
        for beside in ["new.lock", "new.secrets"] {
            fs::remove_file(site.path(beside)).unwrap();
        }
    }
    assert!(site.read("named/main/docker-compose.yml").contains("container_name: \"prod-1-mq1\""));
}

#[test]
fn the_starter_keeps_its_comments_and_takes_its_name_from_its_folder() {
    let starter = include_str!("../../stdlib/init.kdl");
    let site = Site::of("");
    for (folder, name) in [("plain", "plain"), ("My Cluster_2", "my-cluster-2"), ("ÄÖ", "my-cluster"), ("-a-", "a")] {
        fs::create_dir(site.path(folder)).unwrap();
        let file = format!("./{folder}/topo.kdl");
        assert_eq!(site.run(&["init", &file]).code, Some(0), "{folder}");
        assert_eq!(site.read(&file), starter.replace("topology \"my-cluster\"", &format!("topology \"{name}\"")));
        let inside = said(hacc().current_dir(site.path(folder)).args(["init", "second.kdl"]));
        assert_eq!(inside.code, Some(0), "{}", inside.err);
        assert_eq!(site.read(&format!("{folder}/second.kdl")), site.read(&file));
    }
    for name in ["", "-a", "a-", "A", "a b", "a\"b", "a_b", "ä", &"a".repeat(64)] {
        assert_eq!(site.run(&["init", "bad.kdl", &format!("--name={name}")]).code, Some(2), "{name}");
        assert!(!site.path("bad.kdl").exists(), "{name}");
    }
}

#[test]
fn the_starter_writes_over_nothing() {
    let site = Site::of("mine");
    std::os::unix::fs::symlink("aim", site.path("link.kdl")).unwrap();
    fs::create_dir(site.path("folder.kdl")).unwrap();
    for file in ["topo.kdl", "link.kdl", "folder.kdl"] {
        let said = site.run(&["init", file, "--name", "x"]);
        assert_eq!(said.code, Some(2), "{file}");
        assert!(said.err.contains("exists already; nothing was written"), "{}", said.err);
    }
    assert_eq!(site.read("topo.kdl"), "mine");
    assert!(!site.path("aim").exists());
}

#[test]
fn every_rule_is_explained() {
    let site = Site::of("");
    let list = site.run(&["explain"]).out;
    let names: Vec<String> = (fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/rules")).unwrap())
        .map(|entry| entry.unwrap().path().file_stem().unwrap().to_str().unwrap().to_owned())
        .collect();
    assert!(names.len() > 20);
    for name in names {
        assert!(list.contains(&name), "{name} is listed");
        let said = site.run(&["explain", &name]);
        assert_eq!((said.code, said.err.as_str()), (Some(0), ""), "{name}");
        assert!(said.out.contains(&name) && said.out.lines().count() > 8, "{name}: {}", said.out);
    }
    assert!(site.run(&["explain", "vrid-mismatsh"]).err.contains("did you mean `vrid-mismatch`?"));
    assert!(!site.run(&["explain", "\u{1b}[31m"]).err.contains('\u{1b}'));
}

#[test]
fn the_graph_of_the_example() {
    insta::assert_snapshot!(Site::srm().run(&["graph", "topo.kdl"]).out);
}

/// Quotes and braces as Graphviz reads them: an ID in quotes ends at the first quote without a backslash.
#[test]
fn graphs_are_well_formed() {
    for site in [Site::srm(), Site::wide()] {
        let dot = site.run(&["graph", "topo.kdl"]).out;
        assert!(dot.starts_with("digraph ") && dot.ends_with("}\n"));
        let (mut depth, mut quoted, mut chars) = (0_i32, false, dot.chars());
        let mut ids: Vec<String> = Vec::new();
        while let Some(c) = chars.next() {
            match c {
                '"' => {
                    quoted = !quoted;
                    if quoted {
                        ids.push(String::new());
                    }
                }
                '\\' if quoted => ids.last_mut().unwrap().extend(chars.next()),
                c if quoted => ids.last_mut().unwrap().push(c),
                '{' => depth += 1,
                '}' => depth -= 1,
                _ => {}
            }
            assert!(depth >= 0);
        }
        assert!(depth == 0 && !quoted);
        assert!(ids.len() > 20);
    }
}

#[test]
fn parse_prints_what_it_reads_in_both_forms() {
    let site = Site::of("a 1 k=#true /* x */ {\n b \"c\\n\"; /-d\n}\nα #inf\n");
    let canonical = site.run(&["parse", "topo.kdl"]);
    assert_eq!(canonical.code, Some(0));
    site.write("again.kdl", &canonical.out);
    assert_eq!(site.run(&["parse", "again.kdl"]).out, canonical.out);
    let json: Value = serde_json::from_str(&site.run(&["parse", "topo.kdl", "--format", "json"]).out).unwrap();
    assert!(json.to_string().contains("\"α\""), "{json}");
    insta::assert_snapshot!(format!("{}\n{}", canonical.out, serde_json::to_string_pretty(&json).unwrap()));
}

#[test]
fn parse_refuses_what_is_no_kdl() {
    let deep = |n: usize| format!("{}{}", "a {\n".repeat(n), "}\n".repeat(n));
    let refused: Vec<(&str, Vec<u8>)> = vec![
        ("an open string", b"a \"b".to_vec()),
        ("an open block", b"a {".to_vec()),
        ("a surplus end", b"a }".to_vec()),
        ("version 1", b"a true".to_vec()),
        ("binary", vec![0, 159, 146, 150]),
        ("an ELF header", b"\x7fELF\x02\x01\x01\0\0".to_vec()),
        ("UTF-16", b"\xff\xfea\0".to_vec()),
        ("a direction mark", "a \u{202e}".as_bytes().to_vec()),
        ("open blocks without end", "a {".repeat(200_000).into_bytes()),
        ("open comments without end", "/*".repeat(200_000).into_bytes()),
        ("ends without end", "}".repeat(100_000).into_bytes()),
    ];
    let site = Site::of("");
    for (what, bytes) in refused {
        fs::write(site.path("x.kdl"), bytes).unwrap();
        for format in ["kdl", "json"] {
            let said = site.run(&["parse", "x.kdl", "--format", format]);
            assert_eq!((said.code, said.out.as_str()), (Some(2), ""), "{what}: {:.300}", said.err);
            assert!(said.err.contains("error") && said.err.len() < 100_000, "{what}: {:.300}", said.err);
            assert!(!said.err.contains('\u{202e}') && !said.err.contains('\0'), "{what}");
        }
    }
    // Deep and right is read, without a stack overflow.
    fs::write(site.path("x.kdl"), deep(100_000)).unwrap();
    for format in ["kdl", "json"] {
        let said = site.run(&["parse", "x.kdl", "--format", format]);
        assert!(matches!(said.code, Some(0 | 2)), "{format}: {:.300}", said.err);
    }
    for command in ["build", "lint", "graph"] {
        assert_eq!(site.run(&[command, "x.kdl"]).code, Some(2), "{command}");
    }
    fs::write(site.path("empty.kdl"), "").unwrap();
    assert_eq!(site.run(&["parse", "empty.kdl"]).code, Some(0));
    assert_eq!(site.run(&["lint", "empty.kdl"]).code, Some(2));
}

#[test]
fn more_errors_than_anybody_reads_are_counted() {
    let site = Site::srm();
    site.write("many.kdl", &format!("topology \"t\"\n{}", "nonsense\n".repeat(300)));
    let text = said(&mut site.command(&["lint", "many.kdl"]));
    assert_eq!(text.code, Some(2));
    assert_eq!(text.err.matches("error[").count(), 200);
    assert!(text.err.contains("and 100 more; `--format json` has them all\n\n300 errors\n"), "{}", text.err);
    assert!(text.err.lines().last().unwrap().starts_with("many.kdl: not checked to the end"), "{}", text.err);
    let json = said(&mut site.command(&["lint", "many.kdl", "--format", "json"]));
    let json: Value = serde_json::from_str(&json.out).unwrap();
    assert_eq!(json["diagnostics"].as_array().unwrap().len(), 300);
}

#[test]
fn a_template_that_prints_for_ever_is_given_up() {
    let site = Site::srm();
    let topology = fs::read_to_string(site.path("topo.kdl")).unwrap();
    site.write("endless.kdl", &format!("{topology}\ntemplates \"mine\"\n"));
    fs::create_dir_all(site.path("mine/rabbitmq")).unwrap();
    let grows = "{% set x = [x, x] %}".repeat(60);
    site.write("mine/rabbitmq/hosts.j2", &format!("{{% set x = 'a' %}}{grows}{{% set y = x|string|length %}}\n"));
    let text = said(&mut site.command(&["build", "endless.kdl", "-o", "endless"]));
    assert_eq!(text.code, Some(2), "{}", text.err);
    assert!(text.err.contains("does not end"), "{}", text.err);
    assert!(!site.path("endless").exists() && !site.path("endless.lock").exists());
}
