use std::fmt;

use super::document::{Document, NONE, NodeData, Word};
use super::value::{Prop, Value};
use crate::source::{Span, Spanned};

/// Number of a node in its document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(pub u32);

/// One node of a [`Document`]: a handle of two words, cheap to copy.
#[derive(Clone, Copy)]
pub struct Node<'a> {
    pub(super) document: &'a Document,
    pub(super) index: u32,
}

/// One argument or property of a node.
#[derive(Clone, Copy, Debug)]
pub enum Entry<'a> {
    /// A value without a key.
    Arg(Value<'a>),
    /// A key and its value.
    Prop(Prop<'a>),
}

/// Siblings, in order.
#[derive(Clone)]
pub struct Nodes<'a> {
    document: &'a Document,
    next: u32,
    end: u32,
}

impl<'a> Node<'a> {
    fn data(self) -> &'a NodeData {
        &self.document.nodes[self.index as usize]
    }

    /// Its number in the document: smaller than that of every node written later.
    #[must_use]
    pub const fn id(self) -> NodeId {
        NodeId(self.index)
    }

    /// The document it belongs to.
    #[must_use]
    pub const fn document(self) -> &'a Document {
        self.document
    }

    /// The name, decoded.
    #[must_use]
    pub fn name(self) -> &'a str {
        self.document.content(self.data().name)
    }

    /// Where the name stands, with its quotes if it has some.
    #[must_use]
    pub fn name_span(self) -> Span {
        self.document.span_of(self.data().name)
    }

    /// From its type annotation or name to the end of its last entry or of its children block.
    #[must_use]
    pub fn span(self) -> Span {
        let data = self.data();
        let start = self.document.types.get(data.ty as usize).map_or(data.name.start, |ty| ty.span.0);
        self.document.global(start, data.end)
    }

    /// The type annotation; its span includes the parentheses.
    #[must_use]
    pub fn ty(self) -> Option<Spanned<&'a str>> {
        type_of(self.document, self.data().ty)
    }

    /// Arguments and properties as they were written, duplicate properties too.
    pub fn entries(self) -> impl DoubleEndedIterator<Item = Entry<'a>> + ExactSizeIterator + use<'a> {
        let (from, to) = self.data().entries;
        let document = self.document;
        (from..to).map(move |index| {
            let value = Value { document, index };
            if document.entries[index as usize].key.start == NONE {
                Entry::Arg(value)
            } else {
                Entry::Prop(Prop { value })
            }
        })
    }

    /// The arguments, in order.
    pub fn args(self) -> impl DoubleEndedIterator<Item = Value<'a>> + use<'a> {
        self.entries().filter_map(|entry| match entry {
            Entry::Arg(value) => Some(value),
            Entry::Prop(_) => None,
        })
    }

    /// Argument number `index`, from 0.
    #[must_use]
    pub fn arg(self, index: usize) -> Option<Value<'a>> {
        self.args().nth(index)
    }

    /// The properties in written order; a key can come more than once (the last one counts).
    pub fn props(self) -> impl DoubleEndedIterator<Item = Prop<'a>> + use<'a> {
        self.entries().filter_map(|entry| match entry {
            Entry::Arg(_) => None,
            Entry::Prop(prop) => Some(prop),
        })
    }

    /// The last property with this key: the one that counts.
    #[must_use]
    pub fn prop(self, key: &str) -> Option<Prop<'a>> {
        self.props().rev().find(|prop| prop.key() == key)
    }

    /// The nodes in its children block, in order.
    #[must_use]
    pub fn children(self) -> Nodes<'a> {
        Nodes::new(self.document, self.index + 1, self.data().skip)
    }

    /// The children block with its braces; `None` if the node has none (an empty block is one).
    #[must_use]
    pub fn children_span(self) -> Option<Span> {
        let (start, end) = self.data().block;
        (start != NONE).then(|| self.document.global(start, end))
    }

    /// The node in whose children block this one stands.
    #[must_use]
    pub fn parent(self) -> Option<Self> {
        let index = self.data().parent;
        (index != NONE).then_some(Node { document: self.document, index })
    }
}

impl fmt::Debug for Node<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Node({:?} at {:?})", self.name(), self.span())
    }
}

impl<'a> Nodes<'a> {
    pub(super) const fn new(document: &'a Document, next: u32, end: u32) -> Self {
        Self { document, next, end }
    }
}

impl<'a> Iterator for Nodes<'a> {
    type Item = Node<'a>;

    fn next(&mut self) -> Option<Node<'a>> {
        if self.next >= self.end {
            return None;
        }
        let node = Node { document: self.document, index: self.next };
        self.next = node.data().skip;
        Some(node)
    }
}

pub(super) fn type_of(document: &Document, index: u32) -> Option<Spanned<&str>> {
    let ty = document.types.get(index as usize)?;
    Some(Spanned::new(document.content(ty.word), document.global(ty.span.0, ty.span.1)))
}

/// A word that nobody wrote.
pub(super) const NO_WORD: Word = Word { start: NONE, end: NONE, content: 0 };
