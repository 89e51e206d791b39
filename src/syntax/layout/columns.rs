use super::tree::{Block, Node, What, is_line_comment};
use super::{INDENT, WIDTH};
use crate::syntax::remarks::speaks_to_hacc;

/// The widest beginning of a node, up to its first property, that has a column with its neighbours: columns are for the
/// eye, and beyond this it sees none.
const WIDEST_HEAD: usize = 40;
/// The widest node that has a column with its neighbours for the comments behind them.
const WIDEST_LINE: usize = 80;

/// Spaces to add to one line of a block so that columns line up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Pad {
    /// Before the first property.
    pub(super) property: usize,
    /// Before the comment at its end.
    pub(super) comment: usize,
}

/// Whether the blocks of a node, if it has any, stand on its own last line at this depth: where they fit, or a comment speaks to hacc
/// about all of the line.
pub(super) fn stays_flat(node: &Node<'_>, depth: usize) -> bool {
    let spoken_of = node.trailing.last().is_some_and(|comment| speaks_to_hacc(comment));
    !node.has_blocks || (node.one_line && (spoken_of || depth * INDENT + node.width.last <= WIDTH))
}

/// The padding of every item of a block; none where several share a line.
pub(super) fn columns(block: &Block<'_>, kept: &[bool], depth: usize) -> Vec<Pad> {
    let mut pads = vec![Pad::default(); block.items.len()];
    let lines = |n: usize| {
        let alone = !kept[n] && !kept.get(n + 1).is_some_and(|kept| *kept);
        alone && matches!(&block.items[n].what, What::Node(node) if node.width.one_line && stays_flat(node, depth))
    };
    let mut start = 0;
    while start < block.items.len() {
        if !lines(start) {
            start += 1;
            continue;
        }
        let more = (start + 1..block.items.len()).take_while(|n| !block.items[*n].blank && lines(*n)).count();
        let end = start + 1 + more;
        let lines: Vec<&Node<'_>> = block.items[start..end]
            .iter()
            .filter_map(|item| match &item.what {
                What::Node(node) => Some(node),
                What::Comments(_) => None,
            })
            .collect();
        properties(&lines, &mut pads[start..end]);
        comments(&lines, &mut pads[start..end]);
        start = end;
    }
    pads
}

/// Lines up the first properties of neighbours with one name and as many arguments; one without properties is passed over.
fn properties(lines: &[&Node<'_>], pads: &mut [Pad]) {
    let same =
        |a: &Node<'_>, b: &Node<'_>| a.name == b.name && (b.first_property.is_none() || a.arguments == b.arguments);
    let mut start = 0;
    while start < lines.len() {
        let first = lines[start];
        let head = first.width.head.filter(|head| *head <= WIDEST_HEAD);
        let Some(head) = head else {
            start += 1;
            continue;
        };
        let narrow = |node: &Node<'_>| node.width.head.is_none_or(|head| head <= WIDEST_HEAD);
        let more = lines[start + 1..].iter().take_while(|node| same(first, node) && narrow(node)).count();
        let end = start + 1 + more;
        let widest = lines[start..end].iter().filter_map(|node| node.width.head).max().unwrap_or(head);
        for (node, pad) in lines[start..end].iter().zip(&mut pads[start..end]) {
            pad.property = node.width.head.map_or(0, |head| widest - head);
        }
        start = end;
    }
}

/// Lines up the comments behind neighbouring lines.
fn comments(lines: &[&Node<'_>], pads: &mut [Pad]) {
    let width = |node: &Node<'_>, pad: &Pad| {
        let wide = node.width.last + pad.property;
        (wide <= WIDEST_LINE && matches!(node.trailing[..], [only] if is_line_comment(only))).then_some(wide)
    };
    let widths: Vec<Option<usize>> = lines.iter().zip(pads.iter()).map(|(node, pad)| width(node, pad)).collect();
    let mut start = 0;
    for run in widths.chunk_by(|a, b| a.is_some() && b.is_some()) {
        let widest = run.iter().copied().flatten().max().unwrap_or(0);
        for (width, pad) in run.iter().zip(&mut pads[start..]) {
            pad.comment = width.map_or(0, |width| widest - width);
        }
        start += run.len();
    }
}
