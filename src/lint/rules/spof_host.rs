use std::collections::BTreeMap;

use rustc_hash::FxHashSet;

use crate::lint::members::{Places, name_of, names, vip_words};
use crate::lint::servers::clusters;
use crate::lint::{Check, Context, Level, Rule, Sink};
use crate::source::Span;
use crate::system::{Component, Coverage, Id, System, Unit};

/// Several machines for one service, and one host under all of them. Of a topology of one host nothing is said: there
/// everybody knows it.
pub const RULE: Rule = Rule {
    name: "spof-host",
    level: Level::Warning,
    page: include_str!("../../../docs/rules/spof-host.md"),
    check: Check::Claims(check),
};

/// A unit, where it is declared, and its name.
type Named<'a> = (Id<Unit>, Span, &'a str);

/// Units of which one may die.
struct Spread<'a> {
    /// What they are, in the plural.
    what: &'static str,
    of: String,
    at: Span,
    units: Vec<Named<'a>>,
}

fn check(context: &Context<'_>, sink: &mut Sink) {
    let system = context.system;
    if system.hosts.len() < 2 || !matches!(system.coverage, Coverage::Closed) {
        return;
    }
    for Spread { what, of, at, units } in spreads(context) {
        let mut hosts = units.iter().map(|(unit, ..)| system.units[*unit].host);
        let Some(first) = hosts.next() else { continue };
        // Between the hosts no two of one cluster can have one: their ports are the host's.
        if units.len() < 2 || hosts.any(|host| host != first) {
            continue;
        }
        let host = &system.hosts[first].name;
        let mut places = Places::new();
        for (_, span, name) in &units {
            places.add(*span, name);
        }
        let all = if units.len() == 2 { "both".to_owned() } else { format!("all {}", units.len()) };
        sink.finding(format!("{all} {what} of {of} run on host `{}`", host.value))
            .label(at, format!("{} of {0} on `{}`", units.len(), host.value))
            .labels(places.labels(|who| names(who)).into_iter().filter(|(span, _)| *span != at).take(4))
            .label(host.span, "when this host dies, they die together")
            .note("they outlive a process that ends, and not the machine, its kernel, its power or an update that starts it anew")
            .help(
                "say on= for each, on hosts that do not fail together, with a network between the hosts; or allow it here and \
                 say why",
            )
            .emit();
    }
}

fn spreads<'a>(context: &Context<'a>) -> Vec<Spread<'a>> {
    let system = context.system;
    let place = |unit: Id<Unit>| (unit, system.units[unit].name.span, system.units[unit].name.value.as_str());
    let mut brokers: BTreeMap<Id<Component>, Vec<Id<Unit>>> = BTreeMap::new();
    for claim in system.brokers.values() {
        brokers.entry(claim.cluster).or_default().push(claim.unit);
    }
    let named = |id: Id<Component>, system: &'a System| (format!("`{}`", system.components[id].name.value), system.components[id].name.span);
    let mut spreads: Vec<Spread<'a>> = Vec::new();
    for (cluster, units) in brokers {
        let (of, at) = named(cluster, system);
        spreads.push(Spread { what: "brokers", of, at, units: units.into_iter().map(place).collect() });
    }
    // Members of several VIPs are the same machines again.
    let mut seen: FxHashSet<Vec<Id<Unit>>> = FxHashSet::default();
    for group in context.groups() {
        let claims = || group.members.iter().map(|id| &system.vrrps[*id]);
        // Between the hosts two members of one host fight: vip-members-apart says so.
        if claims().any(|claim| system.segments[claim.segment].host().is_none()) {
            continue;
        }
        let Some(first) = claims().next().filter(|_| seen.insert(claims().map(|claim| claim.unit).collect())) else {
            continue;
        };
        let units = claims().map(|claim| (claim.unit, system.units[claim.unit].name.span, name_of(system, claim)));
        let at = first.vips.first().map_or(first.span, |vip| crate::lint::members::place(vip, first.span));
        spreads.push(Spread { what: "members", of: vip_words(context, group), at, units: units.collect() });
    }
    for cluster in clusters(context) {
        let units = cluster.servers.iter().map(|claim| place(claim.unit)).collect();
        spreads.push(Spread { what: "Consul servers", of: format!("`{}`", cluster.name), at: cluster.span, units });
    }
    spreads
}
