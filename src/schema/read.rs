use std::collections::BTreeMap;

use crate::source::SourceMap;
use crate::syntax::{self, Document, Node, Value};

use super::shape::{Choice, Schema, Shape, ShapeId, Slot, Type};

/// Fragments may use fragments, but not for ever.
const DEEPEST: usize = 16;

impl Schema {
    /// Reads a schema from the files that describe it (path and text of each).
    ///
    /// # Errors
    /// What is wrong with the files, for whoever writes schemas.
    pub fn read(files: &[(&str, &str)]) -> Result<Self, Vec<String>> {
        let mut sources = SourceMap::new();
        let mut errors = Vec::new();
        let mut documents = Vec::new();
        for (path, text) in files {
            let Some(id) = sources.add(*path, *text) else { continue };
            let (document, problems) = syntax::read(sources.get(id));
            errors.extend(problems.iter().map(|problem| format!("{path}: {}", problem.message)));
            documents.push(document);
        }
        let fragments = (documents.iter().flat_map(Document::nodes))
            .filter(|node| node.name() == "fragment")
            .filter_map(|node| Some((node.arg(0)?.as_str()?, node)))
            .collect();
        let mut reader = Reader { schema: Self::default(), fragments, errors };
        for node in documents.iter().flat_map(Document::nodes) {
            match node.name() {
                "node" => reader.node(node, ShapeId(0), 0),
                "fragment" => {}
                other => reader.error(node, &format!("`{other}` at the top")),
            }
        }
        if reader.errors.is_empty() { Ok(reader.schema) } else { Err(reader.errors) }
    }
}

struct Reader<'a> {
    schema: Schema,
    fragments: BTreeMap<&'a str, Node<'a>>,
    errors: Vec<String>,
}

impl<'a> Reader<'a> {
    fn error(&mut self, node: Node<'_>, what: &str) {
        self.errors.push(format!("{:?}: {what}", node.span()));
    }

    fn node(&mut self, node: Node<'a>, parent: ShapeId, depth: usize) {
        let Some(word) = node.arg(0).and_then(Value::as_str) else {
            return self.error(node, "a node without a word");
        };
        let Ok(id) = u16::try_from(self.schema.shapes.len()).map(ShapeId) else {
            return self.error(node, "too many shapes");
        };
        let above = &self.schema.get(parent).path;
        let path = if above.is_empty() { word.to_owned() } else { format!("{above}/{word}") };
        for prop in node.props() {
            if !matches!(prop.key(), "doc" | "once" | "required" | "everywhere") {
                self.error(node, &format!("`{}=` of a node", prop.key()));
            }
        }
        let doc = self.doc(node);
        self.schema.shapes.push(Shape {
            id,
            word: word.to_owned(),
            path,
            doc,
            args: Vec::new(),
            props: Vec::new(),
            children: Vec::new(),
            parent,
            once: flag(node, "once"),
            required: flag(node, "required"),
        });
        self.shape(parent).children.push(id);
        if flag(node, "everywhere") {
            self.schema.everywhere.push(id);
        }
        self.body(node, id, depth + 1);
    }

    fn body(&mut self, node: Node<'a>, id: ShapeId, depth: usize) {
        if depth > DEEPEST {
            return self.error(node, "too deep; a fragment that uses itself?");
        }
        for child in node.children() {
            match child.name() {
                "node" => self.node(child, id, depth),
                "use" => {
                    let name = child.arg(0).and_then(Value::as_str).unwrap_or("");
                    match self.fragments.get(name).copied() {
                        Some(fragment) => self.body(fragment, id, depth + 1),
                        None => self.error(child, &format!("no fragment `{name}`")),
                    }
                }
                "arg" => {
                    if let Some(slot) = self.slot(child) {
                        let args = &mut self.shape(id).args;
                        // Behind an optional or repeated argument nothing could be told apart.
                        let late = args.last().is_some_and(|last| last.many || (!last.required && slot.required));
                        args.push(slot);
                        if late {
                            self.error(child, "an argument behind one that is optional or may come many times");
                        }
                    }
                }
                "prop" => {
                    if let Some(slot) = self.slot(child) {
                        if self.schema.get(id).prop(&slot.name).is_some() {
                            self.error(child, &format!("`{}` twice", slot.name));
                        }
                        self.shape(id).props.push(slot);
                    }
                }
                other => self.error(child, &format!("`{other}` in a node")),
            }
        }
    }

    fn slot(&mut self, node: Node<'a>) -> Option<Slot> {
        let name = node.arg(0).and_then(Value::as_str);
        let word = node.prop("type").and_then(|prop| prop.value().as_str());
        let (Some(name), Some(ty)) = (name, word.and_then(Type::of_word)) else {
            self.error(node, "a slot without a name, or with a type that is none");
            return None;
        };
        for prop in node.props() {
            if !matches!(prop.key(), "type" | "doc" | "default" | "required" | "many") {
                self.error(node, &format!("`{}=` of a slot", prop.key()));
            }
        }
        let mut slot = Slot {
            name: name.to_owned(),
            ty,
            doc: self.doc(node),
            default: node.prop("default").and_then(|prop| prop.value().as_str()).map(str::to_owned),
            required: flag(node, "required"),
            many: flag(node, "many"),
            values: Vec::new(),
            reserved: Vec::new(),
        };
        for child in node.children() {
            let text = child.arg(0).and_then(Value::as_str).unwrap_or("").to_owned();
            let choice = Choice { text, doc: self.doc(child) };
            match child.name() {
                "value" => slot.values.push(choice),
                "reserved" => slot.reserved.push(choice),
                other => self.error(child, &format!("`{other}` in a slot")),
            }
        }
        if slot.values.is_empty() && ty == Type::Enum {
            self.error(node, "an enum without values");
        }
        Some(slot)
    }

    fn doc(&mut self, node: Node<'_>) -> String {
        let doc = node.prop("doc").and_then(|prop| prop.value().as_str()).unwrap_or("");
        if doc.is_empty() {
            self.error(node, "no doc");
        }
        doc.to_owned()
    }

    fn shape(&mut self, id: ShapeId) -> &mut Shape {
        &mut self.schema.shapes[usize::from(id.0)]
    }
}

fn flag(node: Node<'_>, key: &str) -> bool {
    node.prop(key).and_then(|prop| prop.value().as_bool()).unwrap_or(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn errors(text: &str) -> String {
        Schema::read(&[("test.kdl", text)]).unwrap_err().join("\n")
    }

    #[test]
    fn mistakes_in_a_schema_are_told() {
        assert!(errors("fragment \"f\" { use \"f\" }; node \"n\" doc=\"d\" { use \"f\" }").contains("too deep"));
        assert!(errors("node \"n\" doc=\"d\" { use \"g\" }").contains("no fragment `g`"));
        assert!(errors("node \"n\" doc=\"d\" { prop \"p\" type=\"int\" doc=\"d\" }").contains("a type that is none"));
        assert!(errors("node \"n\" { prop \"p\" type=\"integer\" doc=\"d\" }").contains("no doc"));
        assert!(errors("node \"n\" doc=\"d\" onse=#true").contains("`onse=` of a node"));
        let late = "node \"n\" doc=\"d\" { arg \"a\" type=\"string\" doc=\"d\"; arg \"b\" type=\"string\" required=#true doc=\"d\" }";
        assert!(errors(late).contains("behind one that is optional"));
    }
}
