use ipnet::Ipv4Net;

use crate::lint::members::place;
use crate::lint::{Check, Context, Level, Rule, Sink};
use crate::system::Place;

/// A bridge network on addresses that belong to others.
pub const RULE: Rule = Rule {
    name: "public-subnet",
    level: Level::Warning,
    page: include_str!("../../../docs/rules/public-subnet.md"),
    check: Check::Claims(check),
};

/// Ranges that the Internet does not route: RFC 1918 (private), 6598 (carriers), 3927 (link), 5737 (documentation),
/// 2544 (benchmarks).
const NOT_PUBLIC: [([u8; 4], u8); 9] = [
    ([10, 0, 0, 0], 8),
    ([172, 16, 0, 0], 12),
    ([192, 168, 0, 0], 16),
    ([100, 64, 0, 0], 10),
    ([169, 254, 0, 0], 16),
    ([192, 0, 2, 0], 24),
    ([198, 51, 100, 0], 24),
    ([203, 0, 113, 0], 24),
    ([198, 18, 0, 0], 15),
];

fn check(context: &Context<'_>, sink: &mut Sink) {
    // What the machines themselves have is theirs.
    let bridges = context.system.segments.values().filter(|segment| segment.place != Place::Lan);
    for segment in bridges {
        let Some(subnet) = segment.subnet.known().filter(|subnet| is_public(**subnet)) else { continue };
        let near = subnet.network().octets();
        let hint = if near[0] == 172 { "; the private part of 172 ends at 172.31" } else { "" };
        sink.finding(format!("network `{}` uses public addresses: {subnet}", segment.name.value))
            .label(place(&segment.subnet, segment.name.span), format!("not a private range{hint}"))
            .note("Docker accepts it, and from then on this host cannot reach the real owners of these addresses")
            .help("take a subnet of 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16")
            .emit();
    }
}

pub(super) fn is_public(subnet: Ipv4Net) -> bool {
    !NOT_PUBLIC
        .iter()
        .any(|(octets, prefix)| Ipv4Net::new((*octets).into(), *prefix).is_ok_and(|range| range.contains(&subnet)))
}
