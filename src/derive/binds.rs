use std::net::Ipv4Addr;

use rustc_hash::FxHashMap;

use crate::system::{Id, ListenClaim, Place, Program, System, Unit};

/// On which addresses of its host each port of a unit on the host's own network listens. On a bridge a port listens on
/// all addresses of the container, and nothing of it is public before it is published; here the host's addresses are
/// the container's, so each port takes those that its readers need.
pub(super) fn binds(system: &System) -> FxHashMap<Id<ListenClaim>, Vec<Ipv4Addr>> {
    let mut asked = vec![false; system.listens.len()];
    for target in system.forwards.values().flat_map(|forward| &forward.targets) {
        asked[target.listen.index()] = true;
    }
    let mut binds = FxHashMap::default();
    for (id, claim) in system.listens.iter() {
        let unit = &system.units[claim.unit];
        if unit.on_host_network {
            let lan = lan_addresses(system, claim.unit);
            let program = system.components[unit.component].program;
            binds.insert(id, addresses(program, &claim.name, lan, asked[id.index()]));
        }
    }
    binds
}

/// The addresses of a unit on the networks between the hosts, in the order of its attachments.
fn lan_addresses(system: &System, unit: Id<Unit>) -> Vec<Ipv4Addr> {
    let claims = system.units[unit].addresses.iter().map(|claim| &system.addresses[*claim]);
    let lan = claims.filter(|claim| system.segments[claim.segment].place == Place::Lan);
    let mut addresses: Vec<Ipv4Addr> = lan.filter_map(|claim| claim.ip.known().copied()).collect();
    addresses.dedup();
    addresses
}

/// Where the port `name` of `program` listens; `asked`: somebody is told to connect there.
fn addresses(program: Program, name: &str, lan: Vec<Ipv4Addr>, asked: bool) -> Vec<Ipv4Addr> {
    let with_local = |mut lan: Vec<Ipv4Addr>| {
        lan.insert(0, Ipv4Addr::LOCALHOST);
        lan
    };
    match (program, name) {
        // RabbitMQ's plugins listen on one address each.
        (Program::Rabbitmq, "management" | "prometheus") => {
            lan.into_iter().next().filter(|_| asked).map_or_else(|| vec![Ipv4Addr::LOCALHOST], |ip| vec![ip])
        }
        // What is only asked from outside. (Of several networks, Erlang's distribution is on the one that all brokers share.)
        (Program::Rabbitmq, "dist" | "health") | (Program::Consul, "server" | "serf" | "serf-wan") => lan,
        (Program::Haproxy, "stats") if !asked => vec![Ipv4Addr::LOCALHOST],
        (Program::Rabbitmq | Program::Consul, _) | (Program::Haproxy, "stats") => with_local(lan),
        // Where clients come in: also on a VIP, which is here at one time and there at another.
        (Program::Haproxy | Program::Nginx | Program::Application, _) => vec![Ipv4Addr::UNSPECIFIED],
    }
}
