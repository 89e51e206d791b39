//! Applications: what is emitted for them, and their scripts under the shell. What asks Consul is tried with a real one, in
//! tests/lab.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Command, Output};

use crate::forms::listing;
use crate::hostile::{HOSTILE, kdl, planned};
use crate::readers;
use crate::site::{Said, Site, Tree};

/// A tree without what belongs to others.
fn of(site: &Site, wanted: impl Fn(&str) -> bool) -> Tree {
    site.build().into_iter().filter(|(path, _)| wanted(path)).collect()
}

#[test]
fn on_one_host() {
    let tree = of(&Site::registered(), |path| path.starts_with("app/swoft") || path.starts_with("app/plain"));
    insta::assert_snapshot!(listing(&tree));
}

#[test]
fn across_hosts() {
    insta::assert_snapshot!(listing(&of(&Site::apart(), |path| path.starts_with("app/") && !path.contains("README"))));
}

/// What the operator of the machine reads about them.
#[test]
fn in_the_readme() {
    let tree = Site::apart().build();
    let (_, after) = tree["app/README.txt"].text.split_once("\nAPPLICATION ").unwrap();
    insta::assert_snapshot!(after.split_once("\nNEVER\n").unwrap().0);
}

#[test]
fn both_have_no_findings() {
    for site in [Site::registered(), Site::apart()] {
        let Said { code, err, .. } = site.run(&["lint", "topo.kdl", "--fail-on", "advice"]);
        assert_eq!(code, Some(0), "{err}");
    }
}

#[test]
fn a_secret_is_only_in_the_file_that_is_read_for_it() {
    let tree = Site::registered().build();
    for (path, file) in &tree {
        let holds = ["PASSWORDofTheDatabase234", "KEY of $the"].iter().any(|secret| file.text.contains(secret));
        assert_eq!(holds, path.ends_with("/environment"), "{path}");
        if holds {
            assert_eq!(file.mode, 0o600, "{path}");
        }
    }
}

/// Shells that are here; one always is.
fn shells() -> Vec<Vec<&'static str>> {
    let found = |shell: &[&str]| Command::new(shell[0]).args(&shell[1..]).args(["-c", ":"]).output();
    let all: [&[&str]; 4] = [&["/bin/sh"], &["dash"], &["busybox", "sh"], &["bash", "--posix"]];
    all.iter().filter(|shell| found(shell).is_ok_and(|it| it.status.success())).map(|shell| shell.to_vec()).collect()
}

fn run(shell: &[&str], script: &Path, arguments: &[&str]) -> Output {
    Command::new(shell[0]).args(&shell[1..]).arg(script).args(arguments).output().unwrap()
}

/// An instance whose file of variables and init.sh are in the site's own folder.
struct Started {
    site: Site,
}

impl Started {
    fn new(start: &str) -> Self {
        let site = Site::of("");
        let www = site.path("www");
        let www = www.to_str().unwrap();
        site.write(
            "topo.kdl",
            &format!(
                r#"topology "t"
host "one" address="192.168.10.11"
network "n" on="one" subnet="172.30.8.0/24"
application "a" image="i:1" on="one" start={} {{
    attach "n"
    instance "a1" port=18316 address="172.30.8.5"
    init env="{www}/.env" script="{www}/bin/init.sh"
}}
"#,
                kdl(start)
            ),
        );
        fs::create_dir(site.path("www")).unwrap();
        site.build();
        // In a container the folder is mounted there.
        let start = site.path("out/one/a1/start");
        let here = format!("{}/", start.parent().unwrap().to_str().unwrap());
        fs::write(&start, fs::read_to_string(&start).unwrap().replace("/etc/hacc/", &here)).unwrap();
        Self { site }
    }

    fn init(&self, shell: &[&str], arguments: &[&str]) -> Output {
        run(shell, &self.site.path("out/one/a1/init.sh"), arguments)
    }

    fn start(&self, shell: &[&str]) -> String {
        let output = run(shell, &self.site.path("out/one/a1/start"), &[]);
        assert!(output.status.success(), "{shell:?}: {output:?}");
        String::from_utf8(output.stdout).unwrap()
    }

    fn env(&self) -> Option<String> {
        fs::read_to_string(self.site.path("www/.env")).ok()
    }

    /// What is in the folder of the file.
    fn beside(&self) -> Vec<String> {
        let entries = fs::read_dir(self.site.path("www")).unwrap();
        let mut names: Vec<String> = entries.map(|it| it.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }
}

#[test]
fn init_writes_the_keys_of_the_notes_and_keeps_other_lines() {
    for shell in shells() {
        let started = Started::new("true");
        let output = started.init(&shell, &["-i", "192.168.10.11", "-t", "http", "-p", "18316"]);
        assert!(output.status.success() && output.stderr.is_empty(), "{shell:?}: {output:?}");
        assert_eq!(started.env().unwrap(), "HOST=172.30.8.5\nIP=192.168.10.11\nTYPE=http\nPORT=18316\n", "{shell:?}");
        let mode = || fs::metadata(started.site.path("www/.env")).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(), 0o644, "{shell:?}");
        started.site.write("www/.env", "# kept\nAPP=\\n$HOME \nPORT=1\nPORTS=2\n\nIP=3\n  HOST=4\nlast");
        started.site.chmod("www/.env", 0o640);
        let output = started.init(&shell, &["-p", "65535", "-t", "tcp", "-i", "255.255.255.255"]);
        assert!(output.status.success(), "{shell:?}: {output:?}");
        assert_eq!(
            started.env().unwrap(),
            "HOST=172.30.8.5\nIP=255.255.255.255\nTYPE=tcp\nPORT=65535\n# kept\nAPP=\\n$HOME \nPORTS=2\n\n  HOST=4\nlast\n",
            "{shell:?}"
        );
        assert_eq!(mode(), 0o640, "{shell:?}");
        assert_eq!(started.beside(), [".env"], "{shell:?}: nothing is left");
    }
}

#[test]
fn init_refuses_what_is_missing_unknown_or_malformed_and_then_writes_nothing() {
    let good = [("-i", "10.0.0.1"), ("-t", "tcp"), ("-p", "80")];
    for shell in shells() {
        let started = Started::new("true");
        let refused = |arguments: &[&str], word: &str| {
            let output = started.init(&shell, arguments);
            let said = String::from_utf8_lossy(&output.stderr).into_owned();
            assert_eq!(output.status.code(), Some(64), "{shell:?} {arguments:?}: {said}");
            assert!(said.contains(word) && said.contains("usage:"), "{shell:?} {arguments:?}: {said}");
            assert_eq!(started.beside(), Vec::<String>::new(), "{shell:?} {arguments:?}");
        };
        for missing in 0..3 {
            let rest: Vec<&str> =
                good.iter().enumerate().filter(|(n, _)| *n != missing).flat_map(|(_, (a, b))| [*a, *b]).collect();
            refused(&rest, good[missing].0);
            let mut open = rest.clone();
            open.push(good[missing].0);
            refused(&open, "needs a value");
        }
        refused(&["-i", "10.0.0.1", "-t", "tcp", "-p", "80", "-x"], "-x");
        refused(&["-i", "10.0.0.1", "-t", "tcp", "-p", "80", "more"], "more");
        refused(&["-i", "10.0.0.1", "-t", "tcp", "-p", "80", "--", "-p"], "-p");
        let bad: [(usize, &[&str]); 3] = [
            (
                0,
                &[
                    "10.0.0",
                    "10.0.0.1.2",
                    "10.0.0.256",
                    "10.0.0.01",
                    "10..0.1",
                    ".0.0.1",
                    "localhost",
                    "10.0.0.1 ",
                    "::1",
                ],
            ),
            (1, &["1tcp", "t=p", "t:p", "t?p", "-", "tcp,http"]),
            (2, &["0", "080", "65536", "99999999999999999999", "8o", "-1", "+80", "0x50"]),
        ];
        for (which, values) in bad {
            for value in values.iter().chain(HOSTILE).filter(|value| !value.contains('\0')) {
                if which == 1
                    && value.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_')
                    && !value.is_empty()
                {
                    // A word.
                    if value.starts_with(|c: char| c.is_ascii_alphabetic()) {
                        continue;
                    }
                }
                let mut arguments: Vec<&str> = good.iter().flat_map(|(a, b)| [*a, *b]).collect();
                arguments[2 * which + 1] = value;
                refused(&arguments, good[which].0);
            }
        }
    }
}

/// What the bootstrap of the notes makes of the last argument of a command, with PHP's own functions: everything behind the
/// first `=` up to the next, split at `?`, each `:` a blank.
fn bootstrap(argument: &str) -> String {
    let init_calls = argument[argument.find("ext_init").unwrap()..].split('=').nth(1).unwrap();
    assert!(init_calls.contains('?'));
    let calls = init_calls.split('?').map(|call| format!("{} ", call.replace(':', " ")));
    format!(" {}", calls.collect::<String>())
}

#[test]
fn the_last_argument_of_the_command_calls_init_as_the_notes_do() {
    for shell in shells() {
        // As written: a program for the shell.
        let started = Started::new("cd /; set -- a; A='x y'; printf '%s\\n' \"$A\" php http:start");
        let said = started.start(&shell);
        // The line has its own arguments; the one that is added stands in `$@` until it is set.
        assert_eq!(said, "x y\nphp\nhttp:start\na\n", "{shell:?}");
        let started = Started::new("printf '%s\\n' php http:start ");
        let said = started.start(&shell);
        let words: Vec<&str> = said.lines().collect();
        assert_eq!(words, ["php", "http:start", "ext_init=-i:172.30.8.5?-t:tcp?-p:18316"], "{shell:?}");
        let before = started.env().unwrap();
        assert_eq!(before, "HOST=172.30.8.5\nIP=172.30.8.5\nTYPE=tcp\nPORT=18316\n");
        // init.sh stands where the application calls it, and its call writes the same again.
        fs::remove_file(started.site.path("www/.env")).unwrap();
        let call = format!("sh {}{}", started.site.path("www/bin/init.sh").display(), bootstrap(words[2]));
        let status = Command::new(shell[0]).args(&shell[1..]).args(["-c", &call]).status().unwrap();
        assert!(status.success(), "{shell:?}: {call}");
        assert_eq!(started.env().unwrap(), before, "{shell:?}");
        // And again, as a restart does.
        started.start(&shell);
        assert_eq!(started.beside(), [".env", "bin"]);
    }
}

#[test]
fn health_reads_the_kernels_table() {
    let started = Started::new("true");
    let health = started.site.path("out/one/a1/health");
    let socket = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = socket.local_addr().unwrap().port();
    let text = fs::read_to_string(&health).unwrap();
    assert!(text.contains("\nport=18316\n"));
    fs::write(&health, text.replace("port=18316", &format!("port={port}"))).unwrap();
    for shell in shells() {
        assert!(run(&shell, &health, &[]).status.success(), "{shell:?}");
    }
    drop(socket);
    for shell in shells() {
        let output = run(&shell, &health, &[]);
        assert_eq!(
            (output.status.code(), output.stdout),
            (Some(1), format!("nothing listens on {port}\n").into_bytes())
        );
    }
}

/// Every free text of an application.
const BASE: &str = r#"topology "t"
host "one" address="192.168.10.11"
network "n" on="one" subnet="172.30.8.0/24"
secret "s" literal=@secret@
consul "kv" version="1.20.6" on="one" { attach "n"; node "c1"; }
application "a" image="i:1" on="one" start=@start@ {
    attach "n"
    instance "a1" port=18316
    register "kv" key=@key@
    init env=@env@ type=@type@ script=@script@
    env @name@ @value@
    env "SECRET" secret="s"
}
"#;

const PLACES: &[(&str, &str)] = &[
    ("secret", "pass"),
    ("start", "run"),
    ("key", "k"),
    ("env", "/e"),
    ("type", "tcp"),
    ("script", "/s"),
    ("name", "NAME"),
    ("value", "v"),
];

fn with(name: &str, value: &str) -> String {
    PLACES.iter().fold(BASE.to_owned(), |text, (place, plain)| {
        text.replace(&format!("@{place}@"), &kdl(if *place == name { value } else { plain }))
    })
}

/// The settings at the top of a script as the shell reads them, one after the other.
fn settings(tree: &Tree, path: &str, names: &[&str]) -> Vec<String> {
    let text = &tree[path].text;
    let end = names.iter().map(|name| text.find(&format!("\n{name}=")).unwrap() + 1).max().unwrap();
    // Up to the line behind the last of them: a value may have several lines.
    let begin = names.iter().map(|name| text.find(&format!("\n{name}=")).unwrap() + 1).min().unwrap();
    let rest = &text[end..];
    let stop = ["\nvalue=", "\n# The address that", "\nmkdir -p", "\n# The applications"]
        .iter()
        .filter_map(|mark| rest.find(mark))
        .min()
        .unwrap();
    let shown = names.iter().fold(String::new(), |text, name| text + "printf '%s\\0' \"$" + name + "\"\n");
    let program = format!("{}\n{shown}", &text[begin..end + stop]);
    let output = Command::new("/bin/sh").args(["-euc", &program]).output().unwrap();
    assert!(output.status.success(), "{program}: {output:?}");
    let read = String::from_utf8(output.stdout).unwrap();
    read.split_terminator('\0').map(str::to_owned).collect()
}

/// The compose file. The sidecars are on their networks without an address of their own, which the reader does not know.
fn compose(tree: &Tree) -> serde_json::Value {
    readers::compose(&tree["one/docker-compose.yml"].text.replace(": {}\n", ": \"\"\n"))
}

/// A part of a URL as a server reads it.
fn unescaped(path: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = path.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let digits = [rest.next().unwrap(), rest.next().unwrap()];
            bytes.push(u8::from_str_radix(std::str::from_utf8(&digits).unwrap(), 16).unwrap());
        } else {
            assert!(byte.is_ascii_graphic() && !b"?#\"<>{}|\\^`".contains(&byte), "{path}");
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).unwrap()
}

fn read(tree: &Tree, place: &str) -> Vec<String> {
    match place {
        "key" => {
            let read = settings(tree, "one/a1-register/register", &["key", "path"]);
            assert_eq!(unescaped(&read[1]), read[0]);
            vec![read[0].strip_suffix("172.30.8.3:18316").unwrap_or_else(|| panic!("{read:?}")).to_owned()]
        }
        "env" => settings(tree, "one/a1/init.sh", &["file"]),
        "script" => settings(tree, "one/a1/start", &["script"]),
        "start" => settings(tree, "one/a1/start", &["line"]),
        "type" => {
            // What the application makes of it is the call that is meant.
            let (_, argument) = tree["one/a1/start"].text.rsplit_once(" sh '").unwrap();
            let call = bootstrap(argument.strip_suffix("'\n").unwrap());
            let words: Vec<&str> = call.split_whitespace().collect();
            assert_eq!(
                (words.len(), words[..3].join(" "), words[4..].join(" ")),
                (6, "-i 172.30.8.3 -t".into(), "-p 18316".into())
            );
            vec![words[3].to_owned()]
        }
        "value" => {
            let compose = compose(tree);
            let variables = compose["services"]["a1"]["environment"].as_object().unwrap();
            assert_eq!(variables.len(), 1);
            vec![variables["NAME"].as_str().unwrap().to_owned()]
        }
        "name" => {
            let compose = compose(tree);
            compose["services"]["a1"]["environment"].as_object().unwrap().keys().cloned().collect()
        }
        "secret" => {
            let text = &tree["one/a1/environment"].text;
            let value = text.split_once("\nSECRET=").unwrap().1.strip_suffix('\n').unwrap();
            assert!(!value.contains('\n'), "{text}");
            vec![value.strip_prefix('\'').map_or(value, |inner| inner.strip_suffix('\'').unwrap()).to_owned()]
        }
        other => panic!("{other}"),
    }
}

#[test]
fn no_value_of_an_application_breaks_out_of_its_place() {
    let base = planned(&with("", "")).unwrap_or_else(|(errors, _)| panic!("{}", errors[0].message));
    for (place, plain) in PLACES {
        let expected = if *place == "key" { "k/" } else { plain };
        assert_eq!(read(&base, place), [expected], "{place}");
    }
    let (mut held, mut refused) = (0, 0);
    for (place, _) in PLACES {
        for hostile in HOSTILE {
            let what = format!("{place}: {hostile:?}");
            match planned(&with(place, hostile)) {
                Ok(tree) => {
                    let expected = match *place {
                        "key" if hostile.trim_matches('/').is_empty() => String::new(),
                        "key" => format!("{}/", hostile.trim_matches('/')),
                        "start" => hostile.trim_end().to_owned(),
                        _ => (*hostile).to_owned(),
                    };
                    assert_eq!(read(&tree, place), [expected], "{what}");
                    held += 1;
                }
                Err((errors, sources)) => {
                    let mut there =
                        errors.iter().flat_map(|error| &error.labels).filter_map(|label| sources.text_of(label.span));
                    let instead = (*place == "secret").then_some("\"s\"");
                    assert!(
                        there.any(|text| text == kdl(hostile) || Some(text) == instead),
                        "{what}: {}",
                        errors[0].message
                    );
                    refused += 1;
                }
            }
        }
    }
    assert!(held > 250 && refused > 100, "{held} held, {refused} refused");
}
