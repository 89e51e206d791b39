use ipnet::Ipv4Net;

use crate::lint::members::place;
use crate::lint::{Check, Confidence, Context, Level, Rule, Sink};
use crate::system::Place;

/// A subnet among those that Docker gives away first to networks that name none: 172.17.0.0/16 is its own bridge's, and
/// 172.18.0.0/16 to 172.27.0.0/16 follow (`default-address-pools`, docs.docker.com/engine/network).
pub const RULE: Rule = Rule {
    name: "subnet-in-docker-pools",
    level: Level::Advice,
    page: include_str!("../../../docs/rules/subnet-in-docker-pools.md"),
    check: Check::Claims(check),
};

fn check(context: &Context<'_>, sink: &mut Sink) {
    for segment in context.system.segments.values().filter(|segment| matches!(segment.place, Place::Bridge(_))) {
        let Some(subnet) = segment.subnet.known() else { continue };
        let (network, at) = (&segment.name.value, place(&segment.subnet, segment.name.span));
        let draft = if overlaps(*subnet, 17..=17) {
            sink.finding(format!("network `{network}` lies where Docker's own bridge is: {subnet}"))
                .level(Level::Warning)
                .label(at, "docker0 is 172.17.0.0/16")
                .note("unless the daemon was told otherwise Docker refuses the network (\"Pool overlaps with other one\"), and nothing on it starts")
        } else if overlaps(*subnet, 18..=27) {
            sink.finding(format!("network `{network}` lies where Docker puts networks that name no subnet: {subnet}"))
                .confidence(Confidence::Likely)
                .label(at, "one of 172.18.0.0/16 to 172.27.0.0/16")
                .note("the next compose project on that host may have it already: then Docker refuses this one, on that host alone")
        } else {
            continue;
        };
        draft.help("take a subnet of 172.28.0.0/14 or of 10.0.0.0/8").emit();
    }
}

fn overlaps(subnet: Ipv4Net, mut second: std::ops::RangeInclusive<u8>) -> bool {
    second.any(|second| {
        Ipv4Net::new([172, second, 0, 0].into(), 16).is_ok_and(|pool| pool.contains(&subnet) || subnet.contains(&pool))
    })
}
