//! What rules about RabbitMQ share: which brokers were declared together, and their release.

use std::collections::BTreeMap;

use crate::source::Span;
use crate::system::{BrokerClaim, Component, Id, System};
use crate::topology::{Rabbitmq, Version};

use super::Context;
use super::members::place;

/// Brokers of one cluster.
pub(super) struct Cluster<'a> {
    /// Which.
    pub(super) id: Id<Component>,
    /// Its name.
    pub(super) name: &'a str,
    /// Where it is declared.
    pub(super) span: Span,
    /// Its brokers, in the order of declaration.
    pub(super) brokers: Vec<&'a BrokerClaim>,
}

impl Cluster<'_> {
    /// How many brokers it has, as a policy or a setting counts them.
    pub(super) fn size(&self) -> i64 {
        i64::try_from(self.brokers.len()).unwrap_or(i64::MAX)
    }
}

/// All clusters, in the order of declaration.
pub(super) fn clusters(system: &System) -> Vec<Cluster<'_>> {
    let mut clusters: BTreeMap<Id<Component>, Vec<&BrokerClaim>> = BTreeMap::new();
    for claim in system.brokers.values() {
        clusters.entry(claim.cluster).or_default().push(claim);
    }
    let named = clusters.into_iter().map(|(id, brokers)| {
        let name = &system.components[id].name;
        Cluster { id, name: &name.value, span: name.span, brokers }
    });
    named.collect()
}

/// The release of a cluster, where it is known, and the place to show for it.
pub(super) fn release(system: &System, cluster: Id<Component>) -> Option<(Version, Span)> {
    let component = &system.components[cluster];
    let release = &component.release.version;
    Some((*release.known()?, place(release, component.name.span)))
}

/// The declaration of a cluster, where there is a topology. Clusters of brokers are the first components of a system.
pub(super) fn declaration<'a>(context: &Context<'a>, cluster: Id<Component>) -> Option<&'a Rabbitmq> {
    let declared = context.topology?.rabbitmqs.get(cluster.index())?;
    (declared.name.value == context.system.components[cluster].name.value).then_some(declared)
}
