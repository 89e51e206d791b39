use std::collections::BTreeMap;

use crate::lint::members::{name_of, names, place};
use crate::lint::{Check, Confidence, Context, Level, Rule, Sink};
use crate::source::Span;
use crate::system::{Fact, VrrpClaim};
use crate::topology::Tracked;

/// A container on bridges has the interfaces eth0, eth1, …, one a network, and no other.
pub const RULE: Rule = Rule {
    name: "interface-unknown",
    level: Level::Error,
    page: include_str!("../../../docs/rules/interface-unknown.md"),
    check: Check::Claims(check),
};

fn check(context: &Context<'_>, sink: &mut Sink) {
    let system = context.system;
    let mut found: BTreeMap<(Span, &str, usize, bool), Vec<&str>> = BTreeMap::new();
    for claim in system.vrrps.values() {
        let unit = &system.units[claim.unit];
        // What a machine's own interfaces are called nobody says here.
        if unit.on_host_network {
            continue;
        }
        let networks = unit.addresses.len();
        for (fact, speaks) in interfaces(claim) {
            let Some(name) = fact.known() else { continue };
            let number = name.strip_prefix("eth").and_then(|number| number.parse::<usize>().ok());
            let there = name == "lo" || number.is_some_and(|number| number < networks);
            // Which network is which number is Docker's affair; what is only tracked may be any of them.
            if !there || (speaks && networks > 1) {
                let key = (place(fact, claim.span), name.as_str(), networks, there);
                found.entry(key).or_default().push(name_of(system, claim));
            }
        }
    }
    for ((span, name, networks, there), who) in found {
        let last = networks.saturating_sub(1);
        let draft = if there {
            sink.finding(format!("`{name}` of {} is one of {networks} networks, and nobody says which", names(&who)))
                .level(Level::Warning)
                .confidence(Confidence::Likely)
                .label(span, "Docker numbers them as it likes")
                .note("adverts and the VIP may be on the wrong network, where no other member hears them: both hold the address")
        } else {
            let has = if last == 0 { "eth0 alone".to_owned() } else { format!("eth0 to eth{last}") };
            sink.finding(format!("there is no interface `{name}` at {}", names(&who)))
                .label(span, format!("a container on {networks} bridges has {has}"))
                .note("keepalived ends with \"Non-existent interface specified in configuration\", and the container starts again and again")
        };
        draft.help("leave interface= out: it is found at start by the member's address").emit();
    }
}

/// The interfaces that a member names, and whether it speaks there.
fn interfaces(claim: &VrrpClaim) -> impl Iterator<Item = (&Fact<String>, bool)> {
    let tracked = claim.tracks.iter().filter(|track| track.what == Tracked::Interface);
    std::iter::once((&claim.interface, true)).chain(tracked.map(|track| (&track.name, false)))
}
