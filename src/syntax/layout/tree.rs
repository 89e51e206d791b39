use super::print::Width;
use crate::syntax::chars::newline_len;
use crate::syntax::remarks::speaks_to_hacc;

/// A text as blocks, nodes and comments.
pub(super) struct Tree<'a> {
    pub(super) top: Block<'a>,
}

/// What stands between two braces, or in the whole text.
#[derive(Default)]
pub(super) struct Block<'a> {
    /// Comments on the line of the `{`.
    pub(super) opening: Vec<&'a str>,
    pub(super) items: Vec<Item<'a>>,
    /// It was written on one line, so it may stand on one.
    pub(super) one_line: bool,
    /// Columns on one line, braces included.
    pub(super) width: usize,
}

pub(super) struct Item<'a> {
    /// A blank line stood before it.
    pub(super) blank: bool,
    /// A node on the line of the node before it.
    pub(super) joined: bool,
    pub(super) what: What<'a>,
}

pub(super) enum What<'a> {
    /// Comments on a line of their own.
    Comments(Vec<&'a str>),
    Node(Node<'a>),
}

pub(super) struct Node<'a> {
    pub(super) parts: Vec<Part<'a>>,
    /// Comments behind it on its last line.
    pub(super) trailing: Vec<&'a str>,
    /// As it was written; nodes of one name may have columns.
    pub(super) name: &'a str,
    /// Arguments before the first property.
    pub(super) arguments: usize,
    /// Which part begins the first property.
    pub(super) first_property: Option<usize>,
    /// How wide it is where its blocks stand on one line.
    pub(super) width: Width,
    pub(super) has_blocks: bool,
    /// All its blocks were written on one line.
    pub(super) one_line: bool,
}

pub(super) enum Part<'a> {
    /// A word or a sign; `glued` to what is before it.
    Text { text: &'a str, glued: bool },
    /// A comment inside the node; one with `//` (only a slashdash can stand before it) ends the line.
    Comment(&'a str),
    /// `\`, the comments behind it, and the end of the line.
    Break(Vec<&'a str>),
    /// Children; `glued` to a slashdash.
    Block { block: Block<'a>, glued: bool },
}

impl Block<'_> {
    /// Which items stay on the line of the one before: a comment may speak to hacc about all that stands on its line, or on the
    /// next one.
    pub(super) fn kept(&self) -> Vec<bool> {
        let mut kept = vec![false; self.items.len()];
        let mut start = 0;
        let speaks = |comment: Option<&&str>| comment.is_some_and(|comment| speaks_to_hacc(comment));
        for line in self.items.chunk_by(|_, next| next.joined) {
            let end = start + line.len();
            let above = start.checked_sub(1).is_some_and(
                |before| matches!(&self.items[before].what, What::Comments(comments) if speaks(comments.last())),
            );
            let behind = matches!(&self.items[end - 1].what, What::Node(node) if speaks(node.trailing.last()));
            kept[start + 1..end].fill(above || behind);
            start = end;
        }
        kept
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.items.is_empty() && self.opening.is_empty()
    }
}

pub(super) fn is_line_comment(comment: &str) -> bool {
    comment.starts_with("//")
}

/// Whether a text goes over several lines.
pub(super) fn has_newline(text: &str) -> bool {
    let bytes = text.as_bytes();
    (0..bytes.len()).any(|at| newline_len(bytes, at) > 0)
}
