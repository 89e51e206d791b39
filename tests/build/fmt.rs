//! `hacc fmt` as a process: what it writes, what it leaves, what it says.

use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, symlink};
use std::process::Stdio;

use crate::site::{Said, Site, inodes, is_root, said, tree};

const UGLY: &str = "topology \"t\"; host \"a\" address=\"10.0.0.1\"// one\n\n\n\nhost \"bcd\" address=\"10.0.0.2\" {allow \"x\" reason=\"y\"}\n";
const NEAT: &str = "topology \"t\"\nhost \"a\" address=\"10.0.0.1\" // one\n\nhost \"bcd\" address=\"10.0.0.2\" { allow \"x\" reason=\"y\"; }\n";

fn ends(said: &Said, code: i32, out: &str, err: &str) {
    assert_eq!((said.code, said.out.as_str(), said.err.as_str()), (Some(code), out, err));
}

#[test]
fn a_file_is_put_into_its_layout_and_keeps_its_mode() {
    let site = Site::of(UGLY);
    site.chmod("topo.kdl", 0o640);
    ends(&site.run(&["fmt", "topo.kdl"]), 0, "", "topo.kdl laid out anew\n");
    assert_eq!(site.read("topo.kdl"), NEAT);
    assert_eq!(fs::metadata(site.path("topo.kdl")).unwrap().permissions().mode() & 0o7777, 0o640);
    let before = inodes(&site.path("."));
    ends(&site.run(&["fmt", "topo.kdl"]), 0, "", "");
    assert_eq!(inodes(&site.path(".")), before, "what is laid out already is not touched");
}

#[test]
fn several_files_and_only_those_that_are_named() {
    let site = Site::of("topology \"t\"\ninclude   \"more.kdl\"\n");
    site.write("more.kdl", "host   \"a\"\n");
    site.write("neat.kdl", NEAT);
    // A file may be named twice.
    let said = site.run(&["fmt", "topo.kdl", "neat.kdl", "./topo.kdl"]);
    assert_eq!((said.code, said.out.as_str()), (Some(0), ""), "{}", said.err);
    assert_eq!(site.read("topo.kdl"), "topology \"t\"\ninclude \"more.kdl\"\n");
    assert_eq!(site.read("more.kdl"), "host   \"a\"\n");
}

#[test]
fn asked_only_it_writes_nothing() {
    let site = Site::of(UGLY);
    site.write("neat.kdl", NEAT);
    let before = inodes(&site.path("."));
    ends(&site.run(&["fmt", "--check", "neat.kdl", "topo.kdl"]), 1, "topo.kdl\n", "");
    ends(&site.run(&["fmt", "--check", "neat.kdl"]), 0, "", "");
    ends(&site.run(&["fmt", "--diff", "neat.kdl"]), 0, "", "");
    let diff = site.run(&["fmt", "--diff", "--check", "neat.kdl", "topo.kdl"]);
    assert_eq!((diff.code, diff.err.as_str()), (Some(1), ""));
    insta::assert_snapshot!(diff.out);
    assert_eq!(inodes(&site.path(".")), before);
}

#[test]
fn a_diff_shows_no_secret() {
    let site = Site::of("secret \"s\"   literal=\"hunter2hunter2\"\n");
    let diff = site.run(&["fmt", "--diff", "topo.kdl"]);
    assert_eq!(diff.code, Some(1));
    assert!(diff.out.contains("+secret \"s\" literal=") && !diff.out.contains("hunter"), "{}", diff.out);
    site.write("topo.secrets", "hacc-secrets   1\ngenerated   \"s\" \"hunter2hunter2\"\n");
    for arguments in [&["fmt", "--diff", "topo.secrets"][..], &["fmt", "topo.secrets"]] {
        let said = site.run(arguments);
        assert_eq!((said.code, said.out.as_str()), (Some(2), ""), "{}", said.err);
        assert!(!said.err.contains("hunter"), "{}", said.err);
    }
    assert!(site.read("topo.secrets").contains("hacc-secrets   1"));
}

/// A text with a unified diff applied to it.
fn applied(text: &str, diff: &str) -> String {
    let mut old = text.split_inclusive('\n').enumerate();
    let mut out = String::new();
    let mut lines = diff.split_inclusive('\n').skip(2).peekable();
    while let Some(line) = lines.next() {
        if let Some(hunk) = line.strip_prefix("@@ -") {
            let (start, rest) = hunk.split_once(',').unwrap_or((hunk.split(' ').next().unwrap(), "1 "));
            let count = rest.split(' ').next().unwrap();
            let first: usize = start.parse::<usize>().unwrap() - usize::from(count != "0");
            while old.clone().next().is_some_and(|(n, _)| n < first) {
                out.push_str(old.next().unwrap().1);
            }
            continue;
        }
        let mut body = line[1..].to_owned();
        if lines.next_if(|next| next.starts_with('\\')).is_some() {
            assert_eq!(body.pop(), Some('\n'));
        }
        if !line.starts_with('+') {
            assert_eq!(old.next().unwrap().1, body, "{line}");
        }
        if !line.starts_with('-') {
            out.push_str(&body);
        }
    }
    out.extend(old.map(|(_, line)| line));
    out
}

#[test]
fn a_diff_can_be_applied() {
    let mut long = String::new();
    for n in 0..12_000 {
        let _ = writeln!(long, "a{n}   b\nc");
    }
    for text in [UGLY.to_owned(), format!("a\n\n\n{UGLY}b;c"), long, "a{\nb}".to_owned()] {
        let site = Site::of(&text);
        let diff = site.run(&["fmt", "--diff", "topo.kdl"]);
        site.write("topo.kdl", &applied(&text, &diff.out));
        ends(&site.run(&["fmt", "--check", "topo.kdl"]), 0, "", "");
    }
}

#[test]
fn standard_input_goes_to_standard_output() {
    let site = Site::of("");
    let pipe = |arguments: &[&str], text: &str| {
        let mut command = site.command(arguments);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
        let output = child.wait_with_output().unwrap();
        Said {
            code: output.status.code(),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    };
    ends(&pipe(&["fmt", "-"], UGLY), 0, NEAT, "");
    ends(&pipe(&["fmt", "-"], NEAT), 0, NEAT, "");
    ends(&pipe(&["fmt", "--check", "-"], UGLY), 1, "<stdin>\n", "");
    ends(&pipe(&["fmt", "--check", "-"], NEAT), 0, "", "");
    let said = pipe(&["fmt", "-"], "a {");
    assert_eq!((said.code, said.out.as_str()), (Some(2), ""));
    assert!(said.err.contains("<stdin>:1:3"), "{}", said.err);
}

#[test]
fn with_one_error_nothing_is_written() {
    let site = Site::of(UGLY);
    site.write("broken.kdl", "host \"a\" {\n    allow \"x\n");
    site.write("latin.kdl", "");
    fs::write(site.path("latin.kdl"), b"host \"caf\xe9\"\n").unwrap();
    let before = inodes(&site.path("."));
    let said = site.run(&["fmt", "topo.kdl", "broken.kdl", "none.kdl", "latin.kdl", "."]);
    assert_eq!((said.code, said.out.as_str()), (Some(2), ""));
    insta::assert_snapshot!(said.err);
    assert_eq!(inodes(&site.path(".")), before);
}

#[test]
fn a_link_stays_a_link() {
    let site = Site::of(UGLY);
    fs::create_dir(site.path("elsewhere")).unwrap();
    fs::rename(site.path("topo.kdl"), site.path("elsewhere/file.kdl")).unwrap();
    symlink("elsewhere/file.kdl", site.path("topo.kdl")).unwrap();
    assert_eq!(site.run(&["fmt", "topo.kdl"]).code, Some(0));
    assert!(site.path("topo.kdl").is_symlink());
    assert_eq!(site.read("elsewhere/file.kdl"), NEAT);
    assert_eq!(fs::read_dir(site.path("elsewhere")).unwrap().count(), 1, "nothing is left beside it");
}

#[test]
fn a_file_that_may_not_be_written_stays_as_it_is() {
    let site = Site::of(UGLY);
    let mut command = site.command(&["fmt", "topo.kdl"]);
    if is_root() {
        use std::os::unix::process::CommandExt as _;
        std::os::unix::fs::chown(site.path("."), Some(65_534), Some(65_534)).unwrap();
        command.gid(65_534).uid(65_534);
    }
    site.chmod("topo.kdl", 0o444);
    let before = inodes(&site.path("topo.kdl"));
    let done = said(&mut command);
    assert_eq!((done.code, done.out.as_str()), (Some(2), ""));
    assert!(done.err.contains("`topo.kdl` cannot be written: permission denied"), "{}", done.err);
    assert_eq!(inodes(&site.path("topo.kdl")), before);
}

#[test]
fn the_owner_of_a_file_stays() {
    let site = Site::of(UGLY);
    if is_root() {
        std::os::unix::fs::chown(site.path("topo.kdl"), Some(65_534), Some(65_534)).unwrap();
    }
    let owner = || fs::metadata(site.path("topo.kdl")).map(|meta| (meta.uid(), meta.gid())).unwrap();
    let before = owner();
    assert_eq!(site.run(&["fmt", "topo.kdl"]).code, Some(0));
    assert_eq!(owner(), before);
}

#[test]
fn a_build_after_it_has_nothing_to_change() {
    for site in [Site::wide(), Site::registered(), Site::apart()] {
        let built = site.build();
        let is_kdl = |path: &String| std::path::Path::new(path).extension().is_some_and(|end| end == "kdl");
        let names: Vec<String> = tree(&site.path(".")).into_keys().filter(is_kdl).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let laid = site.run(&[&["fmt"], &names[..]].concat());
        assert_eq!(laid.code, Some(0), "{}", laid.err);
        assert!(laid.err.contains(".kdl laid out anew"), "it changes something: {}", laid.err);
        let before = inodes(&site.path("."));
        let again = site.run(&["build", "topo.kdl", "-o", "out"]);
        assert!(again.out.contains("nothing to change"), "{}{}", again.out, again.err);
        assert_eq!(inodes(&site.path(".")), before);
        assert_eq!(tree(&site.path("out")), built);
    }
}
