use std::collections::BTreeSet;

use crate::lint::members::place;
use crate::lint::{Check, Context, Level, Rule, Sink};
use crate::system::Program;

/// Ports by which brokers talk to each other, for everybody.
pub const RULE: Rule = Rule {
    name: "inter-node-port-published",
    level: Level::Warning,
    page: include_str!("../../../docs/rules/inter-node-port-published.md"),
    check: Check::Claims(check),
};

fn check(context: &Context<'_>, sink: &mut Sink) {
    let system = context.system;
    // One line speaks for all nodes.
    let mut seen = BTreeSet::new();
    for claim in system.publishes.values() {
        let unit = &system.units[claim.unit];
        let port = &system.listens[claim.listen].name;
        let what = match (system.components[unit.component].program, port.as_str()) {
            (Program::Rabbitmq, "dist") => "whoever has the cookie runs programs of their choice in the broker through it",
            (Program::Rabbitmq, "epmd") => "it tells everybody which Erlang nodes run here and on which ports, and lets them be taken off its list",
            _ => continue,
        };
        // On the host's own network Docker ignores it, which is another rule's business.
        if unit.on_host_network || claim.bind.known().is_none_or(std::net::Ipv4Addr::is_loopback) || !seen.insert(claim.span) {
            continue;
        }
        sink.finding(format!("port `{port}` of `{}` is open to other machines", unit.name.value))
            .label(place(&claim.bind, claim.span), "not only for this machine")
            .note(format!(
                "{what}; and brokers on other hosts cannot use it, for they look for each other at their own addresses"
            ))
            .help(
                "leave it out: brokers on one network reach each other without. Between hosts attach them to a network \
                 without on=",
            )
            .emit();
    }
}
