use std::collections::BTreeMap;
use std::net::Ipv4Addr;

use crate::lint::members::place;
use crate::lint::{Check, Context, Level, Rule, Sink};
use crate::source::Span;
use crate::system::{Id, Segment, Unit};

/// One address in two instances of one member.
pub const RULE: Rule = Rule {
    name: "vip-declared-twice",
    level: Level::Error,
    page: include_str!("../../../docs/rules/vip-declared-twice.md"),
    check: Check::Claims(check),
};

fn check(context: &Context<'_>, sink: &mut Sink) {
    let system = context.system;
    let mut stands: BTreeMap<(Id<Unit>, Id<Segment>, Ipv4Addr), Vec<Span>> = BTreeMap::new();
    for claim in system.vrrps.values() {
        for (vip, ip) in claim.vips.iter().filter_map(|vip| Some((vip, *vip.known()?))) {
            stands.entry((claim.unit, claim.segment, ip)).or_default().push(place(vip, claim.span));
        }
    }
    // All members of a VIP say the same, at the same places: that is one finding.
    let mut clashes: BTreeMap<(Ipv4Addr, Vec<Span>), usize> = BTreeMap::new();
    for ((_, _, ip), mut spans) in stands {
        if spans.len() > 1 {
            spans.sort();
            *clashes.entry((ip, spans)).or_default() += 1;
        }
    }
    for ((ip, mut spans), _) in clashes {
        spans.dedup();
        let first = spans.first().copied();
        sink.finding(format!("{ip} is declared twice on the same members"))
            .labels(spans.into_iter().rev().map(|span| {
                (span, if Some(span) == first { "declared here first" } else { "declared again here" }.to_owned())
            }))
            .note("two instances of one keepalived fight for the address; it comes and goes with either")
            .help("list the address once")
            .emit();
    }
}
