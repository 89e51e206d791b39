use rustc_hash::FxHashSet;

use crate::lint::members::place;
use crate::lint::{Check, Confidence, Context, Fix, Level, Rule, Sink};
use crate::system::Program;

/// Consul's store, open for everybody to write.
pub const RULE: Rule = Rule {
    name: "consul-api-public",
    level: Level::Warning,
    page: include_str!("../../../docs/rules/consul-api-public.md"),
    check: Check::Claims(check),
};

fn check(context: &Context<'_>, sink: &mut Sink) {
    let system = context.system;
    // Ports to which something on another host connects.
    let needed: FxHashSet<_> = system
        .forwards
        .values()
        .flat_map(|forward| forward.targets.iter().map(move |target| (forward.unit, target.listen)))
        .filter(|(unit, listen)| system.units[*unit].host != system.units[system.listens[*listen].unit].host)
        .map(|(_, listen)| listen)
        .collect();
    for claim in system.publishes.values() {
        let unit = &system.units[claim.unit];
        let is = system.components[unit.component].program == Program::Consul && system.listens[claim.listen].name == "http";
        if !is || unit.on_host_network || claim.bind.known().is_none_or(|bind| !bind.is_unspecified()) {
            continue;
        }
        let needed = needed.contains(&claim.listen);
        sink.finding(format!("everybody who reaches the host may write into the store of `{}`", unit.name.value))
            .confidence(if needed { Confidence::Possible } else { Confidence::Likely })
            .label(place(&claim.bind, claim.span), "all addresses, and Consul asks nobody who they are")
            .note(
                "one request puts a server of somebody else's behind your name, or takes all of yours away; Docker's own rules \
                 stand before those of ufw and firewalld",
            )
            .help(if needed {
                "let a firewall that Docker does not pass by (the DOCKER-USER chain) admit the hosts of the instances, and nobody else"
            } else {
                "nobody on another host needs it: write bind=\"127.0.0.1\", or leave the publish out"
            })
            .fix((claim.bind.is_written() && !needed).then(|| Fix {
                title: "publish it for this machine alone".to_owned(),
                safe: false,
                edits: vec![(claim.bind.span(), "\"127.0.0.1\"".to_owned())],
            }))
            .emit();
    }
}
