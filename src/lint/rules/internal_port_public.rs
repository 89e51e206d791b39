use std::collections::BTreeSet;

use crate::lint::members::place;
use crate::lint::proxies::program;
use crate::lint::{Check, Context, Level, Rule, Sink};
use crate::system::Program;

/// What brokers need among themselves, published: whoever guesses or has the cookie runs programs through the
/// distribution port (rabbitmq.com, "Clustering": "Erlang cookie"); and no broker is found through it, since epmd
/// names the ports inside.
pub const RULE: Rule = Rule {
    name: "internal-port-public",
    level: Level::Warning,
    page: include_str!("../../../docs/rules/internal-port-public.md"),
    check: Check::Claims(check),
};

fn check(context: &Context<'_>, sink: &mut Sink) {
    let system = context.system;
    let mut seen = BTreeSet::new();
    for claim in system.publishes.values() {
        let listen = &system.listens[claim.listen];
        let unit = &system.units[claim.unit];
        let internal = ["epmd", "dist"].contains(&listen.name.as_str());
        let local = claim.bind.known().is_none_or(std::net::Ipv4Addr::is_loopback);
        if program(system, claim.unit) != Program::Rabbitmq
            || !internal
            || local
            || unit.on_host_network
            || !seen.insert(claim.span)
        {
            continue;
        }
        sink.finding(format!(
            "port `{}` of `{}` is only for brokers, and other machines reach it",
            listen.name, unit.name.value
        ))
        .label(place(&claim.bind, claim.span), "not on the brokers' own network alone")
        .note("whoever has the cookie, from a backup or by trying, runs any program on the broker through it; and brokers of \
                 other hosts cannot use it: they are told addresses and ports of the container")
        .help("remove it; brokers of several hosts belong on the network between the hosts (a network without on=)")
        .emit();
    }
}
