use std::collections::BTreeMap;
use std::net::Ipv4Addr;

use crate::lint::members::{list, names};
use crate::lint::{Check, Context, Level, Rule, Sink};
use crate::source::Span;
use crate::system::PublishClaim;

/// Docker publishes nothing of a container that is on its host's own network.
pub const RULE: Rule = Rule {
    name: "publish-on-host-network",
    level: Level::Error,
    page: include_str!("../../../docs/rules/publish-on-host-network.md"),
    check: Check::Claims(check),
};

fn check(context: &Context<'_>, sink: &mut Sink) {
    let system = context.system;
    // What is published for all nodes of a component was written once.
    let mut written: BTreeMap<(Span, &str), Vec<&PublishClaim>> = BTreeMap::new();
    for claim in system.publishes.values().filter(|claim| system.units[claim.unit].on_host_network) {
        written.entry((claim.span, &system.listens[claim.listen].name)).or_default().push(claim);
    }
    for ((span, name), claims) in written {
        let Some(first) = claims.first() else { continue };
        let who: Vec<&str> = claims.iter().map(|claim| system.units[claim.unit].name.value.as_str()).collect();
        let listen = &system.listens[first.listen];
        let binds = context.derived.binds.get(&first.listen).map_or(&[][..], Vec::as_slice);
        let everywhere = binds.contains(&Ipv4Addr::UNSPECIFIED);
        let port = listen.port.known().copied().unwrap_or_default();
        let same = first.port.known() == Some(&port) && first.bind.known().is_some_and(Ipv4Addr::is_unspecified);
        let where_it_is = if everywhere {
            "on every address of its host".to_owned()
        } else {
            format!("on {}", list(binds.iter().map(|ip| if who.len() > 1 && !ip.is_loopback() { "its host's address".to_owned() } else { ip.to_string() })))
        };
        let is = if who.len() == 1 { "is" } else { "are" };
        let on = if who.len() == 1 { "its host's own network" } else { "their hosts' own network" };
        sink.finding(format!("port `{name}` of {} is published, and {} {is} on {on}", names(&who), names(&who)))
            .label(span, "Docker ignores it")
            .note(format!("there every port is the host's as it is: `{name}` listens on port {port}, {where_it_is}"))
            .help("leave `publish` out; for another port or address, attach to a bridge instead")
            // Nothing else than what was meant happens.
            .level(if same && everywhere { Level::Warning } else { Level::Error })
            .emit();
    }
}
