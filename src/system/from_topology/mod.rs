//! The KDL front end's door to the system: names are resolved, what is left open is chosen or allocated, and every
//! member gets its claims.
//!
//! What leaves nothing to write (an unknown name, a circle of references, no address left) is an error. Everything
//! else becomes claims, for the rules to judge.

mod allocate;
mod applications;
mod brokers;
mod circle;
mod consuls;
mod containers;
mod default_network;
mod forwards;
mod names;
mod proxies;
mod publishes;
mod said;
mod settings;
mod units;
mod vrrp;

use ipnet::Ipv4Net;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::diagnostic::Diagnostic;
use crate::source::{Span, Spanned};
use crate::topology::{Application, Haproxy, Topology};

use super::{Arena, Component, Coverage, Fact, Host, Id, ListenClaim, Lock, Place, Secret, Segment, System, Unit};
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
    builder.default_networks();
    builder.allocate_addresses();
    builder.listens();
    builder.publishes();
    builder.brokers();
    builder.settings();
    builder.vrrps();
    builder.consuls();
    builder.applications();
    builder.forwards();
    builder.containers();
    builder.proxies();
    builder.publish_to_readers();
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
    applications: FxHashMap<&'a str, &'a Application>,
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
            vhosts: Arena::default(),
            users: Arena::default(),
            policies: Arena::default(),
            queues: Arena::default(),
            exchanges: Arena::default(),
            plugins: Arena::default(),
            settings: Arena::default(),
            forwards: Arena::default(),
            proxies: Arena::default(),
            processes: Arena::default(),
            containers: Arena::default(),
            consuls: Arena::default(),
            registers: Arena::default(),
            follows: Arena::default(),
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
            applications: topology.applications.iter().map(|of| (of.name.value.as_str(), of)).collect(),
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
            let subnet = network.subnet.value;
            let at = network.subnet.span;
            let name = network.name.clone();
            let segment = match &network.on {
                Some(on) => Segment {
                    gateway: written_or(
                        network.gateway.as_ref(),
                        allocate::first_address(subnet),
                        "network",
                        "the first address of the subnet, as Docker has it",
                        at,
                    ),
                    pool: written_or(
                        network.pool.as_ref(),
                        allocate::upper_half(subnet),
                        "network",
                        "the upper half of the subnet, clear of static addresses",
                        at,
                    ),
                    ..segment(name, Place::Bridge(self.host(on)), Fact::written(subnet, at))
                },
                None => segment(name, Place::Lan, Fact::written(subnet, at)),
            };
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
    fn network(&mut self, reference: &crate::topology::Ref) -> Id<Segment> {
        let found = self.networks.resolve(reference, &mut self.problems);
        found.unwrap_or_else(|| {
            let segment = segment(reference.clone(), Place::Lan, Fact::absent("network", "unknown"));
            self.system.segments.push(segment)
        })
    }

    /// The fact that a value is the secret named by `reference`.
    fn secret_fact(&mut self, reference: &crate::topology::Ref) -> Fact<String> {
        match self.secrets.resolve(reference, &mut self.problems) {
            Some(id) => super::secret_fact(id, reference.span),
            None => Fact::absent("secret", "unknown"),
        }
    }
}

/// A segment without anything of Docker's.
const fn segment(name: Spanned<String>, place: Place, subnet: Fact<Ipv4Net>) -> Segment {
    Segment { name, place, subnet, gateway: Fact::absent("network", "gateway"), pool: Fact::absent("network", "pool") }
}

/// A written value where there is one, else hacc's choice.
fn written_or<T: Clone>(
    written: Option<&Spanned<T>>,
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
