use crate::lint::members::{Places, name_of, names, vip_words};
use crate::lint::{Check, Confidence, Context, Level, Rule, Sink};
use crate::system::Place;

/// Multicast on the network between the hosts, which routers, overlays and most clouds do not carry.
pub const RULE: Rule = Rule {
    name: "multicast-between-hosts",
    level: Level::Warning,
    page: include_str!("../../../docs/rules/multicast-between-hosts.md"),
    check: Check::Claims(check),
};

fn check(context: &Context<'_>, sink: &mut Sink) {
    let system = context.system;
    for group in context.groups().filter(|group| group.members.len() > 1) {
        let claims = || group.members.iter().map(|id| &system.vrrps[*id]);
        // Where only some speak so, unicast-mismatch says it.
        if claims().any(|claim| !claim.peers.is_empty() || system.segments[claim.segment].place != Place::Lan) {
            continue;
        }
        let mut places = Places::new();
        for claim in claims() {
            places.add(claim.span, name_of(system, claim));
        }
        sink.finding(format!("adverts of {} go by multicast between hosts", vip_words(context, group)))
            .confidence(Confidence::Possible)
            .labels(places.labels(|who| format!("{}: multicast", names(who))))
            .note("224.0.0.18 ends at the first router, and clouds and many virtual switches drop it: then all members hold the VIP")
            .help("leave unicast= out: between hosts each member sends to the addresses of the others")
            .emit();
    }
}
