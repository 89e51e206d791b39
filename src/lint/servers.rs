//! What rules about Consul share: which servers were declared together.

use std::collections::BTreeMap;

use crate::source::Span;
use crate::system::{Component, ConsulClaim, Fact, Id};

use super::Context;
use super::members::{How, Said, place};

/// Servers of one cluster.
pub(super) struct Cluster<'a> {
    /// Its name.
    pub(super) name: &'a str,
    /// Where it is declared.
    pub(super) span: Span,
    /// Its servers, in the order of declaration.
    pub(super) servers: Vec<&'a ConsulClaim>,
}

/// All clusters, in the order of declaration.
pub(super) fn clusters<'a>(context: &Context<'a>) -> Vec<Cluster<'a>> {
    let mut clusters: BTreeMap<Id<Component>, Vec<&ConsulClaim>> = BTreeMap::new();
    for claim in context.system.consuls.values() {
        clusters.entry(claim.cluster).or_default().push(claim);
    }
    let named = clusters.into_iter().map(|(id, servers)| {
        let name = &context.system.components[id].name;
        Cluster { name: &name.value, span: name.span, servers }
    });
    named.collect()
}

/// What the servers say about one thing; those of which nothing certain is known are left out.
pub(super) fn said<'a, V: Clone + 'a>(
    context: &Context<'a>,
    cluster: &Cluster<'a>,
    of: impl Fn(&'a ConsulClaim) -> &'a Fact<V>,
) -> Vec<Said<'a, V>> {
    let servers = cluster.servers.iter().copied();
    servers
        .filter_map(|claim| {
            let unit = &context.system.units[claim.unit].name;
            let fact = of(claim);
            Some(Said {
                value: fact.known()?.clone(),
                name: &unit.value,
                span: place(fact, unit.span),
                how: How::of(fact),
            })
        })
        .collect()
}
