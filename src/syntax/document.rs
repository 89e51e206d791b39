use std::sync::Arc;

use super::node::{Node, NodeId, Nodes};
use crate::source::Span;

/// "None" in the index fields below.
pub(super) const NONE: u32 = u32::MAX;
/// Marks a [`Word`] whose content lies in the buffer of decoded strings.
pub(super) const DECODED: u32 = 1 << 31;

/// A text that was read: flat vectors, the strings borrowed from the text wherever it says them literally.
///
/// Nodes stand in the order in which they were written, children right behind their parent, so a walk over the whole
/// document is a walk over one vector.
#[derive(Debug)]
pub struct Document {
    pub(super) text: Arc<str>,
    pub(super) base: u32,
    pub(super) nodes: Vec<NodeData>,
    pub(super) entries: Vec<EntryData>,
    pub(super) types: Vec<TypeData>,
    pub(super) decoded: Decoded,
    pub(super) remarks: Vec<(u32, u32)>,
}

/// A string, keyword or number as it stands in the text; offsets are local.
#[derive(Clone, Copy, Debug)]
pub(super) struct Word {
    pub start: u32,
    pub end: u32,
    /// How many bytes to leave out on both sides (quotes, hashes), or [`DECODED`] and an index.
    pub content: u32,
}

/// Strings that differ from what is written: escapes, several lines.
#[derive(Clone, Debug, Default)]
pub(super) struct Decoded {
    pub buffer: String,
    pub ranges: Vec<(u32, u32)>,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct NodeData {
    pub name: Word,
    /// One past its last byte.
    pub end: u32,
    /// Index of the type annotation.
    pub ty: u32,
    /// Range in the entries.
    pub entries: (u32, u32),
    /// `{` to `}` inclusive; `(NONE, NONE)` without.
    pub block: (u32, u32),
    /// Index of the first node behind its last descendant.
    pub skip: u32,
    pub parent: u32,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct EntryData {
    /// `start` is [`NONE`] for an argument.
    pub key: Word,
    pub value: Word,
    pub ty: u32,
    pub tag: Tag,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct TypeData {
    /// The string between the parentheses.
    pub word: Word,
    /// `(` to `)` inclusive.
    pub span: (u32, u32),
}

/// What kind of value a word is; its number is worked out when somebody asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tag {
    String,
    Integer,
    Float,
    True,
    False,
    Null,
    Inf,
    NegInf,
    Nan,
}

impl Document {
    /// The whole text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Where the text lies in the common space of offsets.
    #[must_use]
    pub fn span(&self) -> Span {
        self.global(0, u32::try_from(self.text.len()).unwrap_or(NONE))
    }

    /// Offset of the first byte of the text in the common space.
    #[must_use]
    pub const fn base(&self) -> u32 {
        self.base
    }

    /// The nodes of the top level, in order.
    #[must_use]
    pub fn nodes(&self) -> Nodes<'_> {
        Nodes::new(self, 0, self.len())
    }

    /// All nodes, parents before their children, in the order in which they were written.
    pub fn all_nodes(&self) -> impl ExactSizeIterator<Item = Node<'_>> {
        (0..self.len()).map(|index| Node { document: self, index })
    }

    /// The node with this number; `None` if the number comes from another document.
    #[must_use]
    pub fn node(&self, id: NodeId) -> Option<Node<'_>> {
        (id.0 < self.len()).then_some(Node { document: self, index: id.0 })
    }

    /// Line comments that speak to hacc (`// hacc: …`), in order, from `//` to the end of the line.
    pub fn remarks(&self) -> impl ExactSizeIterator<Item = Span> {
        self.remarks.iter().map(|(start, end)| self.global(*start, *end))
    }

    /// How many nodes there are on all levels.
    #[must_use]
    pub fn node_count(&self) -> usize {
        self.nodes.len()
    }

    fn len(&self) -> u32 {
        u32::try_from(self.nodes.len()).unwrap_or(NONE)
    }

    pub(super) fn global(&self, start: u32, end: u32) -> Span {
        Span::new(self.base + start, self.base + end)
    }

    pub(super) fn span_of(&self, word: Word) -> Span {
        self.global(word.start, word.end)
    }

    pub(super) fn raw(&self, word: Word) -> &str {
        self.text.get(word.start as usize..word.end as usize).unwrap_or("")
    }

    pub(super) fn content(&self, word: Word) -> &str {
        if word.content & DECODED == 0 {
            self.text.get((word.start + word.content) as usize..(word.end - word.content) as usize).unwrap_or("")
        } else {
            self.decoded.get(word.content & !DECODED)
        }
    }
}

impl Decoded {
    fn get(&self, index: u32) -> &str {
        let range = self.ranges.get(index as usize).copied().unwrap_or((0, 0));
        self.buffer.get(range.0 as usize..range.1 as usize).unwrap_or("")
    }
}
