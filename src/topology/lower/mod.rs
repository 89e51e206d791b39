//! From checked nodes to a [`Topology`].
//!
//! Values are read by the functions that the check used, so what the check accepted can be read. What it refused was
//! reported; here it counts as not written, or its node is left out. The result is whole only where nothing was
//! reported at all, but what cannot be said in the schema (two hosts of one name) is found in spite of other errors.

mod application;
mod at;
mod common;
mod consul;
mod haproxy;
mod names;
mod nginx;
mod rabbitmq;
mod remarks;
mod users;
mod vip;

use crate::diagnostic::Diagnostic;
use crate::schema::Schema;
use crate::source::{Span, Spanned};
use crate::syntax::Node;

use super::Topology;
use at::At;

/// What is found while nodes are read.
struct Lowering<'s> {
    schema: &'s Schema,
    found: Vec<Diagnostic>,
    faults: Vec<u32>,
}

/// Reads the nodes of the top level. `faults` are the places where something is wrong already, in order: inside a node
/// with a fault nothing is said to be missing, since it may be there, misspelt.
///
/// Returns what could be read and what else is wrong.
pub fn lower(schema: &Schema, nodes: &[Node<'_>], faults: Vec<u32>) -> (Topology, Vec<Diagnostic>) {
    let mut lowering = Lowering { schema, found: Vec::new(), faults };
    let mut topology = Topology {
        name: Spanned::new(String::new(), Span::NONE),
        hosts: Vec::new(),
        networks: Vec::new(),
        secrets: Vec::new(),
        rabbitmqs: Vec::new(),
        haproxies: Vec::new(),
        nginxes: Vec::new(),
        consuls: Vec::new(),
        applications: Vec::new(),
        allows: Vec::new(),
        templates: None,
        span: Span::NONE,
    };
    for node in nodes {
        lowering.top(&mut topology, *node);
    }
    lowering.allows(&mut topology, nodes);
    names::check(&topology, &mut lowering.found);
    users::check(&topology, &mut lowering);
    (topology, lowering.found)
}

impl Lowering<'_> {
    fn top(&mut self, topology: &mut Topology, node: Node<'_>) {
        let Some(shape) = self.schema.child(self.schema.document(), node.name()) else { return };
        let at = At { schema: self.schema, shape, node };
        match node.name() {
            "topology" if !topology.span.is_some() => {
                topology.span = at.span();
                topology.name = at.arg("name").name().unwrap_or_else(|| topology.name.clone());
            }
            "host" => topology.hosts.extend(common::host(at)),
            "network" => topology.networks.extend(self.network(at)),
            "secret" => topology.secrets.extend(self.secret(at)),
            "templates" if topology.templates.is_none() => topology.templates = common::templates(at),
            "rabbitmq" => topology.rabbitmqs.extend(self.rabbitmq(at)),
            "haproxy" => topology.haproxies.extend(self.haproxy(at)),
            "nginx" => topology.nginxes.extend(nginx::nginx(at)),
            "consul" => topology.consuls.extend(consul::consul(at)),
            "application" => topology.applications.extend(self.application(at)),
            // Files are included before, and what is allowed is read afterwards.
            _ => {}
        }
    }

    /// Whether nothing is wrong inside the node, as far as is known.
    fn is_sound(&self, span: Span) -> bool {
        let next = self.faults.partition_point(|fault| *fault < span.start);
        self.faults.get(next).is_none_or(|fault| *fault >= span.end)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::source::SourceMap;

    /// The schema and this code cannot drift apart: a slot that nobody reads is found here, and one that is read but
    /// does not exist, or has another type, by the assertions in `at`.
    #[test]
    fn every_slot_of_the_schema_is_read() {
        let schema = Schema::builtin();
        let mut sources = SourceMap::new();
        let id = sources.add("everything.kdl", include_str!("../../../tests/data/everything.kdl")).unwrap();
        let (document, problems) = crate::syntax::read(sources.get(id));
        assert_eq!(problems, []);
        let nodes: Vec<_> = document.nodes().collect();
        assert_eq!(crate::schema::check(schema, nodes.iter().copied(), None), []);
        assert_eq!(lower(schema, &nodes, Vec::new()).1, []);

        let read = at::used::SLOTS.take();
        let described: BTreeSet<_> = (schema.shapes())
            .flat_map(|shape| shape.args.iter().chain(&shape.props).map(|slot| (shape.path.clone(), slot.name.clone())))
            // Read before, by the phase that includes files.
            .filter(|(path, _)| path != "include")
            .collect();
        assert_eq!(described.difference(&read).collect::<Vec<_>>(), Vec::<&(String, String)>::new());
    }
}
