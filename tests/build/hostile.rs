//! Values that try to break out of their place: each is refused, with a label on it, or read back as it was written.

use camino::Utf8Path;
use hacc::check::check;
use hacc::diagnostic::Diagnostic;
use hacc::plan::templates::Templates;
use hacc::plan::{self, Input};
use hacc::secrets::{self, Need, Secrets, Wanted};
use hacc::source::SourceMap;
use hacc::system::Lock;
use hacc::world::Memory;
use serde_json::Value;

use crate::readers;
use crate::site::{File, Site, Tree};

/// A topology with a place for every text that reaches a file and is not bound to a narrow form.
const BASE: &str = r#"topology "t"
host "one" address="192.168.10.11"
network "n" on="one" subnet="172.30.8.0/24"
secret "cookie" literal=@cookie@
secret "vrrp" literal=@vrrp@
secret "stats" literal=@stats@
secret "user" literal=@password@
rabbitmq "mq" version="3.10.8" on="one" cookie="cookie" partition-handling=@partition@ {
    attach "n"
    node "mq1"
    user @user@ password="user" tags=@tags@
    vhost @vhost@ {
        user @user@ configure=@configure@ write=@write@ read=@read@
        policy @policy@ pattern=@pattern@ apply-to=@apply@ { alternate-exchange @value@; @key@ "x"; list @item@ "second"; }
        queue @queue@ { @argument@ @argued@; }
        exchange @exchange@ type=@kind@
        bind @exchange@ queue=@queue@ key=@routing@
    }
    plugin @plugin@
    set @set@ @setting@
}
haproxy "lb" version="2.6.12" on="one" {
    attach "n"
    node "lb1"
    listen "web" port=80 to="mq/management" balance=@balance@ mode="http" { check kind="http" path=@check@; }
    stats port=8100 path=@path@ user=@stats-user@ password="stats"
    vip "v" "172.30.8.100" auth="vrrp" interface=@interface@ instance=@instance@ {
        member "lb1" state=@state@ router-id=@router@
    }
}
nginx "edge" version="1.26.3" on="one" { attach "n"; stream "s" port=1 to="lb/web" via="v"; }
"#;

/// A place in [`BASE`]: what stands there by default, and how its value is read back.
struct Place {
    name: &'static str,
    plain: &'static str,
    read: fn(&Tree) -> Vec<String>,
    /// Where an error may point instead of at the value: the secret's use.
    instead: Option<&'static str>,
}

const fn place(name: &'static str, plain: &'static str, read: fn(&Tree) -> Vec<String>) -> Place {
    Place { name, plain, read, instead: None }
}

fn places() -> Vec<Place> {
    vec![
        Place {
            instead: Some("cookie"),
            ..place("cookie", "SOMECOOKIE", |t| {
                vec![file(t, "mq1/.erlang.cookie").strip_suffix('\n').unwrap().to_owned()]
            })
        },
        Place { instead: Some("vrrp"), ..place("vrrp", "pass", |t| after(&keepalived(t), "auth_pass")) },
        Place { instead: Some("stats"), ..place("stats", "pass", |t| auth(t, 1)) },
        Place { instead: Some("user"), ..place("password", "pass", |_| vec![]) },
        place("partition", "autoheal", |t| conf(t, "cluster_partition_handling")),
        place("user", "somebody", |t| json(t, &["/users/0/name", "/permissions/0/user"])),
        place("tags", "management", |t| vec![tags(t)]),
        place("vhost", "/", |t| json(t, &["/vhosts/0/name", "/permissions/0/vhost", "/policies/0/vhost"])),
        place("configure", ".*", |t| json(t, &["/permissions/0/configure"])),
        place("write", ".*", |t| json(t, &["/permissions/0/write"])),
        place("read", ".*", |t| json(t, &["/permissions/0/read"])),
        place("policy", "p", |t| json(t, &["/policies/0/name"])),
        place("pattern", "^x", |t| json(t, &["/policies/0/pattern"])),
        place("apply", "queues", |t| json(t, &["/policies/0/apply-to"])),
        place("value", "v", |t| json(t, &["/policies/0/definition/alternate-exchange"])),
        place("key", "k", |t| {
            let text = definitions(t)["policies"][0]["definition"].clone();
            let keys = text.as_object().unwrap().keys().filter(|key| *key != "alternate-exchange" && *key != "list");
            keys.cloned().collect()
        }),
        place("item", "i", |t| json(t, &["/policies/0/definition/list/0"])),
        place("queue", "q", |t| json(t, &["/queues/0/name", "/bindings/0/destination"])),
        place("argument", "x-a", |t| {
            definitions(t)["queues"][0]["arguments"].as_object().unwrap().keys().cloned().collect()
        }),
        place("argued", "a", |t| json(t, &["/queues/0/arguments/x-a"])),
        place("exchange", "e", |t| json(t, &["/exchanges/0/name", "/bindings/0/source"])),
        place("kind", "topic", |t| json(t, &["/exchanges/0/type"])),
        place("routing", "r", |t| json(t, &["/bindings/0/routing_key"])),
        place("plugin", "rabbitmq_shovel", |t| {
            let all = readers::plugins(file(t, "mq1/enabled_plugins"));
            all.into_iter()
                .filter(|plugin| plugin != "rabbitmq_management" && plugin != "rabbitmq_prometheus")
                .collect()
        }),
        place("set", "channel_max", |t| {
            readers::rabbitmq_conf(file(t, "mq1/rabbitmq.conf")).pop().map(|(key, _)| key).into_iter().collect()
        }),
        place("setting", "2047", |t| {
            readers::rabbitmq_conf(file(t, "mq1/rabbitmq.conf")).pop().map(|(_, value)| value).into_iter().collect()
        }),
        place("balance", "leastconn", |t| after(&haproxy(t), "balance")),
        place("check", "/", |t| {
            let lines = haproxy(t);
            let line = lines.iter().find(|words| words.len() > 2 && words[..2] == ["http-check", "send"]).unwrap();
            assert_eq!(line.len(), 11, "{line:?}");
            vec![line[5].clone()]
        }),
        place("path", "/", |t| {
            let lines = haproxy(t);
            lines
                .iter()
                .filter(|words| words[0] == "stats" && words[1] == "uri")
                .map(|words| words[2].clone())
                .collect()
        }),
        place("stats-user", "root", |t| auth(t, 0)),
        place("interface", "eth0", |t| {
            let lines = keepalived(t);
            let mut found = after(&lines, "interface");
            found.extend(
                lines.iter().filter(|words| words.len() == 3 && words[1] == "dev").map(|words| words[2].clone()),
            );
            assert_eq!(found.len(), 2);
            found
        }),
        place("instance", "VI_1", |t| {
            let lines = keepalived(t);
            let line = lines.iter().find(|words| words[0] == "vrrp_instance").unwrap();
            assert_eq!((line.len(), line[2].as_str()), (3, "{"));
            vec![line[1].clone()]
        }),
        place("state", "BACKUP", |t| after(&keepalived(t), "state")),
        place("router", "lb1", |t| after(&keepalived(t), "router_id")),
    ]
}

fn file<'a>(tree: &'a Tree, end: &str) -> &'a str {
    &tree[&format!("one/{end}")].text
}

fn haproxy(tree: &Tree) -> Vec<Vec<String>> {
    readers::haproxy(file(tree, "lb1/haproxy.cfg"))
}

fn keepalived(tree: &Tree) -> Vec<Vec<String>> {
    let lines = readers::keepalived(file(tree, "lb1/keepalived.conf"));
    let depth: i32 = lines
        .iter()
        .map(|words| match words.last().unwrap().as_str() {
            "{" => 1,
            "}" => -1,
            _ => 0,
        })
        .sum();
    assert_eq!(depth, 0, "blocks end");
    lines
}

/// What stands behind a word at the beginning of a line; nothing else may stand there.
fn after(lines: &[Vec<String>], word: &str) -> Vec<String> {
    let found: Vec<_> = lines.iter().filter(|words| words[0] == word).collect();
    assert!(found.iter().all(|words| words.len() == 2), "{found:?}");
    found.into_iter().map(|words| words[1].clone()).collect()
}

fn auth(tree: &Tree, part: usize) -> Vec<String> {
    let lines = haproxy(tree);
    let line = lines.iter().find(|words| words[0] == "stats" && words[1] == "auth").unwrap();
    assert_eq!(line.len(), 3, "{line:?}");
    vec![line[2].splitn(2, ':').nth(part).unwrap().to_owned()]
}

fn definitions(tree: &Tree) -> Value {
    serde_json::from_str(file(tree, "mq1/definitions.json")).unwrap()
}

fn json(tree: &Tree, pointers: &[&str]) -> Vec<String> {
    let value = definitions(tree);
    pointers.iter().map(|pointer| value.pointer(pointer).unwrap().as_str().unwrap().to_owned()).collect()
}

fn tags(tree: &Tree) -> String {
    let value = definitions(tree);
    value["users"][0]["tags"].as_array().unwrap().iter().map(|tag| tag.as_str().unwrap()).collect::<Vec<_>>().join(",")
}

fn conf(tree: &Tree, key: &str) -> Vec<String> {
    let lines = readers::rabbitmq_conf(file(tree, "mq1/rabbitmq.conf"));
    lines.into_iter().filter(|(name, _)| name == key).map(|(_, value)| value).collect()
}

/// A KDL string of any text.
pub fn kdl(text: &str) -> String {
    let escaped = |c: char| match c {
        '"' => "\\\"".to_owned(),
        '\\' => "\\\\".to_owned(),
        c if c.is_ascii_alphanumeric() || c.is_ascii_punctuation() || c == ' ' => c.to_string(),
        c => format!("\\u{{{:x}}}", u32::from(c)),
    };
    format!("\"{}\"", text.chars().map(escaped).collect::<String>())
}

/// The topology with `value` in one place.
fn with(places: &[Place], name: &str, value: &str) -> String {
    places.iter().fold(BASE.to_owned(), |text, place| {
        let text_there = if place.name == name { value } else { place.plain };
        text.replace(&format!("@{}@", place.name), &kdl(text_there))
    })
}

pub const HOSTILE: &[&str] = &[
    "a\"b",
    "a'b",
    "'",
    "\"",
    "''",
    "a;b",
    "a}b",
    "{",
    "}\nglobal\n",
    "$(id)",
    "${HOME}",
    "$HOME",
    "`id`",
    "a # b",
    "# b",
    "#",
    "! b",
    "a!b",
    "a\nb",
    "\nb",
    "a\n",
    "a\r\nb",
    "a\rb",
    "a\tb",
    "a\\",
    "\\",
    "\\n",
    "\\\"",
    "a\\'b",
    "%[env(HOME)]",
    "%",
    "~SEQ(1,2)",
    "~",
    "@^x",
    "@",
    "ü",
    "日本",
    "\u{2028}",
    "\u{85}",
    "\u{7f}",
    "\u{1b}[31m",
    "\u{0}",
    "\u{feff}",
    " lead",
    "trail ",
    " ",
    "",
    "--x",
    "-",
    "a:b",
    ":",
    "a,b",
    ",",
    "include /etc/passwd",
    "{{ 7*7 }}",
    "{% raw %}",
    "{#",
    "null",
    "true",
    "*a",
    "&b",
    "!tag",
    "a b",
    "$$",
    "$(a)",
    "a=b",
    "=",
    "a | b",
    "a].",
    "Atom",
    "a-b",
];

/// The files of a topology as they are planned, or what stands against it and the texts it points into. As
/// `build --force` does it, without a process and a disk: there are thousands of cases.
pub fn planned(text: &str) -> Result<Tree, (Vec<Diagnostic>, SourceMap)> {
    let world = Memory::new().file("topo.kdl", text);
    let mut sources = SourceMap::new();
    match planned_of(&world, &mut sources) {
        Ok(tree) => Ok(tree),
        Err(errors) => Err((errors, sources)),
    }
}

fn planned_of(world: &Memory, sources: &mut SourceMap) -> Result<Tree, Vec<Diagnostic>> {
    let mut lock = Lock::default();
    let checked = check(world, Utf8Path::new("topo.kdl"), &lock, sources)?;
    let wanted = Wanted {
        secrets: &checked.topology.secrets,
        salts: &plan::salts(&checked.topology),
        base: Utf8Path::new(""),
        need: Need::All,
        new_secrets: false,
    };
    let secrets = secrets::resolve(&wanted, &mut Secrets::default(), &mut lock, world)?;
    let tree = plan::plan(&Input {
        topology: &checked.topology,
        system: &checked.system,
        derived: &checked.derived,
        secrets: &secrets,
        templates: &Templates::standard(),
    })?;
    let file = |body: &[u8], mode| File { mode, text: String::from_utf8(body.to_vec()).unwrap() };
    Ok(tree.iter().map(|artifact| (artifact.path().to_string(), file(&artifact.body, artifact.mode))).collect())
}

#[test]
fn values_are_refused_where_they_stand_or_read_back_as_they_were() {
    let places = places();
    let Ok(base) = planned(&with(&places, "", "")) else { panic!("the base is built") };
    for place in &places {
        let read = (place.read)(&base);
        assert!(read.iter().all(|value| value == place.plain), "{}: {read:?}", place.name);
    }
    let (mut held, mut refused) = (0, 0);
    let mut wrong = Vec::new();
    for place in &places {
        for hostile in HOSTILE {
            let what = format!("{}: {hostile:?}", place.name);
            match planned(&with(&places, place.name, hostile)) {
                Ok(tree) => {
                    let read = (place.read)(&tree);
                    let parts = hostile.split(',').map(str::trim).filter(|tag| !tag.is_empty());
                    let expected =
                        if place.name == "tags" { parts.collect::<Vec<_>>().join(",") } else { (*hostile).to_owned() };
                    if !read.iter().all(|value| *value == expected) {
                        wrong.push(format!("{what} is read as {read:?}"));
                    }
                    held += 1;
                }
                Err((errors, sources)) => {
                    let there =
                        errors.iter().flat_map(|error| &error.labels).filter_map(|label| sources.text_of(label.span));
                    let mut there = there
                        .filter(|text| *text == kdl(hostile) || place.instead.is_some_and(|name| *text == kdl(name)));
                    if there.next().is_none() {
                        wrong.push(format!("{what} is refused elsewhere: {}", errors[0].message));
                    }
                    refused += 1;
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(held > 500 && refused > 200, "{held} held, {refused} refused");
}

/// Texts of a narrow form cannot be written at all: nothing is built, and the place is shown.
#[test]
fn names_and_images_that_would_break_out_are_no_names_and_images() {
    let base = include_str!("../../examples/srm/topo.kdl");
    for (from, form) in [
        ("topology \"srm\"", "topology @"),
        ("host \"vm\"", "host @"),
        ("network \"haproxy\"", "network @"),
        ("node \"lb3\"", "node @"),
        ("listen \"amqp\"", "listen @"),
        ("stream \"amqp\"", "stream @"),
        ("vip \"front\"", "vip @"),
        ("nginx \"edge\"", "nginx @"),
        ("version=\"2.6.12\"", "version=@"),
        ("version=\"2.6.12\"", "version=\"2.6.12\" image=@"),
        ("address=\"192.168.169.110\"", "address=@"),
        ("every=\"5s\"", "every=@"),
        ("secret \"cookie\"", "secret @"),
    ] {
        for hostile in [
            "a\"b", "a;b", "a\nb", "$(id)", "${HOME}", "a b", "../../x", "..", "a/../b", "a}b", "#", "a\\", "", "ü",
            "A!",
        ] {
            let site = Site::of(&base.replacen(from, &form.replace('@', &kdl(hostile)), 1));
            let said = site.run(&["build", "topo.kdl", "-o", "out", "--force", "--format", "json"]);
            assert_eq!(said.code, Some(2), "{form} {hostile:?}: {}", said.out);
            let report: Value = serde_json::from_str(&said.out).unwrap();
            assert!(
                report["diagnostics"][0]["labels"][0]["line"].as_u64().is_some(),
                "{form} {hostile:?}: {}",
                said.out
            );
            assert!(!site.path("out").exists() && !site.path("topo.secrets").exists());
        }
    }
}

/// Scripts read back by the shell itself: with the commands that they call taken away, only their own settings run.
#[test]
fn what_stands_in_scripts_is_what_the_shell_reads() {
    let site = Site::wide();
    let tree = site.build();
    let script = &tree["one/old1/start"].text;
    let settings: String =
        script.lines().filter(|line| line.starts_with("HACC_GATE_")).flat_map(|line| [line, "\n"]).collect();
    let print = "printf '%s|' \"$HACC_GATE_PORT\" \"$HACC_GATE_BIND\" \"$HACC_GATE_NODES\" \"$HACC_GATE_MEMBERS\"";
    let output =
        std::process::Command::new("/bin/sh").args(["-euc", &format!("run=/r\n{settings}{print}")]).output().unwrap();
    let read = String::from_utf8(output.stdout).unwrap();
    assert_eq!(read, "15693|172.30.7.3 172.30.8.13|rabbit@old1 rabbit@old2 rabbit@old3|2|");
    for (path, file) in tree.iter().filter(|(_, file)| file.text.starts_with("#!")) {
        let status =
            std::process::Command::new("/bin/sh").args(["-n", site.path("out").join(path).to_str().unwrap()]).status();
        assert!(status.unwrap().success(), "{path}: {}", file.text);
    }
}
