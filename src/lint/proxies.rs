//! What rules about balancers and nginx share: each declaration once, where its connections end, and how to say a time.

use std::collections::BTreeMap;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::source::Span;
use crate::system::{
    Component, ContainerClaim, Fact, Id, ListenClaim, ProcessClaim, Program, ProxyClaim, System, Unit,
};

use super::Context;

/// Every way in which connections are handed on, once: members declared together do the same.
pub(super) fn proxies<'a>(context: &Context<'a>) -> impl Iterator<Item = &'a ProxyClaim> + use<'a> {
    let mut seen = FxHashSet::default();
    context.system.proxies.values().filter(move |claim| seen.insert(claim.span))
}

/// The processes of proxies, one a component.
pub(super) fn processes<'a>(context: &Context<'a>) -> impl Iterator<Item = &'a ProcessClaim> + use<'a> {
    let (system, mut seen) = (context.system, FxHashSet::default());
    system.processes.values().filter(move |claim| seen.insert(system.units[claim.unit].component))
}

/// How containers are kept, one claim a component.
pub(super) fn containers<'a>(context: &Context<'a>) -> impl Iterator<Item = &'a ContainerClaim> + use<'a> {
    let (system, mut seen) = (context.system, FxHashSet::default());
    system.containers.values().filter(move |claim| seen.insert(system.units[claim.unit].component))
}

/// The component of a unit.
pub(super) fn component(system: &System, unit: Id<Unit>) -> &Component {
    &system.components[system.units[unit].component]
}

/// What a unit runs.
pub(super) fn program(system: &System, unit: Id<Unit>) -> Program {
    component(system, unit).program
}

/// Where the connections of a proxy go next: the port of its first server; all its servers are alike.
pub(super) fn next<'a>(system: &'a System, proxy: &ProxyClaim) -> Option<(Id<ListenClaim>, &'a ListenClaim)> {
    let target = system.forwards[proxy.forward].targets.first()?;
    Some((target.listen, &system.listens[target.listen]))
}

/// Whether this is the port on which brokers speak AMQP.
pub(super) fn is_amqp(system: &System, listen: &ListenClaim) -> bool {
    listen.name == "amqp" && program(system, listen.unit) == Program::Rabbitmq
}

/// Where connections go, hop by hop.
pub(super) struct Hops<'a> {
    system: &'a System,
    from: FxHashMap<Id<ListenClaim>, &'a ProxyClaim>,
    ends: FxHashMap<Id<ListenClaim>, Id<ListenClaim>>,
}

impl<'a> Hops<'a> {
    pub(super) fn of(context: &Context<'a>) -> Self {
        let from = context.system.proxies.values().map(|proxy| (proxy.listen, proxy)).collect();
        Self { system: context.system, from, ends: FxHashMap::default() }
    }

    /// The proxy to which `proxy` hands on, if its next hop is one.
    pub(super) fn after(&self, proxy: &ProxyClaim) -> Option<&'a ProxyClaim> {
        self.from.get(&next(self.system, proxy)?.0).copied()
    }

    /// The port at which the connections of `proxy` arrive in the end. (There are no circles: they are an error.)
    pub(super) fn end(&mut self, proxy: &ProxyClaim) -> Option<&'a ListenClaim> {
        let mut way = vec![proxy.listen];
        let mut at = next(self.system, proxy)?.0;
        loop {
            if let Some(end) = self.ends.get(&at) {
                at = *end;
                break;
            }
            let Some(hop) = self.from.get(&at) else { break };
            let Some((to, _)) = next(self.system, hop) else { break };
            way.push(at);
            at = to;
        }
        self.ends.extend(way.into_iter().map(|hop| (hop, at)));
        Some(&self.system.listens[at])
    }
}

/// The heartbeat that a cluster proposes.
pub(super) struct Heartbeat {
    /// In seconds.
    pub(super) seconds: i64,
    /// Where it is said; nowhere: it is hacc's own.
    pub(super) span: Span,
}

/// The heartbeat that each cluster proposes: 30 s where nothing is written; of several lines the last one counts.
pub(super) fn heartbeats(system: &System) -> BTreeMap<Id<Component>, Heartbeat> {
    use crate::topology::PolicyValue;
    let clusters = system.components.iter().filter(|(_, component)| component.program == Program::Rabbitmq);
    let mut all: BTreeMap<_, _> = clusters.map(|(id, _)| (id, Heartbeat { seconds: 30, span: Span::NONE })).collect();
    for claim in system.settings.values().filter(|claim| claim.key.value == "heartbeat") {
        if let PolicyValue::Integer(seconds) = claim.value.value {
            all.insert(claim.cluster, Heartbeat { seconds, span: claim.value.span });
        }
    }
    all
}

/// Milliseconds in words that a topology understands: "3h", "90s".
pub(super) fn time(ms: u64) -> String {
    match ms {
        0 => "0s".to_owned(),
        ms if ms % 86_400_000 == 0 => format!("{}d", ms / 86_400_000),
        ms if ms % 3_600_000 == 0 => format!("{}h", ms / 3_600_000),
        ms if ms % 60_000 == 0 => format!("{}m", ms / 60_000),
        ms if ms % 1_000 == 0 => format!("{}s", ms / 1_000),
        ms => format!("{ms}ms"),
    }
}

/// Where a fact was written; `None` where nobody wrote it.
pub(super) fn written<T>(fact: &Fact<T>) -> Option<Span> {
    fact.is_written().then(|| fact.span())
}

/// What of a session a balancer can hold at once on a port: the process's limit, or a lower one of the port.
pub(super) fn limit(process: &ProcessClaim, proxy: &ProxyClaim) -> Option<(i64, Span)> {
    let whole = process.connections.known().map(|most| (*most, process.connections.span()));
    let own = proxy.maxconn.known().map(|most| (*most, proxy.maxconn.span()));
    whole.into_iter().chain(own).min_by_key(|(most, _)| *most)
}

/// The process of each unit that is a proxy.
pub(super) fn process_of<'a>(context: &Context<'a>) -> FxHashMap<Id<Unit>, &'a ProcessClaim> {
    context.system.processes.values().map(|claim| (claim.unit, claim)).collect()
}
