use std::collections::{BTreeMap, BTreeSet};

use rustc_hash::FxHashSet;

use crate::lint::{Check, Context, Level, Rule, Sink};
use crate::system::{Component, Coverage, Id, Program, Unit};

/// One proxy, or one Consul server, before several of something. Of a topology of one host nothing is said, as with
/// `spof-host`.
pub const RULE: Rule = Rule {
    name: "spof-entry",
    level: Level::Warning,
    page: include_str!("../../../docs/rules/spof-entry.md"),
    check: Check::Claims(check),
};

fn check(context: &Context<'_>, sink: &mut Sink) {
    let system = context.system;
    if system.hosts.len() < 2 || !matches!(system.coverage, Coverage::Closed) {
        return;
    }
    let component = |unit: Id<Unit>| system.units[unit].component;
    // Of a balancer with a VIP of its own single-member-vip speaks.
    let holders: FxHashSet<Id<Unit>> = system.vrrps.values().map(|claim| claim.unit).collect();
    // Who stands before whom; and who keeps the registry that others read.
    let mut before: BTreeMap<Id<Component>, BTreeSet<Id<Unit>>> = BTreeMap::new();
    for forward in system.forwards.values().filter(|forward| forward.listen.is_some()) {
        for to in forward.targets.iter().map(|target| component(system.listens[target.listen].unit)) {
            before.entry(to).or_default().insert(forward.unit);
        }
    }
    let mut alone: BTreeMap<Id<Component>, BTreeSet<Id<Component>>> = BTreeMap::new();
    for (behind, proxies) in &before {
        if let (Some(proxy), 1) = (proxies.first(), proxies.len())
            && system.components[*behind].units.len() > 1
            && !holders.contains(proxy)
        {
            alone.entry(component(*proxy)).or_default().insert(*behind);
        }
    }
    for claim in system.registers.values() {
        if let [_] = system.components[claim.registry].units.as_slice() {
            alone.entry(claim.registry).or_default().insert(component(claim.unit));
        }
    }
    for (entry, behind) in alone {
        let entry = &system.components[entry];
        let Some(unit) = entry.units.first().map(|unit| &system.units[*unit].name.value) else { continue };
        let consul = entry.program == Program::Consul;
        let (message, note, help) = if consul {
            (
                format!("`{}` is the only Consul server", entry.name.value),
                "when that server or its host dies, nobody registers any more, and proxies go on with what they knew last",
                "declare three servers, on hosts that do not fail together; or allow it here and say why",
            )
        } else {
            (
                format!("`{unit}` alone leads to several others"),
                "when that one or its host dies, nobody gets to those behind it, however many of them there are",
                "declare a second node on another host, or let clients come to the VIP itself; or allow it here and say why",
            )
        };
        let labels = behind.into_iter().take(4).map(|id| {
            let behind = &system.components[id];
            let what = if consul { "registers there".to_owned() } else { format!("{} nodes behind it", behind.units.len()) };
            (behind.name.span, format!("`{}`: {what}", behind.name.value))
        });
        sink.finding(message).label(entry.name.span, "one node").labels(labels).note(note).help(help).emit();
    }
}
