use std::collections::BTreeMap;

use crate::lint::members::{name_of, names, place};
use crate::lint::{Check, Context, Level, Rule, Sink};
use crate::system::{System, VrrpClaim};

/// Priorities are 1 to 254; 0 and 255 mean something else.
pub const RULE: Rule = Rule {
    name: "priority-out-of-range",
    level: Level::Error,
    page: include_str!("../../../docs/rules/priority-out-of-range.md"),
    check: Check::Claims(check),
};

fn check(context: &Context<'_>, sink: &mut Sink) {
    let system = context.system;
    let mut wrong: BTreeMap<_, Vec<&str>> = BTreeMap::new();
    for claim in system.vrrps.values() {
        let Some(priority) = claim.priority.known().filter(|priority| !(1..=254).contains(*priority)) else { continue };
        if *priority != 255 || !owns_its_vip(system, claim) {
            wrong.entry((place(&claim.priority, claim.span), *priority)).or_default().push(name_of(system, claim));
        }
    }
    for ((span, priority), who) in wrong {
        let (label, note) = match priority {
            255 => (
                "only for a member whose own address is the VIP",
                "255 says \"this address is mine\": the member ignores the weight of its check and nopreempt, and \
                 takes the VIP at every start",
            ),
            _ => ("1 to 254", "keepalived uses 100 instead: two such members are a tie"),
        };
        sink.finding(format!("{} cannot have priority {priority}", names(&who)))
            .label(span, label)
            .note(note)
            .help("write a number from 1 to 254, the preferred member the highest, or leave it out")
            .emit();
    }
}

/// Whether the member has one of its virtual addresses as its own.
fn owns_its_vip(system: &System, claim: &VrrpClaim) -> bool {
    let own = system.units[claim.unit].addresses.iter().map(|id| &system.addresses[*id]);
    let mut own = own.filter(|address| address.segment == claim.segment).filter_map(|address| address.ip.known());
    own.any(|ip| claim.vips.iter().any(|vip| vip.known() == Some(ip)))
}
