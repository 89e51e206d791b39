//! What has to go with a part of a text, so that the rest still is one, and looks as if the part had never been there.

use std::ops::Range;

use super::chars::{newline_len, only_spaces, space_len};
use super::tokens::{Token, Tokens};
use super::{Document, Entry, Node, NodeId};

/// The ranges of the text to take out for the part at `part` to be gone: with a node its `;`, the line on which nothing else
/// stands, and the braces around it where there is no other; with an argument or property the space before it; with a line
/// comment the space before it, or its line. Other comments stay. Something that is none of these is taken out alone.
///
/// `None` where that cannot be done: what is commented out behind the node with `/-` would be left without it.
#[must_use]
pub fn removal(document: &Document, part: Range<usize>) -> Option<Vec<Range<usize>>> {
    let base = document.base() as usize;
    let local = |span: crate::source::Span| span.start as usize - base..span.end as usize - base;
    if document.text().get(part.clone()).is_some_and(|text| text.starts_with("//")) {
        return Some(vec![of_comment(document.text(), part)]);
    }
    // Nodes stand in the order of their first bytes, so the last one that begins here or before is the part or holds it.
    let (mut low, mut high) = (0, u32::try_from(document.node_count()).unwrap_or(u32::MAX));
    while low < high {
        let middle = low.midpoint(high);
        let before = document.node(NodeId(middle)).is_some_and(|node| local(node.span()).start <= part.start);
        (low, high) = if before { (middle + 1, high) } else { (low, middle) };
    }
    let Some(node) = low.checked_sub(1).and_then(|last| document.node(NodeId(last))) else { return Some(vec![part]) };
    if local(node.span()) == part {
        let block = node.parent().filter(|parent| parent.children().nth(1).is_none()).and_then(Node::children_span);
        let text = document.text();
        return block
            .map_or_else(|| of_node(text, part.clone()), |block| of_only_child(text, part.clone(), &local(block)));
    }
    let entry = node.entries().any(|entry| {
        part == local(match entry {
            Entry::Arg(value) => value.typed_span(),
            Entry::Prop(prop) => prop.span(),
        })
    });
    Some(vec![if entry { of_entry(document.text(), part) } else { part }])
}

fn of_entry(text: &str, part: Range<usize>) -> Range<usize> {
    let before = spaces_before(text, part.start);
    // At the start of a continued line the indentation stays.
    if begins_line(text, before) { part.start..spaces_behind(text, part.end) } else { before..part.end }
}

fn of_comment(text: &str, part: Range<usize>) -> Range<usize> {
    let before = spaces_before(text, part.start);
    let newline = if begins_line(text, before) { newline_len(text.as_bytes(), part.end) } else { 0 };
    before..part.end + newline
}

/// A node goes, and the braces around it.
fn of_only_child(text: &str, part: Range<usize>, block: &Range<usize>) -> Option<Vec<Range<usize>>> {
    let (open, close) = (spaces_before(text, block.start), block.end - 1);
    let (mut comments, mut lines, mut continued) = (false, false, false);
    for inside in [block.start + 1..part.start, part.end..close] {
        let mut tokens = Tokens::behind(text, inside.start);
        while let Some((token, _)) = tokens.next().filter(|_| tokens.position() <= inside.end) {
            match token {
                // Without the braces it would comment out something else.
                Token::Slashdash => return None,
                Token::LineComment | Token::BlockComment => comments = true,
                Token::Newline => lines = true,
                Token::Continuation => continued = true,
                _ => {}
            }
        }
    }
    if !comments {
        let whole = open..block.end;
        return Some(vec![whole]);
    }
    // Nor may what stands behind them become a part of the node.
    if continued {
        return None;
    }
    let mut gone = of_node(text, part)?;
    let before = spaces_before(text, close);
    let mut end = block.end;
    if lines {
        // The node now ends where its line did.
        let mut tokens = Tokens::behind(text, end);
        match tokens.next() {
            Some((Token::Semicolon, _)) => end = tokens.position(),
            Some((Token::Newline | Token::LineComment | Token::Close, _)) | None => {}
            Some(_) => return None,
        }
    }
    let newline = newline_len(text.as_bytes(), end);
    let whole_line = begins_line(text, before) && (newline > 0 || end == text.len());
    gone.push(if whole_line { before..end + newline } else { close..end });
    gone.push(open..block.start + 1);
    Some(gone)
}

fn of_node(text: &str, part: Range<usize>) -> Option<Vec<Range<usize>>> {
    let mut semicolon = None;
    let mut tokens = Tokens::behind(text, part.end);
    while let Some((token, _)) = tokens.next() {
        match token {
            // What is commented out needs the node; a continuation that leads nowhere is not worth the trouble.
            Token::Slashdash | Token::Continuation => return None,
            Token::BlockComment => continue,
            Token::Semicolon => semicolon = Some(tokens.position() - 1),
            _ => {}
        }
        break;
    }
    let before = spaces_before(text, part.start);
    let mut gone = Vec::new();
    let mut end = spaces_behind(text, part.end);
    if semicolon == Some(end) {
        end = spaces_behind(text, end + 1);
    } else if let Some(at) = semicolon {
        gone.push(at..at + 1);
    }
    let bytes = text.as_bytes();
    let newline = newline_len(bytes, end);
    let last = newline > 0 || end == text.len();
    gone.insert(
        0,
        match (begins_line(text, before), last) {
            (true, true) => before..end + newline,
            // What stood before it is now the last on its line, or in its block.
            (false, true) => before..end,
            (false, false) if bytes.get(before.wrapping_sub(1)) == Some(&b'{') && bytes.get(end) == Some(&b'}') => {
                before..end
            }
            (_, false) => part.start..end,
        },
    );
    Some(gone)
}

fn begins_line(text: &str, at: usize) -> bool {
    at == 0
        || text
            .get(..at)
            .unwrap_or("")
            .ends_with(['\n', '\r', '\u{B}', '\u{C}', '\u{85}', '\u{2028}', '\u{2029}', '\u{FEFF}'])
}

fn spaces_before(text: &str, at: usize) -> usize {
    let before = text.get(..at).unwrap_or("");
    before
        .char_indices()
        .rev()
        .take_while(|(n, c)| only_spaces(&before[*n..n + c.len_utf8()]))
        .last()
        .map_or(at, |(n, _)| n)
}

fn spaces_behind(text: &str, mut at: usize) -> usize {
    loop {
        match space_len(text.as_bytes(), at) {
            0 => return at,
            n => at += n,
        }
    }
}
