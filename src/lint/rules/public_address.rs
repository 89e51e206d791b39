use std::net::Ipv4Addr;

use crate::lint::members::place;
use crate::lint::rules::public_subnet::is_public;
use crate::lint::{Check, Confidence, Context, Level, Rule, Sink};

/// A host address that belongs to somebody on the Internet. A machine may have one; beside private ones, and a digit away from
/// the private part of 172, it is a slip.
pub const RULE: Rule = Rule {
    name: "public-address",
    level: Level::Warning,
    page: include_str!("../../../docs/rules/public-address.md"),
    check: Check::Claims(check),
};

fn check(context: &Context<'_>, sink: &mut Sink) {
    let hosts = || context.system.hosts.values().filter_map(|host| Some((host, *host.address.known()?)));
    let public = |ip: Ipv4Addr| {
        let usable = !ip.is_loopback() && !ip.is_unspecified() && !ip.is_multicast() && !ip.is_broadcast();
        usable && is_public(ip.into())
    };
    let private = hosts().find(|(_, ip)| ip.is_private());
    for (host, ip) in hosts().filter(|(_, ip)| public(*ip)) {
        let near = ip.octets()[0] == 172 || (ip.octets()[0] == 192 && ip.octets()[1].abs_diff(168) < 10);
        let slip = near && private.is_some();
        let mut draft = sink
            .finding(format!("host `{}` has a public address: {ip}", host.name.value))
            .confidence(if slip { Confidence::Likely } else { Confidence::Possible })
            .label(place(&host.address, host.name.span), if near { "the private parts are 172.16 to 172.31 and 192.168" } else { "not a private range" });
        if let Some((other, ip)) = private.filter(|_| slip) {
            draft = draft.label(place(&other.address, other.name.span), format!("host `{}` is {ip}, a private address", other.name.value));
        }
        draft
            .note("if the machine has it, all that is published there is on the Internet; if it has not, the others connect to a stranger")
            .help("write the address that the machine has on the network between the hosts")
            .emit();
    }
}
