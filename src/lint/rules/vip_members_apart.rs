use rustc_hash::FxHashMap;

use crate::lint::members::{Places, name_of, names, vip_words};
use crate::lint::{Check, Context, Level, Rule, Sink};
use crate::source::Span;
use crate::system::{Host, Id, Segment, System, VrrpClaim};

/// Members of a VIP have to stand on its network, each on a machine of its own where that is the hosts'.
pub const RULE: Rule = Rule {
    name: "vip-members-apart",
    level: Level::Error,
    page: include_str!("../../../docs/rules/vip-members-apart.md"),
    check: Check::Claims(check),
};

fn check(context: &Context<'_>, sink: &mut Sink) {
    let system = context.system;
    for group in context.groups() {
        let claims: Vec<&VrrpClaim> = group.members.iter().map(|id| &system.vrrps[*id]).collect();
        let (here, away): (Vec<&VrrpClaim>, Vec<&VrrpClaim>) = claims.into_iter().partition(|claim| is_there(system, claim));
        let vip = vip_words(context, group);
        if let Some(claim) = away.first() {
            let segment = &system.segments[claim.segment];
            let network = &segment.name.value;
            let labels = places(system, &away).into_iter().chain(places(system, &here));
            let what = match segment.host() {
                Some(host) => format!("a bridge of host `{}`", system.hosts[host].name.value),
                None => "a network between the hosts".to_owned(),
            };
            let (plural, who) = (if away.len() == 1 { "is" } else { "are" }, away.iter().map(|claim| name_of(system, claim)));
            sink.finding(format!("{vip} is on network `{network}`, {} {plural} not", names(&who.collect::<Vec<_>>())))
                .labels(labels)
                .label(segment.name.span, what)
                .note("a VIP moves on one network, on which its members hear each other; one on another network can never hold it")
                .help(
                    "attach all members to one network; for members on several hosts that is one without on=, on which they run \
                     with their hosts' own addresses, and the VIP is one of its addresses",
                )
                .emit();
        }
        if let Some(first) = here.first().filter(|claim| system.segments[claim.segment].host().is_none()) {
            one_machine(system, &here, &vip, first.segment, sink);
        }
    }
}

/// On the network between the hosts: members that run on one machine.
fn one_machine(system: &System, members: &[&VrrpClaim], vip: &str, segment: Id<Segment>, sink: &mut Sink) {
    let mut on: FxHashMap<Id<Host>, Vec<&VrrpClaim>> = FxHashMap::default();
    for claim in members {
        on.entry(system.units[claim.unit].host).or_default().push(claim);
    }
    let mut crowded: Vec<(Id<Host>, Vec<&VrrpClaim>)> = on.into_iter().filter(|(_, members)| members.len() > 1).collect();
    crowded.sort_by_key(|(host, _)| *host);
    for (host, members) in crowded {
        let (host, network) = (&system.hosts[host].name.value, &system.segments[segment].name.value);
        let who: Vec<&str> = members.iter().map(|claim| name_of(system, claim)).collect();
        sink.finding(format!("{} are members of {vip} on one host, `{host}`", names(&who)))
            .labels(places(system, &members))
            .note(format!(
                "on `{network}` both have the host's address and its interface: they do not hear each other, both hold the VIP, \
                 and the first that ends takes it away from the other"
            ))
            .help("one member a host; for two on one host, put them on a bridge, with the VIP there")
            .emit();
    }
}

/// Whether a member is attached to the network of its VIP.
fn is_there(system: &System, claim: &VrrpClaim) -> bool {
    let addresses = &system.units[claim.unit].addresses;
    addresses.iter().any(|id| system.addresses[*id].segment == claim.segment)
}

fn places(system: &System, claims: &[&VrrpClaim]) -> Vec<(Span, String)> {
    let mut places = Places::new();
    let mut at: FxHashMap<Span, String> = FxHashMap::default();
    for claim in claims {
        let unit = &system.units[claim.unit];
        let host = &system.hosts[unit.host].name.value;
        let own = unit.addresses.iter().map(|id| system.addresses[*id].segment);
        let network = own.clone().find(|segment| *segment == claim.segment).or_else(|| own.clone().next());
        let network = network.map_or_else(String::new, |id| format!("on `{}` of ", system.segments[id].name.value));
        at.entry(unit.name.span).or_insert_with(|| format!("{network}host `{host}`"));
        places.add(unit.name.span, &unit.name.value);
    }
    let labels = places.labels(|who| names(who)).into_iter();
    labels.map(|(span, who)| (span, at.get(&span).map_or_else(|| who.clone(), |at| format!("{who}: {at}")))).collect()
}
