use std::net::Ipv4Addr;

use petgraph::graph::{DiGraph, NodeIndex};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::system::{
    AddressClaim, ForwardClaim, Host, Id, ListenClaim, PublishClaim, Segment, System, Unit, VrrpClaim,
};

/// A thing of the cluster.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Vertex {
    /// A machine.
    Host(Id<Host>),
    /// A network.
    Segment(Id<Segment>),
    /// A container.
    Unit(Id<Unit>),
    /// A port of a unit.
    Listen(Id<ListenClaim>),
    /// A virtual address on a segment.
    Vip(Ipv4Addr, Id<Segment>),
}

/// How one thing depends on another; the edge points at what is needed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edge {
    /// A unit or a segment stands on a host.
    Runs,
    /// A unit has an address on a segment.
    Attach(Id<AddressClaim>),
    /// A port is one of a unit.
    Serves,
    /// A port hands connections on to another port or to a virtual address, or a unit connects there by itself.
    Forward(Id<ForwardClaim>),
    /// A host's port leads to a port of a unit.
    Publish(Id<PublishClaim>),
    /// A virtual address can be held by a unit.
    Held(Id<VrrpClaim>),
}

/// The claims as a graph, and where each thing is in it.
#[derive(Clone, Debug)]
pub struct Graph {
    /// Vertices in the order host, segment, unit, listen, VIP, each in the order of declaration.
    pub graph: DiGraph<Vertex, Edge>,
    /// The vertex of a thing.
    pub index: FxHashMap<Vertex, NodeIndex>,
}

impl Graph {
    /// Builds the view. Only `add_node` and `add_edge` are used: looking for an edge in petgraph costs its degree, and
    /// here everything may stand on one network.
    #[must_use]
    pub fn of(system: &System) -> Self {
        let mut view = Self { graph: DiGraph::new(), index: FxHashMap::default() };
        let hosts = system.hosts.iter().map(|(id, _)| Vertex::Host(id));
        let segments = system.segments.iter().map(|(id, _)| Vertex::Segment(id));
        let units = system.units.iter().map(|(id, _)| Vertex::Unit(id));
        let listens = system.listens.iter().map(|(id, _)| Vertex::Listen(id));
        for vertex in hosts.chain(segments).chain(units).chain(listens) {
            view.vertex(vertex);
        }
        for (id, segment) in system.segments.iter() {
            if let Some(host) = segment.host() {
                view.edge(Vertex::Segment(id), Vertex::Host(host), Edge::Runs);
            }
        }
        for (id, unit) in system.units.iter() {
            view.edge(Vertex::Unit(id), Vertex::Host(unit.host), Edge::Runs);
        }
        for (id, claim) in system.addresses.iter() {
            view.edge(Vertex::Unit(claim.unit), Vertex::Segment(claim.segment), Edge::Attach(id));
        }
        for (id, claim) in system.listens.iter() {
            view.edge(Vertex::Listen(id), Vertex::Unit(claim.unit), Edge::Serves);
        }
        for (id, claim) in system.vrrps.iter() {
            for ip in claim.vips.iter().filter_map(|vip| vip.known()) {
                view.edge(Vertex::Vip(*ip, claim.segment), Vertex::Unit(claim.unit), Edge::Held(id));
            }
        }
        for (id, claim) in system.publishes.iter() {
            view.edge(Vertex::Host(claim.host), Vertex::Listen(claim.listen), Edge::Publish(id));
        }
        let mut drawn = FxHashSet::default();
        for (id, claim) in system.forwards.iter() {
            for target in &claim.targets {
                let to = target.vip.map_or(Vertex::Listen(target.listen), |(ip, segment)| Vertex::Vip(ip, segment));
                let from = claim.listen.map_or(Vertex::Unit(claim.unit), Vertex::Listen);
                if drawn.insert((from, to)) {
                    view.edge(from, to, Edge::Forward(id));
                }
            }
        }
        view
    }

    fn vertex(&mut self, vertex: Vertex) -> NodeIndex {
        *self.index.entry(vertex).or_insert_with(|| self.graph.add_node(vertex))
    }

    fn edge(&mut self, from: Vertex, to: Vertex, edge: Edge) {
        let (from, to) = (self.vertex(from), self.vertex(to));
        self.graph.add_edge(from, to, edge);
    }
}
