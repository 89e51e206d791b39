use crate::diagnostic::Diagnostic;
use crate::syntax::Node;

use super::super::{Schema, Shape, closest, shown};
use super::entries::brief;

/// What to say of a node that has no meaning where it stands.
pub(super) fn unknown(schema: &Schema, parent: &Shape, node: Node<'_>) -> Diagnostic {
    let word = node.name();
    let legal: Vec<&Shape> = schema.shapes().filter(|shape| shape.word == word && !shape.is_document()).collect();
    let inside = if parent.is_document() { "at the top level".to_owned() } else { format!("inside `{}`", parent.word) };
    if let Some(slot) = parent.prop(word) {
        // A literal secret is not repeated.
        let value = node.arg(0).filter(|_| word != "literal").map_or(slot.ty.example(), brief);
        return Diagnostic::new("misplaced-node", format!("`{word}` of `{}` is a property, not a child", parent.word))
            .label(node.name_span(), "not a node")
            .help(format!("write `{word}={value}` on the line of `{}`", parent.word));
    }
    if let Some(first) = legal.first() {
        let diagnostic = Diagnostic::new("misplaced-node", format!("`{word}` cannot stand {inside}"))
            .label(node.name_span(), "not here");
        let diagnostic = match node.parent() {
            Some(parent) => diagnostic.label(parent.name_span(), format!("`{word}` means nothing in this")),
            None => diagnostic,
        };
        // A word that means several things has no one explanation.
        let one = legal.iter().all(|shape| shape.doc == first.doc);
        let help = format!("it belongs {}", places(schema, &legal));
        return if one { diagnostic.note(first.doc.clone()) } else { diagnostic }.help(help);
    }
    let diagnostic = Diagnostic::new("unknown-node", format!("there is no node {} {inside}", shown(word)));
    let here: Vec<&str> =
        schema.children(parent).map(|shape| shape.word.as_str()).filter(|word| *word != "*").collect();
    if let Some(meant) = closest(word, here.iter().copied()) {
        return diagnostic.label(node.name_span(), "unknown").help(format!("did you mean `{meant}`?"));
    }
    let elsewhere = schema.shapes().filter(|shape| !shape.is_document()).map(|shape| shape.word.as_str());
    if let Some(meant) = closest(word, elsewhere.filter(|word| *word != "*")) {
        let legal: Vec<&Shape> = schema.shapes().filter(|shape| shape.word == meant).collect();
        return diagnostic
            .label(node.name_span(), "unknown")
            .help(format!("did you mean `{meant}`? It belongs {}", places(schema, &legal)));
    }
    let here: Vec<String> = here.iter().map(|word| format!("`{word}`")).collect();
    diagnostic.label(node.name_span(), "unknown").help(format!("possible {inside}: {}", here.join(", ")))
}

/// "inside `a`, `b` or `c`"
fn places(schema: &Schema, legal: &[&Shape]) -> String {
    let mut words: Vec<String> = Vec::new();
    let mut top = false;
    for shape in legal {
        let parent = schema.get(shape.parent);
        top |= parent.is_document();
        let word = format!("`{}`", parent.word);
        if !parent.is_document() && !words.contains(&word) {
            words.push(word);
        }
    }
    let inside = match words.split_last() {
        None => return "at the top level".to_owned(),
        Some((last, [])) => format!("inside {last}"),
        Some((last, rest)) => format!("inside {} or {last}", rest.join(", ")),
    };
    if top { format!("at the top level or {inside}") } else { inside }
}
