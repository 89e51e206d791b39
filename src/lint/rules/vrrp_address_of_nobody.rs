use std::net::Ipv4Addr;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::lint::members::{list, name_of, place, vip_words};
use crate::lint::{Check, Context, Level, Rule, Sink};
use crate::system::{Coverage, Fact, Id, System, Unit, VrrpClaim};

/// Unicast peers and sources have to be members' addresses.
pub const RULE: Rule = Rule {
    name: "vrrp-address-of-nobody",
    level: Level::Error,
    page: include_str!("../../../docs/rules/vrrp-address-of-nobody.md"),
    check: Check::Claims(check),
};

fn check(context: &Context<'_>, sink: &mut Sink) {
    let system = context.system;
    let mut owners: FxHashMap<Ipv4Addr, Id<Unit>> = FxHashMap::default();
    for claim in system.addresses.values() {
        if let Some(ip) = claim.ip.known() {
            owners.entry(*ip).or_insert(claim.unit);
        }
    }
    for group in context.groups().filter(|group| group.coverage == Coverage::Closed) {
        let claims: Vec<&VrrpClaim> = group.members.iter().map(|id| &system.vrrps[*id]).collect();
        let own = claims.iter().flat_map(|claim| own_addresses(system, claim));
        let members: FxHashSet<Ipv4Addr> = own.chain(claims.iter().filter_map(|claim| claim.source.known().copied())).collect();
        let vip = vip_words(context, group);
        for claim in claims {
            let name = name_of(system, claim);
            let strange = claim.peers.iter().filter(|peer| peer.is_written());
            for (peer, ip) in strange.filter_map(|peer| Some((peer, *peer.known()?))).filter(|(_, ip)| !members.contains(ip)) {
                let whose = whose(system, &owners, ip);
                sink.finding(format!("`{name}` sends adverts of {vip} to {ip}, which is no member's address"))
                    .label(place(peer, claim.span), whose)
                    .note("the member that was meant hears nothing, takes itself for the only one, and two hold the address")
                    .help("write no `peer` at all: then each member has the addresses of all the others")
                    .emit();
            }
            if let Some(ip) = foreign_source(system, &owners, claim) {
                let own: Vec<Ipv4Addr> = own_addresses(system, claim).collect();
                sink.finding(format!("`{name}` sends adverts of {vip} from {ip}, which is not its address"))
                    .label(place(&claim.source, claim.span), whose(system, &owners, ip))
                    .note("keepalived cannot send from an address that is not there, or members take its adverts for another's")
                    .help(format!("leave `source=` out: then it is the member's own, {}", list(own)))
                    .emit();
            }
        }
    }
}

/// The addresses of a member on the network of its VIP.
fn own_addresses<'a>(system: &'a System, claim: &'a VrrpClaim) -> impl Iterator<Item = Ipv4Addr> + 'a {
    let own = system.units[claim.unit].addresses.iter().map(|id| &system.addresses[*id]);
    own.filter(|address| address.segment == claim.segment).filter_map(|address| address.ip.known().copied())
}

/// A written source that a member does not have. A machine may have addresses that nobody declared; a container on a
/// bridge has none.
fn foreign_source(system: &System, owners: &FxHashMap<Ipv4Addr, Id<Unit>>, claim: &VrrpClaim) -> Option<Ipv4Addr> {
    let ip = *written(&claim.source)?;
    let unit = &system.units[claim.unit];
    let own = unit.addresses.iter().any(|id| system.addresses[*id].ip.known() == Some(&ip));
    let elsewhere = owners.get(&ip).is_some_and(|owner| system.units[*owner].host != unit.host);
    (!own && (!unit.on_host_network || elsewhere)).then_some(ip)
}

fn written<T>(fact: &Fact<T>) -> Option<&T> {
    fact.known().filter(|_| fact.is_written())
}

fn whose(system: &System, owners: &FxHashMap<Ipv4Addr, Id<Unit>>, ip: Ipv4Addr) -> String {
    match owners.get(&ip) {
        Some(unit) if system.units[*unit].on_host_network => {
            format!("the address of host `{}`", system.hosts[system.units[*unit].host].name.value)
        }
        Some(unit) => format!("the address of `{}`", system.units[*unit].name.value),
        None => "nobody has this address".to_owned(),
    }
}
