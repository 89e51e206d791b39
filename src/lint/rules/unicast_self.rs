use crate::lint::members::{by_place, names, place};
use crate::lint::{Check, Confidence, Context, Level, Rule, Sink};

/// A member that has its own address among its peers: harmless (measured), and often a list that was copied.
pub const RULE: Rule = Rule {
    name: "unicast-self",
    level: Level::Advice,
    page: include_str!("../../../docs/rules/unicast-self.md"),
    check: Check::Claims(check),
};

fn check(context: &Context<'_>, sink: &mut Sink) {
    let system = context.system;
    let found = by_place(context, |claim| {
        let own = system.units[claim.unit].addresses.iter().map(|id| &system.addresses[*id]);
        let mut own = own.filter(|address| address.segment == claim.segment).filter_map(|address| address.ip.known());
        let own = own.find_map(|ip| claim.peers.iter().find(|peer| peer.known() == Some(ip)))?;
        Some((place(own, claim.span), own.known().copied()))
    });
    for (span, ip, who) in found {
        let ip = ip.map_or_else(String::new, |ip| format!(" {ip}"));
        sink.finding(format!("adverts of {} go to their sender as well", names(&who)))
            .confidence(Confidence::Possible)
            .label(span, format!("its own address{ip}"))
            .note("keepalived throws its own adverts away; the list of peers says one more than there are")
            .help("write no `peer` at all: then each member has the addresses of all the others")
            .emit();
    }
}
