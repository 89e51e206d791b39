use std::collections::BTreeSet;
use std::net::Ipv4Addr;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::derive::Group;
use crate::lint::members::{Places, name_of, names, place, vip_words};
use crate::lint::{Check, Context, Level, Rule, Sink};
use crate::source::Span;
use crate::system::{System, VrrpClaim};

/// Members of a VIP have to send their adverts to each other.
pub const RULE: Rule = Rule {
    name: "unicast-mismatch",
    level: Level::Error,
    page: include_str!("../../../docs/rules/unicast-mismatch.md"),
    check: Check::Claims(check),
};

/// What happens where one does not hear the other.
const SPLIT: &str = "a member that hears no adverts takes itself for the only one: two machines hold the address, and \
                     connections go now here, now there";

fn check(context: &Context<'_>, sink: &mut Sink) {
    let system = context.system;
    for group in context.groups().filter(|group| group.members.len() > 1) {
        let claims = group.members.iter().map(|id| &system.vrrps[*id]);
        // One that is not on the VIP's network is another rule's.
        let claims: Vec<&VrrpClaim> = claims.filter(|claim| !addresses(system, claim).is_empty()).collect();
        let unicast = claims.iter().filter(|claim| !claim.peers.is_empty()).count();
        if unicast == claims.len() {
            one_sided(context, group, &claims, sink);
        } else if unicast > 0 {
            mixed(context, group, &claims, sink);
        }
    }
}

/// Some send by unicast, others by multicast.
fn mixed(context: &Context<'_>, group: &Group<VrrpClaim>, claims: &[&VrrpClaim], sink: &mut Sink) {
    let system = context.system;
    let (with, without): (Vec<&VrrpClaim>, Vec<&VrrpClaim>) = claims.iter().partition(|claim| !claim.peers.is_empty());
    let mut places = (Places::new(), Places::new());
    for claim in &with {
        places.0.add(peers_at(claim), name_of(system, claim));
    }
    for claim in &without {
        places.1.add(claim.span, name_of(system, claim));
    }
    let unicast = places.0.labels(|who| format!("{}: unicast", names(who)));
    let multicast = places.1.labels(|who| format!("{}: multicast", names(who)));
    // First those that say something else than what is chosen there.
    let lan = claims.iter().any(|claim| system.segments[claim.segment].host().is_none());
    let (odd, usual) = if lan { (multicast, unicast) } else { (unicast, multicast) };
    let labels = odd.into_iter().chain(usual);
    let mut seen = FxHashSet::default();
    let who = |claims: &[&VrrpClaim]| names(&claims.iter().map(|claim| name_of(system, claim)).collect::<Vec<_>>());
    sink.finding(format!("members of {} speak past each other: {} by unicast, {} by multicast", vip_words(context, group), who(&with), who(&without)))
        .labels(labels.filter(|(span, _)| seen.insert(*span)))
        .note(SPLIT)
        .help("say unicast=#true or unicast=#false once, for the whole VIP")
        .emit();
}

/// All send by unicast; one does not send to all the others.
fn one_sided(context: &Context<'_>, group: &Group<VrrpClaim>, claims: &[&VrrpClaim], sink: &mut Sink) {
    let system = context.system;
    let mut owners: FxHashMap<Ipv4Addr, Vec<usize>> = FxHashMap::default();
    for (n, claim) in claims.iter().enumerate() {
        for ip in addresses(system, claim) {
            owners.entry(ip).or_default().push(n);
        }
    }
    for (n, claim) in claims.iter().enumerate() {
        let peers = claim.peers.iter().filter_map(|peer| peer.known());
        // A peer that is nobody's is another rule's, and the reason why somebody is missing here.
        if peers.clone().any(|peer| !owners.contains_key(peer)) {
            continue;
        }
        let mut told: FxHashSet<usize> = peers.flat_map(|peer| &owners[peer]).copied().collect();
        told.insert(n);
        told.extend(addresses(system, claim).iter().flat_map(|own| &owners[own]));
        let missing: Vec<&VrrpClaim> =
            (0..claims.len()).filter(|other| !told.contains(other)).map(|other| claims[other]).take(4).collect();
        if missing.is_empty() {
            continue;
        }
        let name = name_of(system, claim);
        let who: Vec<&str> = missing.iter().map(|claim| name_of(system, claim)).collect();
        let mut labels = vec![(peers_at(claim), format!("the peers of `{name}`"))];
        labels.extend(missing.iter().map(|claim| (claim.span, format!("`{}`", name_of(system, claim)))));
        let mut seen = FxHashSet::default();
        let those: Vec<String> =
            missing.iter().filter_map(|claim| addresses(system, claim).first().map(|ip| format!("`peer \"{ip}\"`"))).collect();
        sink.finding(format!("`{name}` sends no adverts of {} to {}", vip_words(context, group), names(&who)))
            .labels(labels.into_iter().filter(|(span, _)| seen.insert(*span)))
            .note(SPLIT)
            .help(format!("add {}; or write no `peer` at all: then each member has all the others", crate::lint::members::list(those)))
            .emit();
    }
}

/// The addresses under which a member is told: its own on the VIP's network, and the one from which it sends.
fn addresses(system: &System, claim: &VrrpClaim) -> BTreeSet<Ipv4Addr> {
    let own = system.units[claim.unit].addresses.iter().map(|id| &system.addresses[*id]);
    let own = own.filter(|address| address.segment == claim.segment).filter_map(|address| address.ip.known());
    own.chain(claim.source.known()).copied().collect()
}

/// Where the peers of a member are said.
fn peers_at(claim: &VrrpClaim) -> Span {
    claim.peers.first().map_or(claim.span, |peer| place(peer, claim.span))
}
