//! VRRP as it was measured with real keepalived: what never moves, what splits, and what only looks like it.

use camino::Utf8Path;
use hacc::derive::Derived;
use hacc::lint::{self, Confidence};
use hacc::source::SourceMap;
use hacc::system::{Lock, build};
use hacc::world::Memory;

/// The rules that fire on balancers `nodes` with a VIP of these properties and members, without what is only possible.
fn fired(nodes: &[&str], vip: &str, members: &str) -> Vec<&'static str> {
    let nodes: Vec<String> = nodes.iter().map(|node| format!("node \"{node}\"")).collect();
    let text = format!(
        r#"
        topology "t"
        allow "secret-literal" reason="a test"
        allow "auth-truncated" reason="a test"
        allow "unused-allow" reason="a test"
        host "vm" address="192.168.10.10"
        network "front" on="vm" subnet="172.30.8.0/24"
        secret "a" generate=8
        secret "b" generate=8
        secret "env" env="A"
        secret "env2" env="B"
        secret "long1" literal="12345678A"
        secret "long2" literal="12345678B"
        secret "long3" literal="X2345678B"
        haproxy "lb" version="2.6.12" on="vm" {{
            attach "front"
            {}
            vip "entry" "172.30.8.100" {vip} {{ {members} }}
        }}"#,
        nodes.join("\n")
    );
    let world = Memory::new().file("topo.kdl", text.as_str());
    let topology = hacc::topology::load(&world, Utf8Path::new("topo.kdl"), &mut SourceMap::new())
        .unwrap_or_else(|errors| panic!("{text}\n{errors:#?}"));
    let built = build(&topology, &Lock::default()).unwrap();
    let outcome = lint::run(&built.system, &Derived::of(&built.system), Some(&topology));
    let shown = outcome.findings.iter().filter(|finding| finding.confidence > Confidence::Possible);
    shown.map(|finding| finding.diagnostic.code).collect()
}

const TWO: [&str; 2] = ["lb1", "lb2"];
const SILENT: [&str; 0] = [];

#[test]
fn whether_the_vip_moves_when_the_service_on_its_holder_dies() {
    let two =
        |vip: &str, lb1: &str, lb2: &str| fired(&TWO, vip, &format!("member \"lb1\" {lb1}; member \"lb2\" {lb2}"));
    let preempt = "nopreempt=#false";
    let never = ["vip-never-moves"];
    let row = |weight: &str, lb1: u8, lb2: u8| {
        two(&format!("{preempt} weight={weight}"), &format!("priority={lb1}"), &format!("priority={lb2}"))
    };
    assert_eq!(row("-10", 150, 100), never);
    assert_eq!(row("-10", 110, 100), never, "the drop has to be larger than the gap, not as large");
    assert_eq!(row("-11", 110, 100), SILENT);
    assert_eq!(row("2", 101, 100), SILENT, "a bonus larger than the gap");
    assert_eq!(row("2", 150, 140), never);
    assert_eq!(row("0", 150, 100), SILENT, "no weight: FAULT");
    assert_eq!(two(preempt, "priority=150", "priority=100"), SILENT);
    assert_eq!(two("nopreempt=#true weight=-60", "priority=150", "priority=100"), never);
    assert_eq!(two("weight=-60", "priority=150", "priority=100"), never, "nopreempt is the default");
    assert_eq!(two("nopreempt=#true", "priority=150", "priority=100"), SILENT);
    // keepalived clears nopreempt where the state is MASTER.
    let master = "state=\"MASTER\"";
    let both = |lb: &str| format!("{lb} {master}");
    assert_eq!(
        two("nopreempt=#true weight=-60", &both("priority=150"), &both("priority=100")),
        ["nopreempt-cleared"; 2],
        "which moves the VIP, and that is not what is written"
    );
    assert_eq!(two("weight=-60", &both("priority=150"), "priority=100"), SILENT, "so it is not what is chosen there");
    // The best one waits, so the VIP can rest with the other, from which it never comes back.
    let mixed = |vip: &str, lb1: &str, lb2: &str| two(&format!("{vip} nopreempt=#false"), lb1, lb2);
    let wait = ["nopreempt-mismatch", "vip-never-moves"];
    let sorted = |mut rules: Vec<&'static str>| {
        rules.sort_unstable();
        rules
    };
    assert_eq!(sorted(mixed("weight=-60", "priority=150 nopreempt=#true", "priority=100")), wait);
    assert_eq!(sorted(mixed("weight=-60", "priority=150", "priority=100 nopreempt=#true")), wait);
    assert_eq!(
        sorted(mixed("", "priority=150 nopreempt=#true", "priority=100 weight=-60")),
        ["check-mismatch", "nopreempt-mismatch", "vip-never-moves"]
    );
    assert_eq!(mixed("", "priority=150", "priority=100 weight=-60"), ["check-mismatch"], "it comes back by itself");
    assert_eq!(two("weight=-253 nopreempt=#false", "priority=200", "priority=1"), never, "clamped to 1: a tie again");
    // VRRP without a check moves for other reasons only: no weight is at fault.
    assert_eq!(fired(&TWO, preempt, "check #false"), ["vip-unchecked"]);
    // Each thing that is tracked has to be enough.
    let tracks = |weights: &str| {
        let body = format!("{weights}; member \"lb1\" priority=110; member \"lb2\" priority=100");
        fired(&TWO, preempt, &body)
    };
    assert_eq!(tracks("track interface=\"lo\" weight=-10"), never);
    assert_eq!(tracks("track interface=\"lo\" weight=-11"), SILENT);
    assert_eq!(tracks("track interface=\"lo\""), SILENT, "FAULT as well");
    assert_eq!(tracks("track interface=\"lo\" weight=5; track script=\"/usr/bin/true\" weight=-60"), never);
    assert_eq!(tracks("check #false; track interface=\"lo\" weight=-2"), never);
    assert_eq!(
        two(preempt, "priority=110 { check #false }", "priority=100 weight=-5"),
        ["check-mismatch", "vip-unchecked"]
    );
}

#[test]
fn three_members() {
    let three = |weight: &str| {
        let members = "member \"lb1\" priority=150; member \"lb2\" priority=145; member \"lb3\" priority=50";
        fired(&["lb1", "lb2", "lb3"], &format!("nopreempt=#false weight={weight}"), members)
    };
    assert_eq!(three("-6"), SILENT, "the next one takes over");
    assert_eq!(three("-5"), ["vip-never-moves"]);
}

#[test]
fn priorities_that_tie_and_those_that_cannot_be() {
    let two = |lb1: &str, lb2: &str| {
        fired(&TWO, "", &format!("member \"lb1\" priority={lb1}; member \"lb2\" priority={lb2}"))
    };
    assert_eq!(two("100", "100"), ["equal-priorities"]);
    assert_eq!(two("100", "101"), SILENT);
    assert_eq!(two("254", "1"), SILENT);
    assert_eq!(two("500", "500"), ["priority-out-of-range"; 2], "that is not what they will have");
    assert_eq!(two("0", "100"), ["priority-out-of-range"]);
    assert_eq!(two("-5", "100"), ["priority-out-of-range"]);
    assert_eq!(fired(&TWO, "", "member \"lb2\" priority=254"), ["equal-priorities"], "with one that was chosen");
}

#[test]
fn what_splits_the_group() {
    let lb2 = |vip: &str, member: &str| fired(&TWO, vip, &format!("member \"lb2\" {member}"));
    assert_eq!(lb2("vrid=51", "vrid=52"), ["vrid-mismatch"]);
    assert_eq!(lb2("vrid=51", "vrid=51"), SILENT);
    assert_eq!(lb2("vrid=51", "vrid=0"), ["vrid-out-of-range"], "that instance is dropped, not split");
    assert_eq!(lb2("version=2", "version=3"), ["vrrp-version-mismatch"]);
    assert_eq!(lb2("advert=\"1s\"", "advert=\"3s\""), ["advert-mismatch"]);
    assert_eq!(lb2("", "advert=\"1s\""), SILENT, "which is the default");
    assert_eq!(lb2("auth=\"a\"", "auth=\"b\""), ["auth-mismatch"]);
    assert_eq!(lb2("", "auth=\"b\""), ["auth-mismatch"]);
    assert_eq!(lb2("auth=\"env\"", "auth=\"a\""), ["auth-mismatch"]);
    assert_eq!(lb2("auth=\"long1\"", "auth=\"long3\""), ["auth-mismatch"]);
    assert_eq!(lb2("auth=\"a\"", "auth-type=\"AH\""), ["auth-mismatch", "auth-legacy"]);
    assert_eq!(lb2("", "{ address \"172.30.8.101\" }"), ["vip-list-mismatch"]);
    assert_eq!(lb2("", "unicast=#true"), ["unicast-mismatch"]);
    let stranger = "{ peer \"172.30.8.77\" }";
    assert_eq!(lb2("unicast=#true", stranger), ["vrrp-address-of-nobody"], "a peer that is nobody's");
}

#[test]
fn what_only_looks_like_a_split() {
    let lb2 = |vip: &str, member: &str| fired(&TWO, vip, &format!("member \"lb2\" {member}"));
    assert_eq!(lb2("", "instance=\"another\""), SILENT);
    assert_eq!(lb2("", "prefix=32"), SILENT);
    assert_eq!(lb2("", "interface=\"eth0\""), SILENT);
    let masters = "priority=150 state=\"MASTER\"; member \"lb1\" priority=200 state=\"MASTER\"";
    assert_eq!(lb2("", masters), SILENT, "both begin as BACKUP");
    assert_eq!(lb2("version=3", "auth=\"b\""), ["auth-ignored"], "VRRPv3 has none: no split");
    assert_eq!(lb2("auth=\"long1\"", "auth=\"long2\""), SILENT, "8 characters count");
    assert_eq!(
        lb2("unicast=#true", "{ peer \"172.30.8.2\"; peer \"172.30.8.3\" }"),
        SILENT,
        "its own address among them"
    );
    assert_eq!(lb2("\"172.30.8.101\"", "{ address \"172.30.8.101\"; address \"172.30.8.100\" }"), SILENT, "the order");
    assert_eq!(lb2("version=3 advert=\"1s\"", "advert=\"3s\""), SILENT, "the holder's interval is learned");
    assert_eq!(lb2("auth=\"env\"", "auth=\"env2\""), ["auth-mismatch"], "as a warning");
}

/// What was measured with two real members, the service on the holder killed: whether the VIP moved.
#[test]
fn eleven_rows_of_whether_the_vip_moves() {
    let rows: [(&str, &str, &str, bool); 11] = [
        ("weight=-10 nopreempt=#false", "priority=150", "priority=100", false),
        ("weight=-10 nopreempt=#false", "priority=110", "priority=100", false),
        ("weight=-11 nopreempt=#false", "priority=110", "priority=100", true),
        ("weight=2 nopreempt=#false", "priority=101", "priority=100", true),
        ("weight=2 nopreempt=#false", "priority=150", "priority=140", false),
        ("nopreempt=#false", "priority=150", "priority=100", true),
        ("weight=-60 nopreempt=#true", "priority=150", "priority=100", false),
        ("nopreempt=#true", "priority=150", "priority=100", true),
        ("", "priority=150 state=\"MASTER\"", "priority=100 state=\"MASTER\"", true),
        // keepalived takes 100 in its place; that it does is a finding of its own.
        ("nopreempt=#false", "priority=500", "priority=100", true),
        ("weight=-11 nopreempt=#false", "priority=100", "priority=100", true),
    ];
    for (vip, lb1, lb2, moves) in rows {
        let found = fired(&TWO, vip, &format!("member \"lb1\" {lb1}; member \"lb2\" {lb2}"));
        assert_eq!(!found.contains(&"vip-never-moves"), moves, "{vip}: {lb1}, {lb2}: {found:?}");
    }
}

/// What made two holders of two real members, each found as an error; and what only looks like it, each silent.
#[test]
fn eight_classes_of_split_brain_and_six_look_alikes() {
    let lb2 = |vip: &str, member: &str| fired(&TWO, vip, &format!("member \"lb2\" {member}"));
    let splits = [
        ("vrid=51", "vrid=100", "vrid-mismatch"),
        ("", "{ address \"172.30.8.101\" }", "vip-list-mismatch"),
        ("auth=\"a\"", "auth=\"b\"", "auth-mismatch"),
        ("", "auth=\"a\"", "auth-mismatch"),
        ("advert=\"1s\"", "advert=\"3s\"", "advert-mismatch"),
        ("unicast=#true", "unicast=#false", "unicast-mismatch"),
        ("unicast=#true", "{ peer \"172.30.8.77\" }", "vrrp-address-of-nobody"),
        ("version=2", "version=3", "vrrp-version-mismatch"),
    ];
    for (vip, member, rule) in splits {
        assert_eq!(lb2(vip, member), [rule], "{vip} {member}");
        assert_eq!(lint::rule(rule).map(|rule| rule.level), Some(lint::Level::Error), "{rule}");
    }
    let look_alikes = [
        ("prefix=24", "prefix=32"),
        ("version=3 advert=\"1s\"", "advert=\"3s\""),
        ("unicast=#true", "{ peer \"172.30.8.2\"; peer \"172.30.8.3\" }"),
        ("instance=\"VI_1\"", "instance=\"haproxy_ha\""),
        ("auth=\"long1\"", "auth=\"long2\""),
        ("", "priority=100 state=\"MASTER\"; member \"lb1\" priority=150 state=\"MASTER\""),
    ];
    for (vip, member) in look_alikes {
        assert_eq!(lb2(vip, member), SILENT, "{vip} {member}");
    }
}
