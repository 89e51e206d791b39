//! The KDL front end's door to the system: names are resolved, what is left open is chosen or allocated, and every
//! member gets its claims.
//!
//! What leaves nothing to write (an unknown name, a circle of references, no address left) is an error. Everything
//! else becomes claims, for the rules to judge.

mod allocate;
mod brokers;
mod circle;
mod forwards;
mod names;
mod units;
mod vrrp;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::diagnostic::Diagnostic;
use crate::source::Span;
use crate::topology::{Haproxy, Topology};

use super::{Arena, Component, Coverage, Fact, Host, Id, ListenClaim, Lock, Secret, Segment, System, Unit};
use names::Names;
pub use units::MEMBER_PORT;

/// The system, and what the lock has to hold from now on.
#[derive(Clone, Debug)]
pub struct Built {
    /// Everything that is claimed.
    pub system: System,
    /// The lock: entries of `lock` that are still needed, and the new ones.
    pub lock: Lock,
}

/// Builds the system that `topology` describes.
///
/// # Errors
/// All unknown names, circles of references and allocations that cannot be made.
pub fn build(topology: &Topology, lock: &Lock) -> Result<Built, Vec<Diagnostic>> {
    let mut builder = Builder::new(topology, lock);
    builder.hosts_and_networks();
    builder.units();
    builder.allocate_addresses();
    builder.listens();
    builder.publishes();
    builder.brokers();
    builder.vrrps();
    builder.forwards();
    if builder.problems.is_empty() {
        builder.check_circles();
    }
    if builder.problems.is_empty() {
        Ok(Built { system: builder.system, lock: builder.new_lock })
    } else {
        // What is said once for all nodes is met once for each of them.
        let mut said = FxHashSet::default();
        let main = |problem: &Diagnostic| problem.labels.first().map(|label| (label.span.start, label.span.end));
        builder.problems.retain(|problem| said.insert((problem.code, main(problem))) || problem.labels.is_empty());
        // In the order of the text, as those of the reader.
        builder.problems.sort_by_key(main);
        Err(builder.problems)
    }
}

struct Builder<'a> {
    topology: &'a Topology,
    lock: &'a Lock,
    new_lock: Lock,
    system: System,
    hosts: Names<'a, Id<Host>>,
    networks: Names<'a, Id<Segment>>,
    secrets: Names<'a, Id<Secret>>,
    components: Names<'a, Id<Component>>,
    nodes: Names<'a, Id<Unit>>,
    listens: FxHashMap<(Id<Unit>, &'a str), Id<ListenClaim>>,
    haproxies: FxHashMap<&'a str, &'a Haproxy>,
    vip_segments: FxHashMap<String, Id<Segment>>,
    problems: Vec<Diagnostic>,
}

impl<'a> Builder<'a> {
    fn new(topology: &'a Topology, lock: &'a Lock) -> Self {
        let system = System {
            name: topology.name.clone(),
            coverage: Coverage::Closed,
            hosts: Arena::default(),
            segments: Arena::default(),
            secrets: Arena::default(),
            components: Arena::default(),
            units: Arena::default(),
            addresses: Arena::default(),
            listens: Arena::default(),
            publishes: Arena::default(),
            vrrps: Arena::default(),
            cookies: Arena::default(),
            brokers: Arena::default(),
            policies: Arena::default(),
            forwards: Arena::default(),
        };
        Self {
            topology,
            lock,
            new_lock: Lock { secrets: lock.secrets.clone(), ..Lock::default() },
            system,
            hosts: Names::new("host", "unknown-host"),
            networks: Names::new("network", "unknown-network"),
            secrets: Names::new("secret", "unknown-secret"),
            components: Names::new("component", "unknown-component"),
            nodes: Names::new("node", "unknown-node"),
            listens: FxHashMap::default(),
            haproxies: topology.haproxies.iter().map(|haproxy| (haproxy.name.value.as_str(), haproxy)).collect(),
            vip_segments: FxHashMap::default(),
            problems: Vec::new(),
        }
    }

    fn hosts_and_networks(&mut self) {
        for host in &self.topology.hosts {
            let address = Fact::written(host.address.value, host.address.span);
            let id = self.system.hosts.push(Host { name: host.name.clone(), address });
            self.hosts.add(&host.name, id);
        }
        for network in &self.topology.networks {
            let host = self.host(&network.on);
            let subnet = network.subnet.value;
            let at = network.subnet.span;
            let why = "the first address of the subnet, as Docker has it";
            let gateway = written_or(network.gateway.as_ref(), allocate::first_address(subnet), "network", why, at);
            let why = "the upper half of the subnet, clear of static addresses";
            let pool = written_or(network.pool.as_ref(), allocate::upper_half(subnet), "network", why, at);
            let segment =
                Segment { name: network.name.clone(), host, subnet: Fact::written(subnet, at), gateway, pool };
            let id = self.system.segments.push(segment);
            self.networks.add(&network.name, id);
        }
        for secret in &self.topology.secrets {
            let id = self.system.secrets.push(Secret { name: secret.name.clone() });
            self.secrets.add(&secret.name, id);
        }
    }

    /// The host named by `reference`. For an unknown one something stands in, so that what follows is not missing as
    /// well; no system with errors is given away.
    fn host(&mut self, reference: &crate::topology::Ref) -> Id<Host> {
        let found = self.hosts.resolve(reference, &mut self.problems);
        found.unwrap_or_else(|| {
            let address = Fact::absent("host", "unknown");
            self.system.hosts.push(Host { name: reference.clone(), address })
        })
    }

    /// The network named by `reference`, with a stand-in as for [`Self::host`].
    fn network(&mut self, reference: &crate::topology::Ref) -> Option<Id<Segment>> {
        if let Some(found) = self.networks.resolve(reference, &mut self.problems) {
            return Some(found);
        }
        let (host, _) = self.system.hosts.iter().next()?;
        let segment = Segment {
            name: reference.clone(),
            host,
            subnet: Fact::absent("network", "unknown"),
            gateway: Fact::absent("network", "unknown"),
            pool: Fact::absent("network", "unknown"),
        };
        Some(self.system.segments.push(segment))
    }

    /// The fact that a value is the secret named by `reference`.
    fn secret_fact(&mut self, reference: &crate::topology::Ref) -> Fact<String> {
        match self.secrets.resolve(reference, &mut self.problems) {
            Some(id) => super::secret_fact(id, reference.span),
            None => Fact::absent("secret", "unknown"),
        }
    }
}

/// A written value where there is one, else hacc's choice.
fn written_or<T: Clone>(
    written: Option<&crate::source::Spanned<T>>,
    choice: T,
    owner: &'static str,
    why: &'static str,
    at: Span,
) -> Fact<T> {
    match written {
        Some(written) => Fact::written(written.value.clone(), written.span),
        None => Fact::chosen(choice, owner, why, at),
    }
}
