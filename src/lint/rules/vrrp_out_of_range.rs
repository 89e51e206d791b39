use std::collections::BTreeSet;

use crate::lint::members::place;
use crate::lint::{Check, Context, Level, Rule, Sink};
use crate::source::Span;
use crate::system::{Fact, VrrpClaim};

/// The version of VRRP is 2 or 3, and adverts come every 1 to 255 whole seconds in version 2, every 10 ms to
/// 40.95 s in version 3 (12 bits of centiseconds); all numbers as seen with 2.1.5 to 2.3.4.
pub const RULE: Rule = Rule {
    name: "vrrp-out-of-range",
    level: Level::Error,
    page: include_str!("../../../docs/rules/vrrp-out-of-range.md"),
    check: Check::Claims(check),
};

fn check(context: &Context<'_>, sink: &mut Sink) {
    let mut seen: BTreeSet<Span> = BTreeSet::new();
    for claim in context.system.vrrps.values() {
        let version = claim.version.known().copied();
        if let Some(version) = version.filter(|version| !(2..=3).contains(version)) {
            let at = place(&claim.version, claim.span);
            if seen.insert(at) {
                sink.finding(format!("there is no version {version} of VRRP"))
                    .label(at, "2 or 3")
                    .note("keepalived rejects it and goes on with another one than is written")
                    .help("write version=2 or version=3, or leave it out")
                    .emit();
            }
        }
        let (range, step, words) = match version {
            Some(3) => (10..=40_950, 10, "10ms to 40950ms in version 3"),
            _ => (1000..=255_000, 1000, "whole seconds up to 255s in version 2"),
        };
        if claim.advert.known().is_some_and(|millis| !range.contains(millis) || millis % step != 0) {
            let at = place(&claim.advert, claim.span);
            if seen.insert(at) {
                sink.finding("keepalived cannot announce in this interval")
                    .label(at, words)
                    .note("it rejects the interval, or rounds it, and goes on with another one than is written")
                    .help("write advert=\"1s\", or leave it out")
                    .emit();
            }
        }
        for (wrong, what, range, becomes, help) in others(claim) {
            if let Some(at) = wrong.filter(|at| seen.insert(*at)) {
                sink.finding(format!("keepalived cannot have such a {what}"))
                    .label(at, range)
                    .note(becomes)
                    .help(help)
                    .emit();
            }
        }
    }
}

/// Where a number is wrong, what it is, what it could be, what keepalived makes of it, and what to write.
type Other = (Option<Span>, &'static str, &'static str, &'static str, &'static str);

/// Numbers that are seldom written.
fn others(claim: &VrrpClaim) -> [Other; 5] {
    fn wrong<T>(fact: &Fact<T>, fits: impl Fn(&T) -> bool, declared: Span) -> Option<Span> {
        (!fits(fact.known()?)).then(|| place(fact, declared))
    }
    let seconds = |millis: &u64| *millis <= 4_294_000 && millis.is_multiple_of(1000);
    let (garp, at) = (&claim.garp, claim.span);
    let ignored = "it ignores the number with a line in its log, and goes on with its own";
    [
        (
            wrong(&claim.prefix, |prefix| (1..=32).contains(prefix), at),
            "prefix",
            "1 to 32",
            "it puts the address there with /32 where the number is too large; /0 takes the way to everything else",
            "leave it out: then it is the one of the network's subnet",
        ),
        (
            wrong(&claim.unicast_ttl, |hops| (1..=255).contains(hops), at),
            "unicast-ttl",
            "1 to 255",
            ignored,
            "leave it out: then it is 255",
        ),
        (wrong(&garp.delay, seconds, at), "delay", "whole seconds, up to 4294s", ignored, "write delay=\"5s\", or leave it out"),
        (
            wrong(&garp.refresh, seconds, at),
            "refresh",
            "whole seconds, up to 4294s",
            ignored,
            "write refresh=\"60s\", or leave it out",
        ),
        (
            wrong(&garp.repeat, |repeat| (1..=255).contains(repeat), at),
            "repeat",
            "1 to 255",
            "it says once that the address has moved, or goes on with a number of its own",
            "write repeat=5, or leave it out",
        ),
    ]
}
