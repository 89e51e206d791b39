//! The language: what can be said, and what hacc answers where it cannot.

mod common;
#[path = "language/random.rs"]
mod random;

use common::{errors, load};
use hacc::topology::{Scope, Topology, Via};
use hacc::world::Memory;

const BROKERS: &str = include_str!("data/brokers.kdl");
const EVERYTHING: &str = include_str!("data/everything.kdl");

/// Enough around `text` for a whole topology.
fn with(text: &str) -> String {
    errors(&[("main.kdl", &format!("topology \"t\"; {text}"))])
}

fn topology(text: &str) -> Topology {
    let (loaded, sources) = load(&Memory::new().file("main.kdl", text));
    loaded.unwrap_or_else(|diagnostics| panic!("{}", common::plain(&diagnostics, &sources)))
}

macro_rules! wrong {
    ($name:ident: $($text:literal),+ $(,)?) => {
        #[test]
        fn $name() {
            let told = [$($text),+].map(|text| format!("── {text}\n{}", with(text)));
            insta::assert_snapshot!(told.join("\n"));
        }
    };
}

#[test]
fn the_cluster_of_the_notes_can_be_said() {
    let topology = topology(BROKERS);
    assert_eq!(topology.name.value, "srm");
    let mq = &topology.rabbitmqs[0];
    assert_eq!(mq.nodes.iter().map(|node| node.name.value.as_str()).collect::<Vec<_>>(), ["mq3", "mq2", "mq4"]);
    assert_eq!(mq.nodes[0].publish[0].port.unwrap().value, 15673);
    assert_eq!(mq.vhosts[0].policies[0].pattern.value, r"^(?!amq\.)");
    assert_eq!(mq.vhosts[0].policies[0].definition.len(), 2);
    let lb = &topology.haproxies[0];
    assert_eq!(lb.listens[0].check.as_ref().unwrap().every.unwrap().value, 5000);
    assert_eq!(lb.vips[0].addresses[0].value.to_string(), "172.30.8.100");
    assert_eq!(topology.nginxes[0].streams[0].via.as_ref().unwrap().value, Via::Vip("front".into()));
    assert!(topology.nginxes[0].nodes.is_empty(), "none is added here");
}

#[test]
fn everything_that_can_be_said_arrives() {
    insta::assert_snapshot!(tree(&topology(EVERYTHING)));
}

/// The tree without spans, one line a value.
fn tree(topology: &Topology) -> String {
    let debug = format!("{topology:#?}").replace("Spanned {", "").replace("Some(", "").replace("span: nowhere,", "");
    let lines = debug.lines().map(str::trim_end).filter(|line| {
        let line = line.trim_start();
        !(line.is_empty() || line.starts_with("span: ") || matches!(line, ")," | "}," | "None,"))
    });
    let mut out = String::new();
    for line in lines.filter(|line| !line.ends_with(": None,")) {
        match line.trim_start().strip_prefix("value: ") {
            // The value of a `Spanned` belongs to the line before.
            Some(value) if out.ends_with([':', '(']) => out.extend([" ", value]),
            _ => out.extend(["\n", line]),
        }
        out.truncate(out.trim_end_matches(',').len());
    }
    out
}

wrong!(nodes:
    r#"hots "vm""#,
    r#"volume "x""#,
    r#"listen "amqp" port=5600 to="mq/amqp""#,
    "publish",
    r#"host "vm" address="10.0.0.1" { address "10.0.0.1"; node "x" }"#,
    r#"host "vm" address="10.0.0.1" {}"#,
    r#"host "vm" address="10.0.0.1"; topology "again"; templates "a"; templates "b""#,
    r#"haproxy "lb" version="2.6.12" on="vm""#,
    r#"haproxy "lb" version="2.6.12" on="vm" { node "a"; stats port=1 user="u" password="p"; stats port=2 user="u" password="p"; maxconn 100; timout }"#,
    r#"rabbitmq "mq" version="3.10.8" on="vm" cookie="c" { node "a"; vhost "/" { policy "p" pattern="." } }"#,
    r#"(machine)host "vm" address=(ip)"10.0.0.1"; (x)"secret" (y)"s" generate=(u8)8"#,
);

wrong!(entries:
    "host",
    r#"host "vm""#,
    r#"host address="10.0.0.1""#,
    r#"host name="vm" adress="10.0.0.1""#,
    r#"host "vm" "10.0.0.1""#,
    r#"host "vm" "web" 3 address="10.0.0.1""#,
    r#"host "vm" address="10.0.0.1" address="10.0.0.2""#,
    r#"host "vm" address="10.0.0.1" color="red""#,
    "topology",
    r#"allow "rule""#,
    r#"allow "rule" reason=" ""#,
    r#"rabbitmq "mq" { node "a" { publish port=1 }; plugin; set "x"; vhost "/" { policy "p" pattern="." { ha-mode; ha-sync-mode mode="x" } } }"#,
    r#"rabbitmq "mq" version="3.10.8" on="vm" cookie="c" attach="back" { node "a" }"#,
    r#"haproxy "lb" version="2.6.12" on="vm" { node "a"; vip "front" }"#,
    r#"nginx "edge" version="1.26.3" on="vm" { stream "a" port=1 to="b/c" { publish "amqp" port=5600; timeout server="1s" } }"#,
);
wrong!(names:
    r#"host "VM" address="10.0.0.1""#,
    r#"host "my_vm.local" address="10.0.0.1""#,
    r#"host ".." address="10.0.0.1"; host "a/b" address="10.0.0.1"; host "a\u{0}" address="10.0.0.1"; host "zürich" address="10.0.0.1"; host "" address="10.0.0.1"; host "-a" address="10.0.0.1"; host "a b" address="10.0.0.1"; host "---" address="10.0.0.1""#,
    r#"host "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" address="10.0.0.1""#,
    r#"host "images" address="10.0.0.1""#,
    "host 5 address=#true; host #null address=1.5",
    r#"nginx "edge" version="1.26.3" on="vm" { node "localhost" }; haproxy "lb" version="2.6.12" on="vm" { node "a"; vip "nodes" "10.0.0.9" }"#,
);

wrong!(values:
    r#"host "a" address="10.0.0"; host "b" address="010.0.0.1"; host "c" address="10.0.0.256"; host "d" address="vm.local"; host "e" address="10.0.0.1/24"; host "f" address="::1"; host "g" address=10; host "h" address="0x7f.1""#,
    r#"network "a" on="x" subnet="010.0.0.0/08""#,
    r#"network "a" on="x" subnet="10.0.0.0/08"; network "b" on="x" subnet="10.0.0.0/33"; network "c" on="x" subnet="10.0.0.0/+8"; network "d" on="x" subnet="10.0.0.0""#,
    r#"network "a" on="x" subnet="172.30.8.1/24" pool="172.30.8.200/25" gateway="172.30.8.1/24""#,
    r#"network "a" on="x" subnet="172.30.8.0-24""#,
    r#"nginx "a" version="1.26" on="x"; nginx "b" version="latest" on="x"; nginx "c" version=3.10 on="x"; nginx "d" version="3.10-management" on="x"; nginx "e" version="3.10.8-management" on="x"; nginx "f" version="v3.10.8" on="x"; nginx "g" version="3.10.08" on="x"; nginx "h" version="^3.10.8" on="x"; nginx "i" version="3.10.8.1" on="x"; nginx "j" version="" on="x""#,
    r#"nginx "a" version="1.26.3" on="x" image="SRM/nginx:1"; nginx "b" version="1.26.3" on="x" image="nginx@sha256:12"; nginx "c" version="1.26.3" on="x" image="nginx:"; nginx "d" version="1.26.3" on="x" image="a//b"; nginx "e" version="1.26.3" on="x" image="reg:x/b"; nginx "f" version="1.26.3" on="x" image=" nginx"; nginx "g" version="1.26.3" on="x" image="""#,
    r#"secret "a" generate="32"; secret "b" generate=1.5; secret "c" generate=9223372036854775808; secret "d" generate=999999999999999999999999999999999999999999; secret "e" env="$X"; secret "f" env="A=B"; secret "g" env=""; secret "h" file=""; secret "i" literal=5; secret "j" literal="\u{0}"; secret "k" generate=1 as="hex"; secret "l" generate=1 as="base46"; secret "m" generate=1 as=64"#,
);

wrong!(quantities:
    r#"haproxy "lb" version="2.6.12" on="x" { node "n"; timeout connect=5 client="5" server="5sec" tunnel="5 s" }"#,
    r#"haproxy "lb" version="2.6.12" on="x" { node "n"; timeout connect="0.0005s" client="" server="s" tunnel="1h30m" }"#,
    r#"haproxy "lb" version="2.6.12" on="x" { node "n"; timeout connect="-5s" client="99999999999999999999s" server="18446744073709551616ms" tunnel="1.2.3s" }"#,
    r#"haproxy "lb" version="2.6.12" on="x" { node "n"; timeout connect=1.5 client=#true server="5S" tunnel="5 parsecs" }"#,
    r#"rabbitmq "mq" version="3.10.8" on="x" cookie="c" memory=512 memory-watermark="512M" disk-free-limit="1.0001KiB" { node "n" }"#,
    r#"rabbitmq "mq" version="3.10.8" on="x" cookie="c" memory="17179869184GiB" memory-watermark="4gib" disk-free-limit="50Mb" { node "n" }"#,
);

wrong!(kinds:
    r#"haproxy "lb" version="2.6.12" on="x" maxconn="4000" { node "n"; listen "a" port="5600" to="b/c" mode="udp" balance=1 { check kind="htpp" path="health" }; stats port=8100 path="/a b" user="u" password="p" }"#,
    r#"haproxy "lb" version="2.6.12" on="x" { node "n"; vip "v" "10.0.0.9" "10.0.0.x" nopreempt="yes" unicast=1 { check "no" } }"#,
    r#"rabbitmq "mq" version="3.10.8" on="x" cookie="c" { node "n"; set "a" #null; set "b" #inf; vhost "/" { policy "p" pattern="." { a 0.5; b #null; c "x" 1.5 } } }"#,
    r#"haproxy "lb" version="2.6.12" on="x" { node "n"; vip "v" "10.0.0.9" { check #false every="1s" fall=2 } }"#,
    r#"haproxy "lb" version="2.6.12" on="x" { node "n"; vip "v" "10.0.0.9" { track; track script="/a" process="b"; track interface="eth1" every="1s" weight="9" } }"#,
    r#"haproxy "lb" version="2.6.12" on="x" { node "n"; vip "v" "10.0.0.9" auth-type="MD5" prefix="24" { member "n" strict=1 { garp delay=5; garp repeat=1 } } }"#,
);

wrong!(secrets:
    r#"secret "a""#,
    r#"secret "a" generate=8 env="A" literal="x""#,
    r#"secret "a" env="A" as="base64""#,
    r#"secret "a" generat=8"#,
);

wrong!(duplicates:
    r#"host "a" address="10.0.0.1"; host "a" address="10.0.0.2"; host "a" address="10.0.0.3""#,
    r#"network "a" on="x" subnet="10.0.0.0/24"; network "a" on="y" subnet="10.0.1.0/24"; secret "s" generate=1; secret "s" generate=1"#,
    r#"nginx "a" version="1.26.3" on="x" { node "n" }; haproxy "a" version="2.6.12" on="x" { node "n" }"#,
    r#"nginx "edge" version="1.26.3" on="x"; haproxy "lb" version="2.6.12" on="x" { node "edge" }"#,
    r#"haproxy "lb" version="2.6.12" on="x" { node "a" was="z"; node "b" was="z" }"#,
    r#"haproxy "lb" version="2.6.12" on="x" { attach "n"; attach "n"; node "a" { attach "n"; attach "n" }; listen "l" port=1 to="a/b"; listen "l" port=2 to="a/b"; listen "stats" port=3 to="a/b"; stats port=4 user="u" password="p" }"#,
    r#"haproxy "lb" version="2.6.12" on="x" { node "a"; vip "v" "10.0.0.1" { member "a"; member "a" }; vip "v" "10.0.0.2" }"#,
    r#"rabbitmq "mq" version="3.10.8" on="x" cookie="c" { node "a"; set "k" 1; set "k" 2; vhost "/"; vhost "/" { policy "p" pattern="." { k 1; k 2 }; policy "p" pattern="." { k 1 } } }"#,
    r#"nginx "edge" version="1.26.3" on="x" { stream "s" port=1 to="a/b"; stream "s" port=2 to="a/b" }"#,
);

wrong!(users:
    r#"rabbitmq "mq" version="3.10.8" on="x" cookie="c" { node "a"; user "u" tags="management"; vhost "/" { user "u" configure="" write="" read="" } }"#,
    r#"rabbitmq "mq" version="3.10.8" on="x" cookie="c" { node "a"; user "u" password="p" tags="a"; vhost "/" { user "u" password="q" tags="b" } }"#,
    r#"rabbitmq "mq" version="3.10.8" on="x" cookie="c" { node "a"; user "u" passwrd="p"; user "v" configure=".*"; vhost "/" { user "w" password="p" configure=".*" } }"#,
    r#"rabbitmq "mq" version="3.10.8" on="x" cookie="c" { node "a"; vhost "/" { user "u" password="p"; user "u" } }"#,
);

wrong!(syntax_and_meaning_together:
    "hots \"vm\"\nhost \"a\" address=10.0.0.1\nhost \"b\"\nhost \"C\" address=\"10.0.0.3\"",
);

#[test]
fn a_topology_has_to_be_named() {
    insta::assert_snapshot!([errors(&[("main.kdl", "")]), errors(&[("main.kdl", "// nothing\nhost")])].join("\n"));
}

#[test]
fn files_that_cannot_be_read() {
    let main = "topology \"t\"\ninclude \"gone.kdl\"\ninclude \"dir\"\ninclude \"latin1.kdl\"\ninclude \"\"\ninclude 5\n\
        include \"a.kdl\" \"b.kdl\" optional=#true\nhost \"a\" address=\"10.0.0.1\" { include \"x\" }\ninclude \"large.kdl\"";
    let world = Memory::new()
        .file("main.kdl", main)
        .file("dir/x.kdl", "")
        .file("latin1.kdl", b"// fine\n// Z\xfcrich".to_vec())
        .file("large.kdl", vec![b' '; (64 << 20) + 1])
        .file("a.kdl", "");
    let (loaded, sources) = load(&world);
    insta::assert_snapshot!(common::plain(&loaded.unwrap_err(), &sources));
}

#[test]
fn the_first_file_has_no_place() {
    let tell = |world: Memory| {
        let (loaded, sources) = load(&world);
        common::plain(&loaded.unwrap_err(), &sources)
    };
    let told = [
        tell(Memory::new()),
        tell(Memory::new().file("main.kdl/x", "")),
        tell(Memory::new().file("main.kdl", b"\xff".to_vec())),
    ];
    insta::assert_snapshot!(told.join("\n"));
}

#[test]
fn includes_are_read_in_place() {
    let world = Memory::new()
        .file(
            "main.kdl",
            "topology \"t\"\nhost \"a\" address=\"10.0.0.1\"\ninclude \"sub/one.kdl\"\nhost \"d\" address=\"10.0.0.4\"",
        )
        .file("sub/one.kdl", "host \"b\" address=\"10.0.0.2\"\ninclude \"../two.kdl\"")
        .file("two.kdl", "host \"c\" address=\"10.0.0.3\"\nallow \"r\" reason=\"s\"");
    let (loaded, sources) = load(&world);
    let topology = loaded.unwrap();
    let hosts: Vec<_> = topology.hosts.iter().map(|host| host.name.value.as_str()).collect();
    assert_eq!(hosts, ["a", "b", "c", "d"]);
    assert_eq!(sources.place_of(topology.hosts[2].span).unwrap().path, "sub/../two.kdl");
    assert_eq!(topology.allows[0].scope, Scope::Topology, "the top of an included file is the top");
}

#[test]
fn includes_that_go_round_or_come_twice() {
    let cycle = errors(&[
        ("main.kdl", "topology \"t\"; include \"sub/a.kdl\""),
        ("sub/a.kdl", "include \"b.kdl\""),
        ("sub/b.kdl", "\ninclude \"../main.kdl\"; include \"./b.kdl\""),
    ]);
    let twice = errors(&[
        ("main.kdl", "topology \"t\"; include \"a.kdl\"; include \"b.kdl\"; include \"x/../a.kdl\""),
        ("a.kdl", "host \"a\" address=\"10.0.0.1\""),
        ("b.kdl", "include \"a.kdl\"; host \"a\" address=\"10.0.0.2\""),
    ]);
    let itself = errors(&[("main.kdl", "topology \"t\"; include \"main.kdl\"")]);
    insta::assert_snapshot!([cycle, twice, itself].join("\n"));
}

#[test]
fn includes_end_somewhere() {
    let chain = (0..100).fold(Memory::new().file("main.kdl", "topology \"t\"; include \"0.kdl\""), |world, n| {
        world.file(format!("{n}.kdl"), format!("include \"{}.kdl\"", n + 1))
    });
    let includes: Vec<_> = (0..5000).map(|n| format!("include \"{n}.kdl\"")).collect();
    let main = format!("topology \"t\"\n{}", includes.join("\n"));
    let many = (0..5000).fold(Memory::new().file("main.kdl", main), |world, n| world.file(format!("{n}.kdl"), ""));
    for (world, place) in [(chain, "63.kdl:1:9"), (many, "main.kdl:4097:9")] {
        let (loaded, sources) = load(&world);
        let told = common::plain(&loaded.unwrap_err(), &sources);
        assert!(told.starts_with("error[include-limit]"), "{told}");
        assert!(told.contains(place), "{told}");
        assert_eq!(told.matches("error[").count(), 1, "{told}");
    }
}

/// What a duration, a size, a name, … may look like at its edges.
#[test]
fn values_at_the_edges() {
    let at = |timeout: &str| {
        let text =
            format!("haproxy \"lb\" version=\"2.6.12\" on=\"x\" {{ node \"n\"; timeout connect=\"{timeout}\" }}");
        topology(&format!("topology \"t\"; {text}")).haproxies[0].timeouts.connect.unwrap().value
    };
    let durations = [
        ("0s", 0),
        ("1.5s", 1500),
        ("0.001s", 1),
        ("1.50000000000000000000000000000000s", 1500),
        ("0.5d", 43_200_000),
        ("007m", 420_000),
        ("18446744073709551615ms", u64::MAX),
        ("18446744073709551.615s", u64::MAX),
    ];
    for (text, expected) in durations {
        assert_eq!(at(text), expected, "{text}");
    }
    let size = |memory: &str| {
        let text =
            format!("rabbitmq \"mq\" version=\"3.10.8\" on=\"x\" cookie=\"c\" memory=\"{memory}\" {{ node \"n\" }}");
        topology(&format!("topology \"t\"; {text}")).rabbitmqs[0].memory.unwrap().value
    };
    let sizes = [
        ("1B", 1),
        ("1KiB", 1024),
        ("1kB", 1000),
        ("1KB", 1000),
        ("0.5TiB", 1 << 39),
        ("17179869183GiB", ((1 << 34) - 1) << 30),
    ];
    for (text, expected) in sizes {
        assert_eq!(size(text), expected, "{text}");
    }
    let fine = [
        format!("host \"{}\" address=\"0.0.0.0\"", "a".repeat(63)),
        "host \"0\" address=\"255.255.255.255\"; host \"a--b-1\" address=\"1.2.3.4\"".to_owned(),
        "network \"a\" on=\"\" subnet=\"0.0.0.0/0\"; network \"b\" on=\"x\" subnet=\"10.0.0.1/32\" pool=\"128.0.0.0/1\"".to_owned(),
        "secret \"a\" generate=-9223372036854775808; secret \"b\" literal=\"\\n\\\"#\\u{2028}é\"; secret \"c\" literal=\"\"".to_owned(),
        "secret \"x\" generate=1; secret \"y\" generate=0x7fff_ffff_ffff_ffff".to_owned(),
        format!("nginx \"a\" version=\"0.0.999999\" on=\"x\" image=\"localhost/a__b-c.d/e:Tag_1.x-{}\"", "y".repeat(100)),
        format!("nginx \"a\" version=\"1.2.3\" on=\"x\" image=\"Reg.example:5000/a/b@sha256:{}\"", "0f".repeat(32)),
    ];
    for text in fine {
        assert_eq!(with(&text), "", "{text}");
    }
}
