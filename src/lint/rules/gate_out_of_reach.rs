use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use crate::derive::Way;
use crate::lint::members::{Places, names};
use crate::lint::proxies::{is_amqp, next, proxies};
use crate::lint::{Check, Context, Level, Rule, Sink};
use crate::system::{ForwardClaim, Id, PublishClaim, Unit};
use crate::topology::CheckKind;

/// Brokers behind another host's published port, whose gate is not published: what is left is to open a connection,
/// which a broker that serves alone passes.
pub const RULE: Rule = Rule {
    name: "gate-out-of-reach",
    level: Level::Warning,
    page: include_str!("../../../docs/rules/gate-out-of-reach.md"),
    check: Check::Claims(check),
};

fn check(context: &Context<'_>, sink: &mut Sink) {
    let system = context.system;
    let mut gates: FxHashMap<Id<Unit>, Vec<&PublishClaim>> = FxHashMap::default();
    for claim in system.publishes.values().filter(|claim| system.listens[claim.listen].name == "health") {
        gates.entry(claim.unit).or_default().push(claim);
    }
    let mut outside: BTreeMap<Id<ForwardClaim>, Vec<Id<Unit>>> = BTreeMap::new();
    for route in &context.derived.routes {
        let Way::Published { ip, .. } = &route.way else { continue };
        let unit = system.listens[system.forwards[route.forward].targets[route.target].listen].unit;
        let reachable =
            |gate: &&PublishClaim| gate.bind.known().is_some_and(|bind| bind == ip || bind.is_unspecified());
        if !gates.get(&unit).into_iter().flatten().any(reachable) {
            outside.entry(route.forward).or_default().push(unit);
        }
    }
    for proxy in proxies(context) {
        // What is asked for and cannot be had is an error already.
        let gate = proxy
            .check
            .as_ref()
            .map(|probe| &probe.kind)
            .filter(|kind| kind.known() == Some(&CheckKind::Member) && !kind.is_written());
        if gate.is_none() || !next(system, proxy).is_some_and(|(_, listen)| is_amqp(system, listen)) {
            continue;
        }
        let Some(units) = outside.get(&proxy.forward) else { continue };
        let mut places = Places::new();
        for unit in units {
            places.add(system.units[*unit].name.span, &system.units[*unit].name.value);
        }
        let name = &system.listens[proxy.listen].name;
        sink.finding(format!("`{name}` cannot ask its brokers whether they are members"))
            .label(system.forwards[proxy.forward].to.span, "reached through published ports of another host")
            .labels(places.labels(|who| format!("{}: port `health` is not published", names(who))))
            .note("it opens a connection instead, which a broker that runs alone after a wrong cookie or a paused one passes: a part of \
                 the clients talks to an empty broker")
            .help("write publish \"health\" bind=\"…\" at each of them, or kind=\"tcp\" at the check if that is what you want")
            .emit();
    }
}
