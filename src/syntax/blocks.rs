//! Children blocks and slashdashes: what opens, what closes, and what to say when that does not add up.

use super::chars::space_len;
use super::document::NONE;
use super::lexer::offset;
use super::parser::{Blocks, Current, Frame, Mark, Parser};
use super::problems::error;

/// How many children blocks may be open at once. Later phases may rely on it.
pub const MAX_DEPTH: usize = 256;

/// A `}` at the start of a line that stands further left, or further right, than the line of its `{`.
#[derive(Clone, Copy)]
pub(super) struct OddClose {
    open: usize,
    close: usize,
}

impl Parser<'_> {
    /// Opens the children block here.
    pub(super) fn open(&mut self, mut current: Current, mut drop: Option<Mark>) {
        let at = self.lexer.pos;
        if current.blocks == Blocks::Real && drop.is_none() {
            let first = self.nodes.get(current.index as usize).map_or((NONE, NONE), |node| node.block);
            self.lexer.problems.push(
                error("a node has one block of children")
                    .label(self.lexer.problems.span(at, at + 1), "a second one begins here")
                    .label(self.lexer.problems.span(first.0 as usize, first.0 as usize + 1), "the first one")
                    .help("put the children into one block, or end the first node and begin another"),
            );
            drop = Some(self.mark());
        }
        if self.frames.len() >= MAX_DEPTH && self.too_deep.is_none() {
            self.lexer.problems.push(
                error(format!("more than {MAX_DEPTH} children blocks inside each other"))
                    .label(self.lexer.problems.span(at, at + 1), "this one is not read"),
            );
            self.too_deep = Some(self.frames.len());
            drop = drop.or_else(|| Some(self.mark()));
        }
        if current.blocks == Blocks::None {
            current.blocks = Blocks::Silent;
        }
        self.frames.push(Frame { owner: current, open: at, drop });
        self.lexer.pos += 1;
    }

    /// Closes the innermost block; returns its node, which may go on.
    pub(super) fn close(&mut self) -> Option<Current> {
        let at = self.lexer.pos;
        self.lexer.pos += 1;
        let Some(frame) = self.frames.pop() else {
            self.closes_nothing(at);
            return None;
        };
        let mut owner = frame.owner;
        self.note_odd_close(&frame, at);
        if let Some(mark) = frame.drop {
            self.rollback(mark);
        } else {
            owner.blocks = Blocks::Real;
            owner.end = at + 1;
            if let Some(node) = self.nodes.get_mut(owner.index as usize) {
                node.block = (offset(frame.open), offset(at + 1));
            }
        }
        if self.too_deep == Some(self.frames.len()) {
            self.too_deep = None;
        }
        Some(owner)
    }

    fn note_odd_close(&mut self, frame: &Frame, at: usize) {
        let line = self.lexer.line_start;
        if line <= frame.open {
            return;
        }
        let opening = indent(self.lexer.bytes, frame.owner.line_start);
        let closing = indent(self.lexer.bytes, line);
        if line + closing != at {
            return;
        }
        let odd = OddClose { open: frame.open, close: at };
        if closing < opening {
            self.odd_close.get_or_insert(odd);
        } else if closing > opening {
            self.early_close.get_or_insert(odd);
        }
    }

    /// Notes a node at the start of a line that does not stand further right than the line of the `{` it is inside of.
    pub(super) fn note_odd_node(&mut self, at: usize) {
        let line = self.lexer.line_start;
        let Some(frame) = self.frames.last().filter(|frame| self.odd_node.is_none() && frame.open < line) else {
            return;
        };
        let depth = indent(self.lexer.bytes, line);
        if line + depth == at && depth <= indent(self.lexer.bytes, frame.owner.line_start) {
            self.odd_node = Some((frame.open, at));
        }
    }

    fn closes_nothing(&mut self, at: usize) {
        let brace = |at: usize| self.lexer.problems.span(at, at + 1);
        let mut problem = error("`}` closes nothing").label(brace(at), "no block is open here");
        if let Some(early) = self.early_close.take() {
            problem = problem
                .label(brace(early.open), "perhaps this block ends too early:")
                .label(brace(early.close), "this one closes it, but stands further right");
        }
        self.lexer.problems.push(problem.help("remove it, or look for a `{` that is missing above"));
    }

    /// Ends every node that is still open.
    pub(super) fn end_of_text(&mut self) {
        let innermost = self.frames.last().map(|frame| frame.open);
        if let Some(open) = innermost
            && !self.lexer.cut_short
            && !self.lexer.problems.is_full()
        {
            self.unclosed_blocks(open);
        }
        let end = self.lexer.bytes.len();
        while let Some(frame) = self.frames.pop() {
            let mut owner = frame.owner;
            if let Some(mark) = frame.drop {
                self.rollback(mark);
            } else {
                owner.end = end;
                if let Some(node) = self.nodes.get_mut(owner.index as usize) {
                    node.block = (offset(frame.open), offset(end));
                }
            }
            self.finish(owner);
        }
    }

    fn unclosed_blocks(&mut self, innermost: usize) {
        let brace = |at: usize| self.lexer.problems.span(at, at + 1);
        let count = self.frames.len();
        let message = match count {
            1 => "this block of children is not closed".to_owned(),
            _ => format!("{count} blocks of children are not closed"),
        };
        let mut problem = error(message).label(brace(innermost), "it begins here");
        for frame in self.frames.iter().rev().skip(1).take(2) {
            problem = problem.label(brace(frame.open), "this one is open too");
        }
        if let Some(odd) = self.odd_close {
            problem = problem
                .label(brace(odd.open), "perhaps the `}` of this block is missing:")
                .label(brace(odd.close), "this one closes it, but stands further left");
        } else if let Some((open, at)) = self.odd_node
            && self.frames.iter().any(|frame| frame.open == open)
        {
            problem = problem.label(self.lexer.char_span(at), "perhaps it should be closed before this");
        }
        self.lexer.problems.push(problem.help("close it with `}`"));
    }

    /// Skips `/-` and what may follow it before the thing that is commented out. Returns whether there is one.
    pub(super) fn slashdash(&mut self, what: &str) -> bool {
        let at = self.lexer.pos;
        self.lexer.pos += 2;
        self.lexer.lines();
        let span = self.lexer.problems.span(at, at + 2);
        if self.lexer.at_slashdash() {
            let second = self.lexer.pos;
            self.lexer.problems.push(
                error("two slashdashes comment out the same thing")
                    .label(self.lexer.problems.span(second, second + 2), "a second one")
                    .label(span, "the first one")
                    .help("one is enough"),
            );
            while self.lexer.at_slashdash() {
                self.lexer.pos += 2;
                self.lexer.lines();
            }
        }
        if matches!(self.lexer.peek(), None | Some(b'}' | b';')) {
            self.lexer.problems.push(
                error("this slashdash comments out nothing")
                    .label(span, format!("{what} should follow"))
                    .help("remove it; a comment to the end of the line begins with `//`"),
            );
            return false;
        }
        true
    }

    /// A slashdash where it would comment out half of a thing.
    pub(super) fn slashdash_after(&mut self, what: &str) {
        let at = self.lexer.pos;
        self.lexer.problems.push(
            error(format!("a slashdash cannot stand behind {what}"))
                .label(self.lexer.problems.span(at, at + 2), "")
                .help("put it before the whole argument, property or node"),
        );
        while self.lexer.at_slashdash() {
            self.lexer.pos += 2;
            self.lexer.space();
        }
    }

    /// Something follows a children block on its line.
    pub(super) fn node_after_block(&mut self, current: Current) {
        let at = self.lexer.pos;
        self.lexer.problems.push(
            error("a node ends with its block of children, and more follows on the line")
                .label(self.lexer.char_span(at), "a new node begins on a new line or behind `;`")
                .label(self.lexer.problems.span(current.end.saturating_sub(1), current.end), "the block ends here")
                .help("put a `;` or a new line between them; arguments and properties stand before the block"),
        );
    }

    /// An entry behind a block that is commented out.
    pub(super) fn entry_after_block(&mut self) {
        let at = self.lexer.pos;
        self.lexer.problems.push(
            error("arguments and properties stand before the children, also before those that are commented out")
                .label(self.lexer.char_span(at), "this comes too late")
                .help("put it before the block"),
        );
    }
}

/// How many bytes of spaces the line at `start` begins with; no more than a thousand are counted.
fn indent(bytes: &[u8], start: usize) -> usize {
    let mut at = start;
    while at < start + 1000 {
        match space_len(bytes, at) {
            0 => break,
            n => at += n,
        }
    }
    at - start
}
