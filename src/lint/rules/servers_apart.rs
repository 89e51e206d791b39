use rustc_hash::FxHashMap;

use crate::lint::servers::clusters;
use crate::lint::{Check, Context, Level, Rule, Sink};
use crate::system::{ConsulClaim, Id, Segment};

/// Consul servers of one cluster have to share a network.
pub const RULE: Rule = Rule {
    name: "servers-apart",
    level: Level::Error,
    page: include_str!("../../../docs/rules/servers-apart.md"),
    check: Check::Claims(check),
};

fn check(context: &Context<'_>, sink: &mut Sink) {
    let system = context.system;
    for cluster in clusters(context) {
        let segments = |claim: &ConsulClaim| {
            let addresses = system.units[claim.unit].addresses.iter();
            addresses.map(|address| system.addresses[*address].segment)
        };
        let mut on: FxHashMap<Id<Segment>, usize> = FxHashMap::default();
        for claim in &cluster.servers {
            let mut here: Vec<Id<Segment>> = segments(claim).collect();
            here.sort_unstable();
            here.dedup();
            for segment in here {
                *on.entry(segment).or_default() += 1;
            }
        }
        // The network with most servers; of equals the one that was declared first.
        let Some((main, most)) = on.iter().map(|(id, n)| (*id, *n)).max_by_key(|(id, n)| (*n, std::cmp::Reverse(*id)))
        else {
            continue;
        };
        if most == cluster.servers.len() {
            continue;
        }
        // On one host, those on the host's own network and those on one bridge of it reach each other by the host's routes.
        let host = |claim: &ConsulClaim| system.units[claim.unit].host;
        let on_host = cluster.servers.iter().filter(|claim| system.units[claim.unit].on_host_network).count();
        let one_host = cluster.servers.windows(2).all(|pair| host(pair[0]) == host(pair[1]));
        let bridged = on.iter().filter(|(id, _)| system.segments[**id].host().is_some()).map(|(_, n)| *n).max();
        if one_host && on_host > 0 && bridged.unwrap_or(0) + on_host == cluster.servers.len() {
            continue;
        }
        let label = |claim: &ConsulClaim| {
            let unit = &system.units[claim.unit];
            let host = &system.hosts[unit.host].name.value;
            let network = segments(claim).next().map(|segment| &system.segments[segment].name.value);
            let network = network.map_or_else(String::new, |name| format!("on network `{name}` "));
            (unit.name.span, format!("{network}of `{host}`"))
        };
        let (with, without): (Vec<_>, Vec<_>) =
            cluster.servers.iter().partition(|claim| segments(claim).any(|segment| segment == main));
        sink.finding(format!("the servers of `{}` share no network", cluster.name))
            .labels(without.into_iter().chain(with).map(label))
            .note(
                "each server talks to all others at their own addresses, by TCP and UDP: without a network in common \
                 they never elect a leader",
            )
            .help(
                "attach all of them to one network; between hosts that is a network without on=, on which they run with \
                 their hosts' own addresses",
            )
            .emit();
    }
}
