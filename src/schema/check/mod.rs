//! Everything that the schema can say about a document.

mod entries;
mod place;

use crate::diagnostic::Diagnostic;
use crate::source::Span;
use crate::syntax::Node;

use super::{Schema, Shape};

/// Compares nodes of the top level, and all below them, with the schema. Every problem is reported, in no particular
/// order; what is below an unknown node is not looked at.
///
/// `start` is where the text starts, to show where something is missing altogether; `None` if the nodes are not all
/// there (a text with syntax errors), so that nothing can be said to be missing at the top.
pub fn check<'a>(schema: &Schema, nodes: impl IntoIterator<Item = Node<'a>>, start: Option<Span>) -> Vec<Diagnostic> {
    let mut checker = Checker { schema, found: Vec::new() };
    let document = schema.document();
    let missing = checker.siblings(document, nodes.into_iter());
    if let Some(start) = start {
        for shape in missing {
            checker.found.push(
                Diagnostic::new("missing-node", format!("there is no `{}`", shape.word))
                    .label(start, "it belongs into this file")
                    .note(shape.doc.clone())
                    .help(format!("write {}", sample(shape))),
            );
        }
    }
    checker.found
}

struct Checker<'s> {
    schema: &'s Schema,
    found: Vec<Diagnostic>,
}

impl<'s> Checker<'s> {
    /// Checks nodes that stand in one children block; returns what is missing there. The depth of the calls is that of
    /// the schema.
    fn siblings<'a>(&mut self, parent: &'s Shape, nodes: impl Iterator<Item = Node<'a>>) -> Vec<&'s Shape> {
        let mut first: Vec<Option<Span>> = vec![None; parent.children.len()];
        for node in nodes {
            let Some(shape) = self.schema.child(parent, node.name()) else {
                self.found.push(place::unknown(self.schema, parent, node));
                continue;
            };
            if let Some(index) = parent.children.iter().position(|id| *id == shape.id) {
                match first[index] {
                    Some(before) if shape.once => self.found.push(repeated(parent, node, before)),
                    Some(_) => {}
                    None => first[index] = Some(node.name_span()),
                }
            }
            self.node(shape, node);
        }
        let missing = parent.children.iter().zip(first).filter(|(_, first)| first.is_none());
        missing.map(|(id, _)| self.schema.get(*id)).filter(|shape| shape.required).collect()
    }

    fn node(&mut self, shape: &'s Shape, node: Node<'_>) {
        // A property that is written as a child is told as that, not as missing.
        let meant: Vec<&str> = node.children().map(Node::name).filter(|name| shape.prop(name).is_some()).collect();
        entries::check(self.schema, shape, node, &meant, &mut self.found);
        let missing = self.siblings(shape, node.children());
        for absent in missing {
            let word = &shape.word;
            let what = if absent.word == "*" { "key".to_owned() } else { format!("`{}`", absent.word) };
            self.found.push(
                Diagnostic::new("missing-node", format!("`{word}` has no {what}"))
                    .label(node.name_span(), format!("needs at least one {what}"))
                    .note(absent.doc.clone())
                    .help(format!("write {} inside its braces", sample(absent))),
            );
        }
        if let Some(block) = node.children_span()
            && node.children().next().is_none()
            && shape.children.is_empty()
        {
            self.found.push(
                Diagnostic::new("unexpected-children", format!("`{}` has no children", shape.word))
                    .label(block, "nothing belongs here")
                    .help("remove the braces"),
            );
        }
    }
}

fn repeated(parent: &Shape, node: Node<'_>, before: Span) -> Diagnostic {
    let word = node.name();
    let place = if parent.is_document() { String::new() } else { format!(" in a `{}`", parent.word) };
    Diagnostic::new("repeated-node", format!("there can be only one `{word}`{place}"))
        .label(node.name_span(), "one too many")
        .label(before, "the first one")
        .help("keep one of them")
}

/// The node as it might be written, with what it needs.
fn sample(shape: &Shape) -> String {
    let mut out = String::from("`");
    out.push_str(if shape.word == "*" { "KEY" } else { &shape.word });
    for slot in shape.args.iter().filter(|slot| slot.required) {
        out.push(' ');
        out.push_str(slot.ty.example());
    }
    for slot in shape.props.iter().filter(|slot| slot.required) {
        out.extend([" ", slot.name.as_str(), "=", slot.ty.example()]);
    }
    out.push('`');
    out
}
