use std::collections::BTreeMap;
use std::net::Ipv4Addr;

use crate::lint::members::{name_of, names, place};
use crate::lint::{Check, Context, Level, Rule, Sink};
use crate::source::Span;
use crate::system::{Id, Segment};

/// An address has to lie in the subnet of its network.
pub const RULE: Rule = Rule {
    name: "address-outside-subnet",
    level: Level::Error,
    page: include_str!("../../../docs/rules/address-outside-subnet.md"),
    check: Check::Claims(check),
};

/// Where an address stands, and which.
type Place = (Id<Segment>, Span, Ipv4Addr);

fn check(context: &Context<'_>, sink: &mut Sink) {
    let system = context.system;
    let mut outside: BTreeMap<Place, (&'static str, Vec<&str>)> = BTreeMap::new();
    let strange = |segment: Id<Segment>, ip: &Ipv4Addr| {
        system.segments[segment].subnet.known().is_some_and(|subnet| !subnet.contains(ip))
    };
    for claim in system.addresses.values() {
        let unit = &system.units[claim.unit];
        if let Some(ip) = claim.ip.known().filter(|ip| strange(claim.segment, ip)) {
            let key = (claim.segment, place(&claim.ip, unit.name.span), *ip);
            outside.entry(key).or_insert(("the address", Vec::new())).1.push(&unit.name.value);
        }
    }
    for claim in system.vrrps.values() {
        for vip in &claim.vips {
            if let Some(ip) = vip.known().filter(|ip| strange(claim.segment, ip)) {
                let key = (claim.segment, place(vip, claim.span), *ip);
                outside.entry(key).or_insert(("the VIP", Vec::new())).1.push(name_of(system, claim));
            }
        }
    }
    for (id, segment) in system.segments.iter() {
        if let Some(ip) = segment.gateway.known().filter(|ip| strange(id, ip)) {
            let key = (id, place(&segment.gateway, segment.name.span), *ip);
            outside.entry(key).or_insert(("the gateway", Vec::new()));
        }
        if let (Some(pool), Some(subnet)) = (segment.pool.known(), segment.subnet.known())
            && !subnet.contains(pool)
        {
            let key = (id, place(&segment.pool, segment.name.span), pool.network());
            outside.entry(key).or_insert(("the pool", Vec::new()));
        }
    }
    for ((id, span, ip), (what, who)) in outside {
        let segment = &system.segments[id];
        let Some(subnet) = segment.subnet.known() else { continue };
        let network = &segment.name.value;
        let lan = segment.host().is_none();
        let of = if who.is_empty() { String::new() } else { format!(" of {}", names(&who)) };
        let note = match what {
            "the VIP" => "keepalived accepts it, but nobody on that network asks for such an address: connections time out",
            _ if lan => "the program binds to an address that its machine does not have there, and does not start",
            _ => "Docker refuses it when the containers are made, after the files were accepted",
        };
        sink.finding(format!("{what}{of} is outside network `{network}`: {ip} is not in {subnet}"))
            .label(span, format!("not in {subnet}"))
            .label(place(&segment.subnet, segment.name.span), format!("the subnet of `{network}`"))
            .note(note)
            .help(match what {
                "the VIP" => format!("take an address of {subnet}, or attach the component to the network that has it"),
                _ if lan => format!("write the address of {subnet} that the machine has, or leave it out: then it is its host's"),
                _ => format!("take an address of {subnet}, or leave it out: then one is chosen and kept"),
            })
            .emit();
    }
}
