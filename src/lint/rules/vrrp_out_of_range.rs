use std::collections::BTreeSet;

use crate::lint::members::place;
use crate::lint::{Check, Context, Level, Rule, Sink};
use crate::source::Span;

/// The version of VRRP is 2 or 3, and adverts come every 1 to 255 whole seconds in version 2, every 10 ms to
/// 40.95 s in version 3 (12 bits of centiseconds); seen with 2.1.5 to 2.3.4.
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
    }
}
