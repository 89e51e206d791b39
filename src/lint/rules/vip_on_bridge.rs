use std::net::Ipv4Addr;

use rustc_hash::FxHashSet;

use crate::lint::members::{place, vip_words};
use crate::lint::{Check, Confidence, Context, Level, Rule, Sink};
use crate::system::{Coverage, Id, Place, Segment, VrrpClaim};

/// A VIP on a bridge exists on one host, for the containers there. Where nobody there is declared who comes to it, clients are
/// elsewhere, and cannot.
pub const RULE: Rule = Rule {
    name: "vip-on-bridge",
    level: Level::Warning,
    page: include_str!("../../../docs/rules/vip-on-bridge.md"),
    check: Check::Claims(check),
};

fn check(context: &Context<'_>, sink: &mut Sink) {
    let system = context.system;
    if !matches!(system.coverage, Coverage::Closed) {
        return;
    }
    let wanted: FxHashSet<(Ipv4Addr, Id<Segment>)> =
        system.forwards.values().flat_map(|forward| &forward.targets).filter_map(|target| target.vip).collect();
    let several = system.hosts.len() > 1;
    for group in &context.derived.vrrp_groups {
        let claims = || group.members.iter().map(|id| &system.vrrps[*id]);
        let reached = |claim: &VrrpClaim| {
            claim.vips.iter().filter_map(|vip| vip.known()).any(|ip| wanted.contains(&(*ip, claim.segment)))
        };
        // Members that are elsewhere are vip-members-apart's.
        let here = |claim: &VrrpClaim| {
            let addresses = system.units[claim.unit].addresses.iter();
            addresses.map(|id| &system.addresses[*id]).any(|address| address.segment == claim.segment)
        };
        let Some(first) = claims().next().filter(|_| claims().all(|claim| here(claim) && !reached(claim))) else { continue };
        let segment = &system.segments[first.segment];
        let Place::Bridge(host) = segment.place else { continue };
        let host = &system.hosts[host].name.value;
        let at = first.vips.first().map_or(first.span, |vip| place(vip, first.span));
        sink.finding(format!("{} is on a bridge of host `{host}`, and nobody there comes to it", vip_words(context, group)))
            // On a machine alone there may be containers that are not declared.
            .confidence(if several { Confidence::Likely } else { Confidence::Possible })
            .label(at, "reached from containers of that bridge alone")
            .label(segment.name.span, format!("a bridge of `{host}`"))
            .note("a bridge ends at its host: no other machine gets to the address, and it dies with the host, whoever holds it")
            .help(
                "put the members on a network without on=, each on a host of its own, with the VIP there; or let an nginx on the \
                 bridge lead to it",
            )
            .emit();
    }
}
