use std::collections::BTreeMap;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::lint::members::{names, place, vip_words};
use crate::lint::{Check, Confidence, Context, Level, Rule, Sink};
use crate::source::Span;
use crate::system::{Component, Id, ListenClaim, Unit};

/// A way to one balancer where a VIP leads to whichever lives.
pub const RULE: Rule = Rule {
    name: "vip-bypassed",
    level: Level::Warning,
    page: include_str!("../../../docs/rules/vip-bypassed.md"),
    check: Check::Claims(check),
};

fn check(context: &Context<'_>, sink: &mut Sink) {
    let system = context.system;
    let mut vips: FxHashMap<Id<Unit>, (Span, String)> = FxHashMap::default();
    let mut balanced: FxHashSet<Id<Component>> = FxHashSet::default();
    for group in context.groups().filter(|group| group.members.len() > 1) {
        let words = vip_words(context, group);
        for claim in group.members.iter().map(|id| &system.vrrps[*id]) {
            let at = claim.vips.first().map_or(claim.span, |vip| place(vip, claim.span));
            vips.entry(claim.unit).or_insert_with(|| (at, words.clone()));
            balanced.insert(system.units[claim.unit].component);
        }
    }
    let services: FxHashSet<Id<ListenClaim>> = system.forwards.values().filter_map(|forward| forward.listen).collect();
    let mut published: BTreeMap<Span, Vec<Id<Unit>>> = BTreeMap::new();
    for publish in system.publishes.values().filter(|publish| services.contains(&publish.listen)) {
        // What the host alone can reach is for looking after the balancer.
        let public = publish.bind.known().is_some_and(|bind| !bind.is_loopback());
        if public && vips.contains_key(&publish.unit) && !system.units[publish.unit].on_host_network {
            published.entry(publish.span).or_default().push(publish.unit);
        }
    }
    for (span, units) in published {
        let Some((at, vip)) = units.first().and_then(|unit| vips.get(unit)) else { continue };
        let who: Vec<&str> = units.iter().map(|unit| system.units[*unit].name.value.as_str()).collect();
        sink.finding(format!("a port of the host leads to {} and goes around {vip}", names(&who)))
            .confidence(Confidence::Likely)
            .label(span, "leads to one balancer, alive or dead")
            .label(*at, vip.clone())
            .note("who comes in there is refused while that balancer is down, though the VIP has moved to another one that serves")
            .help("publish the port of an nginx that leads to the VIP, or put the balancers on a network between the hosts, where clients reach the VIP itself")
            .emit();
    }
    let mut around: BTreeMap<Span, (&str, Id<Component>)> = BTreeMap::new();
    for forward in system.forwards.values() {
        let direct = forward.targets.iter().filter(|target| target.vip.is_none());
        for to in direct.map(|target| system.units[system.listens[target.listen].unit].component) {
            if balanced.contains(&to) {
                around.entry(forward.to.span).or_insert((&forward.to.value, to));
            }
        }
    }
    for (span, (to, component)) in around {
        sink.finding(format!("`{to}` is reached at its nodes, around its VIP"))
            .level(Level::Advice)
            .confidence(Confidence::Possible)
            .label(span, "via=\"nodes\"")
            .label(system.components[component].name.span, "has a VIP")
            .note("that is a second way to find out who is alive, slower than the first: nginx notices a dead node by clients that fail")
            .help("leave via= out: then the way is through the VIP")
            .emit();
    }
}
