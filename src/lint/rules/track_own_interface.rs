use crate::lint::members::{by_place, names};
use crate::lint::{Check, Context, Level, Rule, Sink};
use crate::system::{System, VrrpClaim};
use crate::topology::Tracked;

/// The interface on which a member speaks is tracked anyway, with FAULT; a second word on it is dropped (seen with 2.1.5 to
/// 2.3.4).
pub const RULE: Rule = Rule {
    name: "track-own-interface",
    level: Level::Warning,
    page: include_str!("../../../docs/rules/track-own-interface.md"),
    check: Check::Claims(check),
};

fn check(context: &Context<'_>, sink: &mut Sink) {
    let found = by_place(context, |claim| {
        let own = own_interface(context.system, claim)?;
        let tracks = claim.tracks.iter().filter(|track| track.what == Tracked::Interface);
        let track = tracks.into_iter().find(|track| track.name.known().is_some_and(|name| name == own))?;
        Some((track.name.span(), (own, claim.interface.span())))
    });
    for (span, (interface, at), who) in found {
        sink.finding(format!("`{interface}` is tracked by {}, and the VIP is on it anyway", names(&who)))
            .label(span, "dropped")
            .label(at, "the interface of the VIP")
            .note("keepalived says \"Ignoring track_interface\": when this one goes down it is a FAULT anyway, whatever weight is written")
            .help("leave this `track` out; track the interfaces of other networks that the service needs")
            .emit();
    }
}

/// The interface on which a member speaks, where that is known: what is written, or the only one of a container.
fn own_interface<'a>(system: &System, claim: &'a VrrpClaim) -> Option<&'a str> {
    let unit = &system.units[claim.unit];
    match claim.interface.known() {
        Some(written) => Some(written),
        None => (!unit.on_host_network && unit.addresses.len() == 1).then_some("eth0"),
    }
}
