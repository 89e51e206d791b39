use super::chars::{self, LINE, newline_len, space_len};
use super::document::{Decoded, NONE, Tag, Word};
use super::problems::{Problems, error, unclosed};
use super::remarks;
use crate::source::Span;

/// A place in the text that moves forward, and what was found out on the way.
pub(super) struct Lexer<'a> {
    pub text: &'a str,
    pub bytes: &'a [u8],
    pub pos: usize,
    /// Where the line of `pos` starts; inside strings and comments of several lines it may be an earlier one.
    pub line_start: usize,
    pub problems: Problems,
    pub decoded: Decoded,
    /// Line comments that speak to hacc, from `//` to the end of the line.
    pub remarks: Vec<(u32, u32)>,
    /// Something that was never closed took the rest of the text: what is missing behind it is no further error.
    pub cut_short: bool,
}

/// A value, a name or a key.
#[derive(Clone, Copy)]
pub(super) struct Lexeme {
    pub word: Word,
    pub tag: Tag,
}

/// What a word is read for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// The name of a node.
    Name,
    /// An argument, or the key of a property.
    Entry,
    /// The value of a property.
    Value,
    /// The name of a type, in parentheses.
    Type,
}

/// A local offset as it is stored.
#[allow(clippy::cast_possible_truncation)] // SourceMap keeps every offset below u32::MAX
pub(super) const fn offset(at: usize) -> u32 {
    at as u32
}

impl<'a> Lexer<'a> {
    pub(super) fn new(text: &'a str, base: u32) -> Self {
        let pos = if text.starts_with('\u{FEFF}') { '\u{FEFF}'.len_utf8() } else { 0 };
        Self {
            text,
            bytes: text.as_bytes(),
            pos,
            line_start: pos,
            problems: Problems::new(base),
            decoded: Decoded::default(),
            remarks: Vec::new(),
            cut_short: false,
        }
    }

    #[inline]
    pub(super) fn peek(&self) -> Option<u8> {
        self.bytes.get(self.pos).copied()
    }

    #[inline]
    pub(super) fn peek_at(&self, ahead: usize) -> Option<u8> {
        self.bytes.get(self.pos + ahead).copied()
    }

    #[inline]
    pub(super) fn at_slashdash(&self) -> bool {
        self.peek() == Some(b'/') && self.peek_at(1) == Some(b'-')
    }

    /// Whether a newline stands here.
    #[inline]
    pub(super) fn at_newline(&self) -> bool {
        newline_len(self.bytes, self.pos) > 0
    }

    /// Skips the newline here, if there is one.
    #[inline]
    pub(super) fn newline(&mut self) -> bool {
        let n = newline_len(self.bytes, self.pos);
        if n > 0 {
            self.pos += n;
            self.line_start = self.pos;
        }
        n > 0
    }

    pub(super) fn piece(&self, start: usize, end: usize) -> &'a str {
        self.text.get(start..end).unwrap_or("")
    }

    /// The span of the character at `at`.
    pub(super) fn char_span(&self, at: usize) -> Span {
        let len = self.piece(at, self.bytes.len()).chars().next().map_or(0, char::len_utf8);
        self.problems.span(at, at + len)
    }

    pub(super) fn word(start: usize, end: usize, trim: usize) -> Word {
        debug_assert!(offset(end) != NONE);
        Word { start: offset(start), end: offset(end), content: offset(trim) }
    }

    /// Skips what may stand between the parts of a node: spaces, block comments, line continuations.
    /// Returns whether there was any.
    #[inline]
    pub(super) fn space(&mut self) -> bool {
        let start = self.pos;
        loop {
            match self.peek() {
                Some(b' ' | b'\t') => self.pos += 1,
                Some(b'/') if self.peek_at(1) == Some(b'*') => self.block_comment(),
                Some(b'\\') => self.line_continuation(),
                Some(0xC2 | 0xE1..=0xE3) => match space_len(self.bytes, self.pos) {
                    0 => break,
                    n => self.pos += n,
                },
                _ => break,
            }
        }
        self.pos > start
    }

    /// Skips what may stand between nodes: the same, newlines and line comments.
    #[inline]
    pub(super) fn lines(&mut self) {
        loop {
            match self.peek() {
                Some(b'\n') => {
                    self.pos += 1;
                    self.line_start = self.pos;
                }
                Some(b' ') => self.pos += 1,
                Some(b'/') if self.peek_at(1) == Some(b'/') => self.line_comment(),
                _ => {
                    if !self.newline() && !self.space() {
                        break;
                    }
                }
            }
        }
    }

    /// Skips `// …` and the newline that ends it. One that speaks to hacc is noted.
    pub(super) fn line_comment(&mut self) {
        let start = self.pos;
        self.skip_to_line_end();
        if remarks::speaks_to_hacc(self.piece(start, self.pos)) {
            self.remarks.push((offset(start), offset(self.pos)));
        }
        self.newline();
    }

    /// Moves to the newline that ends the line.
    pub(super) fn skip_to_line_end(&mut self) {
        while let Some(byte) = self.peek() {
            if !chars::is(byte, LINE) && self.at_newline() {
                break;
            }
            self.pos += 1;
        }
    }

    /// Skips `/* … */`.
    pub(super) fn block_comment(&mut self) {
        let open = self.pos;
        let mut inner = open;
        let mut depth = 1_usize;
        self.pos += 2;
        while let Some(found) = memchr::memchr2(b'*', b'/', &self.bytes[self.pos..]) {
            self.pos += found;
            match (self.peek(), self.peek_at(1)) {
                (Some(b'*'), Some(b'/')) => {
                    self.pos += 2;
                    depth -= 1;
                    if depth == 0 {
                        return;
                    }
                }
                (Some(b'/'), Some(b'*')) => {
                    inner = self.pos;
                    self.pos += 2;
                    depth += 1;
                }
                _ => self.pos += 1,
            }
        }
        self.pos = self.bytes.len();
        self.cut_short = true;
        let mut problem = unclosed("this comment", self.problems.span(open, open + 2), "*/");
        if inner != open {
            problem = problem
                .label(self.problems.span(inner, inner + 2), "this opens a comment inside the comment")
                .note("comments nest: every `/*` needs its own `*/`");
        }
        self.problems.push(problem);
    }

    /// Skips `\`, the rest of its line and the newline.
    fn line_continuation(&mut self) {
        let at = self.pos;
        self.pos += 1;
        loop {
            match self.peek() {
                None => return,
                Some(b'/') if self.peek_at(1) == Some(b'/') => return self.line_comment(),
                Some(b'/') if self.peek_at(1) == Some(b'*') => self.block_comment(),
                _ => match space_len(self.bytes, self.pos) {
                    0 => break,
                    n => self.pos += n,
                },
            }
        }
        if !self.newline() {
            self.problems.push(
                error("`\\` continues a node on the next line, but more follows on this one")
                    .label(self.problems.span(at, at + 1), "only a comment may follow on this line")
                    .help("break the line after `\\`, or put the text that contains `\\` in quotes (there it is written `\\\\`)"),
            );
        }
    }
}
