use std::collections::{BTreeMap, BTreeSet};
use std::net::Ipv4Addr;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::derive::Derived;
use crate::secrets::SecretValues;
use crate::system::{
    Component, ConsulClaim, ContainerClaim, Fact, FollowClaim, ForwardClaim, Id, ListenClaim, Place, ProcessClaim,
    Program, ProxyClaim, PublishClaim, RegisterClaim, Segment, System, Unit, VrrpClaim,
};
use crate::topology::{Follow, Haproxy, Topology};

use super::Input;

/// Tables over the system that several components need.
pub(super) struct Tables<'a> {
    pub(super) topology: &'a Topology,
    pub(super) system: &'a System,
    pub(super) derived: &'a Derived,
    pub(super) secrets: &'a SecretValues,
    pub(super) components: FxHashMap<&'a str, Id<Component>>,
    pub(super) publishes_of: FxHashMap<Id<Unit>, Vec<Id<PublishClaim>>>,
    pub(super) vrrps_of: FxHashMap<Id<Unit>, Vec<Id<VrrpClaim>>>,
    pub(super) consul_of: FxHashMap<Id<Unit>, Id<ConsulClaim>>,
    pub(super) forward_from: FxHashMap<Id<ListenClaim>, Id<ForwardClaim>>,
    pub(super) proxy_of: FxHashMap<Id<ListenClaim>, Id<ProxyClaim>>,
    pub(super) process_of: FxHashMap<Id<Unit>, Id<ProcessClaim>>,
    pub(super) container_of: FxHashMap<Id<Unit>, Id<ContainerClaim>>,
    /// Index into `derived.routes` of the first route of each forward.
    pub(super) routes_of: FxHashMap<Id<ForwardClaim>, Vec<usize>>,
    /// What each unit connects to by itself.
    pub(super) clients_of: FxHashMap<Id<Unit>, Vec<Id<ForwardClaim>>>,
    pub(super) registers_of: FxHashMap<Id<Unit>, Id<RegisterClaim>>,
    /// Applications whose readers ask Consul's DNS.
    pub(super) asked_by_name: FxHashSet<Id<Component>>,
    pub(super) follow_of: FxHashMap<Id<ListenClaim>, Id<FollowClaim>>,
    /// For each nginx on its host's own network, how many such ones there are before it.
    pub(super) nginx_before: FxHashMap<Id<Unit>, usize>,
    pub(super) vips_on: Vec<Vec<Ipv4Addr>>,
    pub(super) host_segments: Vec<Vec<Id<Segment>>>,
    pub(super) haproxies: FxHashMap<&'a str, &'a Haproxy>,
    /// For each host, what has units there, and which.
    pub(super) units_on: Vec<BTreeMap<Id<Component>, Vec<Id<Unit>>>>,
}

impl<'a> Tables<'a> {
    pub(super) fn new(input: &Input<'a>) -> Self {
        let system = input.system;
        let components = system.components.iter().map(|(id, component)| (component.name.value.as_str(), id)).collect();
        let mut publishes_of: FxHashMap<_, Vec<_>> = FxHashMap::default();
        for (id, claim) in system.publishes.iter() {
            publishes_of.entry(claim.unit).or_default().push(id);
        }
        let mut vrrps_of: FxHashMap<_, Vec<_>> = FxHashMap::default();
        let mut vips_on = vec![Vec::new(); system.segments.len()];
        for (id, claim) in system.vrrps.iter() {
            vrrps_of.entry(claim.unit).or_default().push(id);
            vips_on[claim.segment.index()].extend(claim.vips.iter().filter_map(Fact::known).copied());
        }
        let mut routes_of: FxHashMap<_, Vec<_>> = FxHashMap::default();
        for (n, route) in input.derived.routes.iter().enumerate() {
            routes_of.entry(route.forward).or_default().push(n);
        }
        let mut clients_of: FxHashMap<_, Vec<_>> = FxHashMap::default();
        for (id, claim) in system.forwards.iter().filter(|(_, claim)| claim.listen.is_none()) {
            clients_of.entry(claim.unit).or_default().push(id);
        }
        let by_name = system.follows.values().filter(|claim| claim.method.known() == Some(&Follow::Dns));
        let mut nginx_before = FxHashMap::default();
        let mut nginxes = vec![0; system.hosts.len()];
        for (id, unit) in system.units.iter().filter(|(_, unit)| unit.on_host_network) {
            if system.components[unit.component].program == Program::Nginx {
                nginx_before.insert(id, nginxes[unit.host.index()]);
                nginxes[unit.host.index()] += 1;
            }
        }
        let mut used = vec![BTreeSet::new(); system.hosts.len()];
        for (id, segment) in system.segments.iter() {
            if let Some(host) = segment.host() {
                used[host.index()].insert(id);
            }
        }
        for claim in system.addresses.values().filter(|claim| system.segments[claim.segment].place != Place::Lan) {
            used[system.units[claim.unit].host.index()].insert(claim.segment);
        }
        let mut units_on: Vec<BTreeMap<_, Vec<_>>> = vec![BTreeMap::new(); system.hosts.len()];
        for (id, component) in system.components.iter() {
            for unit in &component.units {
                units_on[system.units[*unit].host.index()].entry(id).or_default().push(*unit);
            }
        }
        Self {
            topology: input.topology,
            haproxies: input.topology.haproxies.iter().map(|haproxy| (haproxy.name.value.as_str(), haproxy)).collect(),
            units_on,
            system,
            derived: input.derived,
            secrets: input.secrets,
            components,
            publishes_of,
            vrrps_of,
            consul_of: system.consuls.iter().map(|(id, claim)| (claim.unit, id)).collect(),
            forward_from: system.forwards.iter().filter_map(|(id, forward)| Some((forward.listen?, id))).collect(),
            proxy_of: system.proxies.iter().map(|(id, claim)| (claim.listen, id)).collect(),
            process_of: system.processes.iter().map(|(id, claim)| (claim.unit, id)).collect(),
            container_of: system.containers.iter().map(|(id, claim)| (claim.unit, id)).collect(),
            routes_of,
            clients_of,
            registers_of: system.registers.iter().map(|(id, claim)| (claim.unit, id)).collect(),
            asked_by_name: by_name.map(|claim| claim.of).collect(),
            nginx_before,
            follow_of: system.follows.iter().map(|(id, claim)| (claim.listen, id)).collect(),
            vips_on,
            host_segments: used.into_iter().map(|used| used.into_iter().collect()).collect(),
        }
    }
}
