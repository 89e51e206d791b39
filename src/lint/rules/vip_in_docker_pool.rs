use std::collections::BTreeSet;

use crate::lint::members::place;
use crate::lint::{Check, Context, Level, Rule, Sink};

/// A VIP among the addresses that Docker gives away by itself.
pub const RULE: Rule = Rule {
    name: "vip-in-docker-pool",
    level: Level::Warning,
    page: include_str!("../../../docs/rules/vip-in-docker-pool.md"),
    check: Check::Claims(check),
};

fn check(context: &Context<'_>, sink: &mut Sink) {
    let system = context.system;
    let mut said = BTreeSet::new();
    for claim in system.vrrps.values() {
        let segment = &system.segments[claim.segment];
        let Some(pool) = segment.pool.known() else { continue };
        for vip in &claim.vips {
            let Some(ip) = vip.known().filter(|ip| pool.contains(*ip)) else { continue };
            let span = place(vip, claim.span);
            if !said.insert((claim.segment, *ip, span)) {
                continue;
            }
            let network = &segment.name.value;
            sink.finding(format!("VIP {ip} lies in the pool of network `{network}`, from which Docker gives addresses away"))
                .label(span, format!("inside {pool}"))
                .label(place(&segment.pool, segment.name.span), format!("the pool of `{network}` is {pool}"))
                .note(
                    "Docker knows nothing of VIPs. The compose file reserves the address in a network that it makes; in \
                     one that exists already, the next container without an address of its own can get it, and then two \
                     answer for the VIP",
                )
                .help("take an address outside the pool, or write a pool=\"…\" that leaves it out")
                .emit();
        }
    }
}
