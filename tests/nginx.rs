//! What an nginx that follows an application is given: the configuration read as nginx reads it, `upsync` as the modules
//! read it, the first dump as both do.

#[path = "nginx/plan.rs"]
mod plan;
#[path = "nginx/reader.rs"]
mod reader;
#[path = "nginx/upsync.rs"]
mod upsync;

use std::fmt::Write as _;

use plan::{Tree, planned};
use reader::{Directive, read};

/// Everything that can follow: two ports of a unit by upsync, one of them a stream; two registries; and by name.
const TOPOLOGY: &str = include_str!("nginx/follow.kdl");

fn all<'a>(conf: &'a [Directive], path: &[&str]) -> Vec<&'a Directive> {
    let (first, rest) = path.split_first().unwrap();
    let found = conf.iter().filter(|directive| directive.words[0] == *first);
    if rest.is_empty() { found.collect() } else { found.flat_map(|directive| all(&directive.block, rest)).collect() }
}

fn conf(tree: &Tree, path: &str) -> Vec<Directive> {
    read(&tree[&format!("{path}/nginx.conf")].text).unwrap()
}

#[test]
fn every_file_of_those_who_follow() {
    let tree = planned(TOPOLOGY).unwrap();
    let mut out = String::new();
    for (path, file) in &tree {
        let own = ["web/web/", "web/named/", "web/web2/"].iter().any(|folder| path.starts_with(folder));
        if own && !path.ends_with("/health") {
            writeln!(out, "──── {:04o} {} {path}\n{}", file.mode, file.keep, file.text).unwrap();
        }
    }
    insta::assert_snapshot!(out);
}

/// The modules accept what is written, ask for the folder in which the application registers, and find a server in the
/// dump before the first answer.
#[test]
fn upsync_reads_what_is_meant() {
    let tree = planned(TOPOLOGY).unwrap();
    let conf = conf(&tree, "web/web");
    for (block, name, folder, interval, timeout) in [
        ("http", "swoft", "upstream/swoft_server", 500, 360_000),
        ("http", "shop", "upstream/swoft_server", 1000, 60_000),
        ("http", "other", "upstreams/other", 500, 360_000),
        ("stream", "tcp", "upstream/swoft_server", 500, 360_000),
    ] {
        let upstreams = all(&conf, &[block, "upstream"]);
        let upstream = upstreams.iter().find(|upstream| upstream.words[1] == name).unwrap();
        let said = upsync::read(upstream).unwrap();
        assert_eq!((said.kind.as_str(), said.interval, said.timeout), ("consul", interval, timeout), "{name}");
        assert_eq!(said.request, format!("GET /v1/kv/{folder}/?recurse&index=0 HTTP/1.0"), "{name}");
        assert!(!said.strong_dependency, "{name}");
        // Its own address, where the relay listens that hands the question on.
        let relay = all(&conf, &["http", "server"])
            .into_iter()
            .find(|server| all(&server.block, &["listen"])[0].words[1] == format!("{}:{}", said.host, said.port));
        let relay = relay.unwrap_or_else(|| panic!("nobody listens on {}:{}", said.host, said.port));
        assert_eq!(said.host, "127.0.0.1");
        let location = all(&relay.block, &["location"]).into_iter().find(|location| location.words[1] == "/v1/kv/");
        let pass = all(&location.unwrap().block, &["proxy_pass"])[0].words[1].strip_prefix("http://").unwrap();
        let servers = all(&conf, &["http", "upstream"]).into_iter().find(|upstream| upstream.words[1] == pass).unwrap();
        let servers = all(&servers.block, &["server"]);
        let expected: &[&str] = if name == "other" {
            &["192.168.175.121:8500"]
        } else {
            &["192.168.175.111:8500", "192.168.175.112:8500", "192.168.175.113:8500"]
        };
        assert_eq!(servers.iter().map(|server| server.words[1].as_str()).collect::<Vec<_>>(), expected, "{name}");
        // The dump and its seed.
        let seed = &tree[&format!("web/web/upsync/{name}.servers")];
        assert_eq!(
            (said.dump.as_str(), seed.keep),
            (format!("/var/lib/hacc/upsync/{name}.servers").as_str(), "seeded")
        );
        let first = upsync::dump(&seed.text).unwrap();
        let expected = if name == "other" {
            vec![("192.168.175.100:9000", 1, 2, 10)]
        } else {
            vec![("192.168.175.100:18316", 1, 3, 5), ("192.168.175.100:18326", 4, 3, 5)]
        };
        assert_eq!(first.iter().map(|(at, w, f, t)| (at.as_str(), *w, *f, *t)).collect::<Vec<_>>(), expected, "{name}");
    }
}

/// A relay has a port of its own, on the host's network too, where every port is everybody's.
#[test]
fn relays_meet_nobody() {
    let tree = planned(TOPOLOGY).unwrap();
    let listens = |path: &str| {
        let conf = conf(&tree, path);
        let all: Vec<String> = [&["http", "server", "listen"][..], &["stream", "server", "listen"]]
            .iter()
            .flat_map(|path| all(&conf, path))
            .map(|listen| listen.words[1].clone())
            .collect();
        all
    };
    // `web` listens on 18500 itself; `web2` and `web3` are on the host's network.
    let (web, web2, web3) = (listens("web/web"), listens("web/web2"), listens("web/web3"));
    let relays = |of: &[String]| of.iter().filter(|listen| listen.starts_with("127.")).cloned().collect::<Vec<_>>();
    assert_eq!(relays(&web), ["127.0.0.1:18501", "127.0.0.1:18502"]);
    // Each nginx of the host begins where the one before cannot end (there are two registries); 18502 is `web2`'s own.
    assert_eq!(
        (relays(&web2), relays(&web3)),
        (vec!["127.0.0.1:18500".to_owned()], vec!["127.0.0.1:18503".to_owned()])
    );
}

/// A port of the host that is taken moves every relay after it, not the first alone.
#[test]
fn relays_of_one_host_meet_nowhere_when_a_port_is_taken() {
    let tree = planned(
        r#"
topology "t"
host "h" address="192.168.1.10"
network "lan" subnet="192.168.1.0/24"
consul "kv" version="1.20.6" on="h" { attach "lan"; node "c1"; }
application "app" image="x:1" on="h" { attach "lan"; instance "a1" port=18500; register "kv"; }
nginx "n" version="1.30.0" image="x:1" on="h" { attach "lan"; http "w" port=80 to="app" through="kv"; }
nginx "m" version="1.30.0" image="x:1" on="h" { attach "lan"; stream "w" port=81 to="app" through="kv"; }
"#,
    )
    .unwrap();
    let relay = |path: &str| {
        let conf = conf(&tree, path);
        let listens = all(&conf, &["http", "server", "listen"]);
        let relay = listens.iter().map(|listen| listen.words[1].clone()).find(|listen| listen.starts_with("127."));
        relay.unwrap()
    };
    assert_eq!((relay("h/n"), relay("h/m")), ("127.0.0.1:18501".to_owned(), "127.0.0.1:18502".to_owned()));
}

/// By name: each Consul server is asked, the declared instances serve while none answers, and nothing is loaded.
#[test]
fn by_name_there_is_no_module() {
    let tree = planned(TOPOLOGY).unwrap();
    let conf = conf(&tree, "web/named");
    for block in ["http", "stream"] {
        let upstream = all(&conf, &[block, "upstream"])[0];
        assert!(all(&upstream.block, &["zone"]).len() == 1 && all(&upstream.block, &["upsync"]).is_empty());
        let resolver = &all(&upstream.block, &["resolver"])[0].words;
        let asked = ["192.168.175.111:8600", "192.168.175.112:8600", "192.168.175.113:8600"];
        assert_eq!(resolver[1..4], asked);
        // In whole seconds: nginx refuses 500ms here.
        assert_eq!(resolver[4], "valid=1s");
        let servers = all(&upstream.block, &["server"]);
        assert_eq!(servers[0].words[1..4], ["service.consul", "service=swoft", "resolve"]);
        assert!(servers.len() == 3 && servers[1..].iter().all(|server| server.words.last().unwrap() == "backup"));
    }
    assert!(!tree.contains_key("web/named/start") && all(&conf, &["include"]).is_empty());
}

/// Nobody gets somebody else's service for want of a name.
#[test]
fn every_web_port_has_one_server_for_any_name() {
    let tree = planned(TOPOLOGY).unwrap();
    let conf = conf(&tree, "web/web");
    let listens = all(&conf, &["http", "server", "listen"]);
    for port in ["80", "81"] {
        let default = listens
            .iter()
            .filter(|listen| listen.words[1] == port && listen.words.contains(&"default_server".to_owned()));
        assert_eq!(default.count(), 1, "{port}");
    }
}

/// Every directive that is written, and in which blocks nginx knows it.
const KNOWN: &[(&str, &[&str])] = &[
    (
        "",
        &[
            "user",
            "worker_processes",
            "worker_rlimit_nofile",
            "pid",
            "error_log",
            "include",
            "events",
            "http",
            "stream",
        ],
    ),
    ("events", &["worker_connections"]),
    (
        "http",
        &[
            "log_format",
            "access_log",
            "server_tokens",
            "upstream",
            "server",
            "server_names_hash_bucket_size",
            "map",
            "proxy_http_version",
            "proxy_set_header",
            "proxy_next_upstream",
            "proxy_next_upstream_tries",
        ],
    ),
    (
        "http upstream",
        &[
            "zone",
            "least_conn",
            "hash",
            "random",
            "upsync",
            "upsync_lb",
            "upsync_dump_path",
            "include",
            "resolver",
            "resolver_timeout",
            "server",
            "keepalive",
        ],
    ),
    (
        "http server",
        &[
            "listen",
            "access_log",
            "error_log",
            "location",
            "server_name",
            "return",
            "client_header_timeout",
            "client_body_timeout",
            "send_timeout",
        ],
    ),
    (
        "http server location",
        &[
            "limit_except",
            "set",
            "proxy_pass",
            "proxy_http_version",
            "proxy_set_header",
            "proxy_connect_timeout",
            "proxy_send_timeout",
            "proxy_read_timeout",
            "proxy_next_upstream",
            "return",
        ],
    ),
    ("http server location limit_except", &["deny"]),
    ("stream", &["log_format", "access_log", "upstream", "server"]),
    (
        "stream upstream",
        &[
            "zone",
            "least_conn",
            "hash",
            "random",
            "upsync",
            "upsync_lb",
            "upsync_dump_path",
            "include",
            "resolver",
            "resolver_timeout",
            "server",
        ],
    ),
    (
        "stream server",
        &[
            "listen",
            "set_real_ip_from",
            "proxy_protocol",
            "proxy_pass",
            "proxy_connect_timeout",
            "proxy_timeout",
            "proxy_socket_keepalive",
        ],
    ),
];

fn every_directive_is_known(block: &[Directive], path: &str) {
    let known = KNOWN.iter().find(|(at, _)| *at == path).unwrap_or_else(|| panic!("no block {path}")).1;
    for directive in block {
        let name = directive.words[0].as_str();
        assert!(known.contains(&name), "`{name}` in `{path}`");
        // A map holds values, not directives.
        if !directive.block.is_empty() && name != "map" {
            every_directive_is_known(&directive.block, format!("{path} {name}").trim());
        }
    }
}

/// What is of HTTP stands in `http`, what is of bytes in `stream`; each server is an address with a port; each port waits a
/// time that is written for a server that is gone, and none listens on an address that could move.
#[test]
fn every_directive_stands_where_nginx_knows_it() {
    let topologies = [
        TOPOLOGY,
        include_str!("../examples/srm/topo.kdl"),
        include_str!("../examples/quorum/topo.kdl"),
        include_str!("nginx/proxied.kdl"),
    ];
    let mut met = 0;
    for topology in topologies {
        let tree = planned(topology).unwrap();
        for (path, file) in tree.iter().filter(|(path, _)| path.ends_with("/nginx.conf")) {
            met += 1;
            let conf = read(&file.text).unwrap();
            every_directive_is_known(&conf, "");
            for block in ["http", "stream"] {
                for upstream in all(&conf, &[block, "upstream"]) {
                    let servers = all(&upstream.block, &["server"]);
                    let places: Vec<&str> = servers.iter().map(|server| server.words[1].as_str()).collect();
                    for place in places.iter().filter(|place| **place != "service.consul") {
                        assert!(place.parse::<std::net::SocketAddrV4>().is_ok(), "{path}: {place}");
                        assert_eq!(places.iter().filter(|other| other == &place).count(), 1, "{path}: {place} twice");
                    }
                    // Who follows by upsync has its servers from the dump alone.
                    assert_eq!(all(&upstream.block, &["upsync"]).len() == 1, servers.is_empty(), "{path}");
                }
                for server in all(&conf, &[block, "server"]) {
                    let listen = &all(&server.block, &["listen"])[0].words[1];
                    assert!(listen.parse::<u16>().is_ok() || listen.starts_with("127.0.0.1:"), "{path}: {listen}");
                    let inner = if block == "http" { all(&server.block, &["location"]) } else { vec![server] };
                    for place in inner.iter().filter(|place| !all(&place.block, &["proxy_pass"]).is_empty()) {
                        assert_eq!(all(&place.block, &["proxy_connect_timeout"]).len(), 1, "{path}");
                    }
                }
            }
        }
    }
    assert!(met >= 7, "{met}");
}

/// Weights, backups and limits of single servers, and the line that says whose a connection is.
#[test]
fn servers_are_written_as_they_are_described() {
    let tree = planned(include_str!("nginx/proxied.kdl")).unwrap();
    let conf = conf(&tree, "vm/edge");
    let words = |name: &str| {
        let upstreams: Vec<_> = ["http", "stream"].iter().flat_map(|block| all(&conf, &[block, "upstream"])).collect();
        let upstream = upstreams.into_iter().find(|upstream| upstream.words[1] == name).unwrap();
        let lines = upstream.block.iter().filter(|line| line.words[0] != "keepalive");
        lines.map(|line| line.words.join(" ")).collect::<Vec<_>>().join("; ")
    };
    insta::assert_snapshot!(
        ["pages", "turn", "near", "drawn"].map(|name| format!("{name}: {}", words(name))).join("\n")
    );
    let server = all(&conf, &["stream", "server"])
        .into_iter()
        .find(|server| all(&server.block, &["proxy_pass"])[0].words[1] == "near")
        .unwrap();
    let line = |name: &str| all(&server.block, &[name])[0].words.join(" ");
    assert_eq!(line("listen"), "listen 82 proxy_protocol so_keepalive=on");
    assert_eq!(
        (line("proxy_protocol").as_str(), line("set_real_ip_from").as_str()),
        ("proxy_protocol on", "set_real_ip_from 0.0.0.0/0")
    );
}

/// Values that try to break out: refused where they stand, or read back as they were written.
#[test]
fn hostile_keys_and_names() {
    let (mut held, mut refused) = (0, 0);
    for hostile in [
        "a\"b",
        "a'b",
        "a;b",
        "a}b",
        "{",
        "}",
        "$host",
        "${x}",
        "a # b",
        "#",
        "a\nb",
        "a\r\nHost: x",
        "a\tb",
        "a\\",
        "\\",
        "a b",
        "ü",
        "%2e%2e",
        "%",
        "?recurse",
        "a?b&c",
        "*.shop.example",
        "~^x",
        "\u{7f}",
        "\u{0}",
        "include /etc/passwd;",
        "a:b",
        ":80",
        "a@b",
        "[::1]",
        "{{ 7 }}",
        "..",
        "x upsync_type=etcd",
        "--",
    ] {
        for place in ["upstream/swoft_server", "named.example"] {
            let text = TOPOLOGY.replace(place, &plan::escaped(hostile));
            let what = format!("{place}: {hostile:?}");
            match planned(&text) {
                Ok(tree) => {
                    held += 1;
                    let conf = conf(&tree, "web/web");
                    if place == "named.example" {
                        let names = all(&conf, &["http", "server", "server_name"]);
                        assert!(names.iter().any(|name| name.words.len() == 2 && name.words[1] == hostile), "{what}");
                        continue;
                    }
                    let upstreams = all(&conf, &["http", "upstream"]);
                    let upstream = upstreams.iter().find(|upstream| upstream.words[1] == "swoft").unwrap();
                    let said = upsync::read(upstream).unwrap_or_else(|why| panic!("{what}: {why}"));
                    assert_eq!((said.host.as_str(), said.kind.as_str()), ("127.0.0.1", "consul"), "{what}");
                    assert_eq!(upsync::folder(&said.request).unwrap(), hostile, "{what}");
                }
                Err(refusals) => {
                    refused += 1;
                    assert!(
                        refusals.iter().any(|texts| texts.contains(&plan::escaped(hostile))),
                        "{what}: {refusals:?}"
                    );
                }
            }
        }
    }
    assert!(held > 40 && refused > 5, "{held} held, {refused} refused");
}
