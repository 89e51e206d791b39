//! Consul servers: what is emitted for them, and which keys they take.

use serde_json::Value;

use crate::forms::listing;
use crate::hostile::{HOSTILE, kdl, planned};
use crate::site::{Said, Site, Tree};

/// Three servers on a bridge of one host, of a release whose servers open another port by themselves.
const THREE: &str = r#"topology "shop"
host "web" address="192.168.10.10"
network "kv" on="web" subnet="172.30.9.0/24"
network "front" on="web" subnet="172.30.8.0/24"
secret "gossip" generate=32 as="base64"
consul "kv" version="1.20.6" on="web" encrypt="gossip" datacenter="berlin" {
    attach "kv"
    node "c1" address="172.30.9.11" { publish "http" port=8500; publish "dns" port=8600; }
    node "c2" address="172.30.9.12"
    node "c3" address="172.30.9.13" { attach "front" address="172.30.8.13"; }
}
"#;

/// One server on its host's own network, without a key.
const ONE: &str = r#"topology "shop"
host "web" address="192.168.10.10"
network "lan" subnet="192.168.10.0/24"
consul "kv" version="1.8.7" on="web" open-files=4096 {
    attach "lan"
    node "c1"
}
"#;

const SECRETS: &str = r#"hacc-secrets 1
fingerprint-key "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
secret "gossip" "ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8="
"#;

const LOCK: &str = "hacc-lock 1\nsecret \"gossip\"\n";

fn three() -> Site {
    let site = Site::of(THREE);
    site.write("topo.secrets", SECRETS);
    site.chmod("topo.secrets", 0o600);
    site.write("topo.lock", LOCK);
    site
}

fn conf(tree: &Tree, path: &str) -> Value {
    serde_json::from_str(&tree[path].text).unwrap()
}

#[test]
fn three_servers_on_a_bridge() {
    insta::assert_snapshot!(listing(&three().build()));
}

#[test]
fn one_server_on_its_hosts_own_network() {
    insta::assert_snapshot!(listing(&Site::of(ONE).build()));
}

#[test]
fn both_have_no_findings() {
    for site in [three(), Site::of(ONE)] {
        let Said { code, err, .. } = site.run(&["lint", "topo.kdl", "--fail-on", "advice"]);
        assert_eq!(code, Some(0), "{err}");
    }
}

#[test]
fn the_key_is_in_the_configuration_alone_and_nobody_else_may_read_it() {
    let tree = three().build();
    for (path, file) in &tree {
        let secret = path.ends_with("/consul.json");
        assert_eq!(file.text.contains("ICEiIyQlJicoKSor"), secret, "{path}");
        assert_eq!(file.mode == 0o600, secret, "{path}");
    }
    let tree = Site::of(ONE).build();
    assert_eq!(tree["web/c1/consul.json"].mode, 0o644);
    let text = &tree["web/c1/consul.json"].text;
    assert!(!text.contains("encrypt") && !text.contains("retry_join"), "{text}");
}

#[test]
fn a_server_is_told_of_the_others_and_never_of_itself() {
    let tree = three().build();
    let join = |server: &str| conf(&tree, &format!("web/{server}/consul.json"))["retry_join"].clone();
    assert_eq!(join("c1"), serde_json::json!(["172.30.9.12", "172.30.9.13"]));
    assert_eq!(join("c2"), serde_json::json!(["172.30.9.11", "172.30.9.13"]));
    assert_eq!(join("c3"), serde_json::json!(["172.30.9.11", "172.30.9.12"]));
}

/// The first network of one server need not be the one that all share.
#[test]
fn servers_meet_on_the_network_that_all_of_them_have() {
    let site = Site::of(
        r#"topology "shop"
host "web" address="192.168.10.10"
network "front" on="web" subnet="172.30.8.0/24"
network "kv" on="web" subnet="172.30.9.0/24"
consul "kv" version="1.20.6" on="web" {
    node "c1" { attach "front" address="172.30.8.11"; attach "kv" address="172.30.9.11"; }
    node "c2" { attach "kv" address="172.30.9.12"; }
    node "c3" { attach "kv" address="172.30.9.13"; }
}
"#,
    );
    let tree = site.build();
    let first = conf(&tree, "web/c1/consul.json");
    assert_eq!(first["bind_addr"], "172.30.9.11");
    assert_eq!(first["advertise_addr"], "172.30.9.11");
    assert_eq!(first["client_addr"], "127.0.0.1 172.30.8.11 172.30.9.11");
    for other in ["c2", "c3"] {
        let join = &conf(&tree, &format!("web/{other}/consul.json"))["retry_join"];
        assert!(join.as_array().unwrap().iter().any(|ip| ip == "172.30.9.11"), "{join}");
    }
}

#[test]
fn on_the_network_between_the_hosts_each_binds_the_address_of_its_host() {
    let site = Site::of(
        r#"topology "shop"
host "a" address="192.168.10.10"
host "b" address="192.168.10.20"
host "c" address="192.168.10.30"
network "lan" subnet="192.168.10.0/24"
secret "gossip" generate=16 as="base64"
consul "kv" version="1.20.6" on="a" encrypt="gossip" {
    attach "lan"
    node "c1"
    node "c2" on="b"
    node "c3" on="c"
}
"#,
    );
    let tree = site.build();
    for (path, own, others) in [
        ("a/c1", "192.168.10.10", ["192.168.10.20", "192.168.10.30"]),
        ("b/c2", "192.168.10.20", ["192.168.10.10", "192.168.10.30"]),
        ("c/c3", "192.168.10.30", ["192.168.10.10", "192.168.10.20"]),
    ] {
        let conf = conf(&tree, &format!("{path}/consul.json"));
        assert_eq!(conf["bind_addr"], own);
        assert_eq!(conf["client_addr"], format!("127.0.0.1 {own}"));
        assert_eq!(conf["retry_join"], serde_json::json!(others));
        assert_eq!(conf["bootstrap_expect"], 3);
        let compose = &tree[&format!("{}/docker-compose.yml", &path[..1])].text;
        assert!(compose.contains("network_mode: \"host\"") && !compose.contains("networks:"), "{compose}");
        assert!(tree[&format!("{path}/health")].text.contains("\nmajority=2\n"));
    }
}

/// What one server says for itself holds for it alone, and is judged elsewhere.
#[test]
fn what_one_server_claims_is_written_for_that_one() {
    let site = three();
    site.edit(
        "node \"c2\" address=\"172.30.9.12\"",
        "node \"c2\" address=\"172.30.9.12\" bootstrap-expect=5 datacenter=\"dc2\"",
    );
    let said = site.run(&["build", "topo.kdl", "-o", "out"]);
    assert_eq!(said.code, Some(1), "{}", said.err);
    let said = site.run(&["build", "topo.kdl", "-o", "out", "--force"]);
    assert_eq!(said.code, Some(0), "{}", said.err);
    let tree = crate::site::tree(&site.path("out"));
    let claims = |server: &str| {
        let conf = conf(&tree, &format!("web/{server}/consul.json"));
        (conf["bootstrap_expect"].as_i64().unwrap(), conf["datacenter"].as_str().unwrap().to_owned())
    };
    assert_eq!(claims("c1"), (3, "berlin".to_owned()));
    assert_eq!(claims("c2"), (5, "dc2".to_owned()));
}

#[test]
fn a_port_that_only_newer_releases_open_is_closed_there_alone() {
    for (version, known) in [("1.8.7", false), ("1.13.9", false), ("1.14.0", true), ("1.20.6", true)] {
        let site = three();
        site.edit("version=\"1.20.6\"", &format!("version=\"{version}\""));
        let ports = conf(&site.build(), "web/c1/consul.json")["ports"].clone();
        assert_eq!(ports.get("grpc_tls").is_some(), known, "{version}");
        assert!(!known || ports["grpc_tls"] == -1, "{version}");
    }
}

/// What comes from outside is seen when it is there: by a build, never by a lint.
#[test]
fn a_key_from_outside_is_measured_when_the_cluster_is_built() {
    let with = |key: &str| {
        let site = Site::of(&THREE.replace("generate=32 as=\"base64\"", "file=\"gossip\""));
        site.write("gossip", key);
        assert_eq!(site.run(&["lint", "topo.kdl"]).code, Some(0));
        let said = site.run(&["build", "topo.kdl", "-o", "out"]);
        assert!(key.trim().is_empty() || !said.err.contains(key.trim()), "{}", said.err);
        said
    };
    for key in [
        "ICEiIyQlJicoKSorLC0uLw==",
        "ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3\n",
        "ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8=",
    ] {
        let said = with(key);
        assert_eq!(said.code, Some(0), "{}", said.err);
    }
    for (key, why) in [
        ("ICEiIyQlJicoKSorLC0uLzAxMjM=", "the base64 of 20 bytes"),
        ("correct-horse-battery", "not base64"),
        ("ICEiIyQlJicoKSorLC0uLw", "not base64"),
    ] {
        let said = with(key);
        assert_eq!(said.code, Some(2), "{key}");
        assert!(said.err.contains("error[cannot-be-written]") && said.err.contains(why), "{}", said.err);
        assert!(said.err.contains("encrypt=\"gossip\"") && said.err.contains("declared here"), "{}", said.err);
    }
    // Nobody has it yet: nothing is claimed.
    let site = Site::of(&THREE.replace("generate=32 as=\"base64\"", "env=\"NOT_SET\""));
    assert_eq!(site.run(&["build", "topo.kdl", "-o", "out", "--dry-run"]).code, Some(0));
}

/// The key is the only text that is not bound to a narrow form. A literal one is a finding; forced, it stands in the
/// file as it is, and in no other place.
#[test]
fn a_key_does_not_break_out_of_its_place() {
    let base = planned(&THREE.replace("generate=32 as=\"base64\"", "literal=\"x\"")).ok().unwrap();
    // KDL itself has no NUL.
    for hostile in HOSTILE.iter().filter(|text| !text.contains('\0')) {
        let text = THREE.replace("generate=32 as=\"base64\"", &format!("literal={}", kdl(hostile)));
        let Ok(tree) = planned(&text) else { panic!("{hostile:?}: JSON holds every text") };
        for (path, file) in &tree {
            if !path.ends_with("/consul.json") {
                assert_eq!(file.text, base[path].text, "{hostile:?} in {path}");
                continue;
            }
            let (mut read, mut plain) = (conf(&tree, path), conf(&base, path));
            assert_eq!(read["encrypt"].take(), **hostile, "{path}");
            plain["encrypt"].take();
            assert_eq!(read, plain, "{hostile:?} in {path}");
        }
    }
}

#[test]
fn names_of_consul_that_would_break_out_are_no_names() {
    for (from, form) in [
        ("consul \"kv\"", "consul @"),
        ("node \"c1\"", "node @"),
        ("datacenter=\"berlin\"", "datacenter=@"),
        ("version=\"1.20.6\"", "version=@"),
        ("version=\"1.20.6\"", "version=\"1.20.6\" image=@"),
        ("encrypt=\"gossip\"", "encrypt=@"),
    ] {
        for hostile in ["a\"b", "a\\", "a\nb", "$(id)", "${HOME}", "a b", "../../x", "a}b", "", "ü", "A!"] {
            let Err((errors, sources)) = planned(&THREE.replacen(from, &form.replace('@', &kdl(hostile)), 1)) else {
                panic!("{form} {hostile:?} is built")
            };
            let places = errors.iter().flat_map(|error| &error.labels);
            let mut places = places.filter_map(|label| sources.text_of(label.span));
            assert!(places.any(|text| text == kdl(hostile)), "{form} {hostile:?}: {}", errors[0].message);
        }
    }
}

#[test]
fn a_server_is_never_told_to_lead_alone_and_always_which_address_is_its_own() {
    for (tree, own) in [(three().build(), "172.30.9.11"), (Site::of(ONE).build(), "192.168.10.10")] {
        let conf = conf(&tree, "web/c1/consul.json");
        assert!(conf.get("bootstrap").is_none(), "bootstrap_expect says it");
        assert_eq!((&conf["bind_addr"], &conf["advertise_addr"]), (&own.into(), &own.into()));
    }
    let site = three();
    site.edit("datacenter=\"berlin\"", "bootstrap=#true");
    let said = site.run(&["lint", "topo.kdl"]);
    assert_eq!(said.code, Some(2), "{}", said.err);
    assert!(said.err.contains("bootstrap"), "{}", said.err);
}

#[test]
fn gossip_is_published_over_both_of_its_protocols() {
    let site = three();
    site.edit(
        "address=\"172.30.9.12\"",
        "address=\"172.30.9.12\" { publish \"serf\" port=8301; publish \"server\" port=8300; }",
    );
    let tree = site.build();
    let compose = crate::readers::compose(&tree["web/docker-compose.yml"].text);
    let ports: Vec<&str> =
        compose["services"]["c2"]["ports"].as_array().unwrap().iter().map(|p| p.as_str().unwrap()).collect();
    assert_eq!(ports, ["127.0.0.1:8301:8301", "127.0.0.1:8301:8301/udp", "127.0.0.1:8300:8300"]);
}

#[test]
fn a_server_has_a_name_that_dns_knows() {
    for name in ["c_1", "c.1", "C1", "-c1"] {
        let site = three();
        site.edit("node \"c1\"", &format!("node \"{name}\""));
        let said = site.run(&["lint", "topo.kdl"]);
        assert_eq!(said.code, Some(2), "{name}: {}", said.err);
        assert!(said.err.contains(name), "{}", said.err);
    }
}
