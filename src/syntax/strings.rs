//! Strings in quotes that stay on one line, and their escapes.

use super::chars::{self, QUOTED, RAW, newline_len, space_len};
use super::document::{DECODED, Tag, Word};
use super::lexer::{Lexeme, Lexer, offset};
use super::problems::{clip, error};

impl Lexer<'_> {
    /// Reads a string that begins with the quote here.
    #[inline]
    pub(super) fn quoted(&mut self) -> Lexeme {
        let open = self.pos;
        let mut at = open + 1;
        if self.bytes.get(at) == Some(&b'"') && self.bytes.get(at + 1) == Some(&b'"') {
            return self.multi_line(open, 0);
        }
        loop {
            match self.bytes.get(at).copied() {
                Some(byte) if chars::is(byte, QUOTED) => at += 1,
                Some(b'"') => {
                    self.pos = at + 1;
                    return Lexeme { word: Self::word(open, at + 1, 1), tag: Tag::String };
                }
                Some(b'\\') => return self.quoted_with_escapes(open, at),
                Some(_) if newline_len(self.bytes, at) == 0 => at += 1,
                _ => return self.unclosed_quote(open, at, 0),
            }
        }
    }

    fn quoted_with_escapes(&mut self, open: usize, first: usize) -> Lexeme {
        let begin = self.decoded.buffer.len();
        let mut from = open + 1;
        let mut at = first;
        loop {
            match self.bytes.get(at).copied() {
                Some(byte) if chars::is(byte, QUOTED) => at += 1,
                Some(b'\\') => {
                    self.decoded.buffer.push_str(self.piece(from, at));
                    at = self.escape(at);
                    from = at;
                }
                Some(b'"') => {
                    self.decoded.buffer.push_str(self.piece(from, at));
                    self.pos = at + 1;
                    return Lexeme { word: self.decoded_word(open, at + 1, begin), tag: Tag::String };
                }
                Some(_) if newline_len(self.bytes, at) == 0 => at += 1,
                _ => {
                    self.decoded.buffer.truncate(begin);
                    return self.unclosed_quote(open, at, 0);
                }
            }
        }
    }

    /// A word whose content is what was decoded since `begin`.
    pub(super) fn decoded_word(&mut self, start: usize, end: usize, begin: usize) -> Word {
        let index = offset(self.decoded.ranges.len());
        self.decoded.ranges.push((offset(begin), offset(self.decoded.buffer.len())));
        Word { start: offset(start), end: offset(end), content: DECODED | index }
    }

    /// Decodes the escape whose backslash stands at `at`; returns where the text goes on.
    pub(super) fn escape(&mut self, at: usize) -> usize {
        let plain = match self.bytes.get(at + 1).copied() {
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{C}',
            Some(b's') => ' ',
            Some(b @ (b'"' | b'\\')) => char::from(b),
            Some(b'u') => return self.unicode_escape(at),
            Some(_) => return self.space_escape(at),
            None => return at + 1,
        };
        self.decoded.buffer.push(plain);
        at + 2
    }

    /// `\` and literal white space stand for nothing.
    fn space_escape(&mut self, at: usize) -> usize {
        let end = skip_white(self.bytes, at + 1);
        if end > at + 1 {
            return end;
        }
        let c = self.piece(at + 1, self.bytes.len()).chars().next().unwrap_or(' ');
        let next = at + 1 + c.len_utf8();
        let help = if c == '/' {
            "write `/` alone: it needs no escape".to_owned()
        } else {
            format!(
                "a backslash itself is written `\\\\`: `\\\\{}`; or use a raw string, `#\"…\"#`",
                clip(&c.to_string())
            )
        };
        self.problems.push(
            error(format!("`\\{}` is no escape", clip(&c.to_string())))
                .label(self.problems.span(at, next), "")
                .note("the escapes are \\n \\r \\t \\b \\f \\s \\\" \\\\ and \\u{…}")
                .help(help),
        );
        self.decoded.buffer.push_str(self.piece(at, next));
        next
    }

    fn unicode_escape(&mut self, at: usize) -> usize {
        let digits = at + 3;
        let fault;
        let mut end = at + 2;
        if self.bytes.get(at + 2) == Some(&b'{') {
            end = digits;
            while self.bytes.get(end).is_some_and(u8::is_ascii_hexdigit) {
                end += 1;
            }
            let code = self.piece(digits, end);
            let closed = self.bytes.get(end) == Some(&b'}');
            if closed {
                end += 1;
            }
            let value = u32::from_str_radix(code, 16);
            fault = match (code.len(), value) {
                _ if !closed => "`}` is missing",
                (1..=6, Ok(value)) => match char::from_u32(value) {
                    Some(c) => {
                        self.decoded.buffer.push(c);
                        return end;
                    }
                    None if value > 0x10_FFFF => "the last code point is 10FFFF",
                    None => "surrogates (D800 to DFFF) are no characters",
                },
                (0, _) => "the number of the code point is missing",
                _ => "it has at most six digits",
            };
        } else {
            fault = "`{` is missing";
        }
        self.problems.push(
            error(format!("`{}` is no code point", clip(self.piece(at, end))))
                .label(self.problems.span(at, end), fault)
                .help("write the number of a Unicode character in one to six hexadecimal digits, as in `\\u{e9}`"),
        );
        self.decoded.buffer.push('\u{FFFD}');
        end
    }

    /// Reads a raw string or a keyword: something that begins with `#`.
    pub(super) fn raw(&mut self, start: usize) -> Option<Lexeme> {
        let mut open = self.pos;
        while self.bytes.get(open) == Some(&b'#') {
            open += 1;
        }
        let hashes = open - self.pos;
        if self.bytes.get(open) != Some(&b'"') {
            return None;
        }
        if self.bytes.get(open + 1) == Some(&b'"') && self.bytes.get(open + 2) == Some(&b'"') {
            return Some(self.multi_line(open, hashes));
        }
        let mut at = open + 1;
        loop {
            match self.bytes.get(at).copied() {
                Some(byte) if chars::is(byte, RAW) => at += 1,
                Some(b'"') => {
                    let after = at + 1;
                    let found = self.bytes[after..].iter().take(hashes).take_while(|b| **b == b'#').count();
                    at = after + found;
                    if found == hashes {
                        self.pos = at;
                        let trim = open + 1 - start;
                        // The same number of bytes is left out on both sides, except in the old `r#"…"#`.
                        let word = if trim == hashes + 1 {
                            Self::word(start, at, trim)
                        } else {
                            let begin = self.decoded.buffer.len();
                            self.decoded.buffer.push_str(self.piece(open + 1, after - 1));
                            self.decoded_word(start, at, begin)
                        };
                        return Some(Lexeme { word, tag: Tag::String });
                    }
                }
                Some(_) if newline_len(self.bytes, at) == 0 => at += 1,
                _ => return Some(self.unclosed_quote(open, at, hashes)),
            }
        }
    }

    /// A string on one line has no end; `at` is the end of its line or of the text.
    fn unclosed_quote(&mut self, open: usize, at: usize, hashes: usize) -> Lexeme {
        let start = open - hashes;
        let end_mark = format!("\"{}", "#".repeat(hashes.min(8)));
        let start_mark = format!("{}\"", "#".repeat(hashes.min(8)));
        let opening = self.problems.span(start, open + 1);
        if let Some(close) = self.closing_quote_below(at, hashes) {
            self.problems.push(
                error("a string in simple quotes cannot go over several lines")
                    .label(opening, "it begins here")
                    .label(self.problems.span(close, close + 1 + hashes), "and seems to end here")
                    .help(format!(
                        "write {start_mark}\"\" at the end of this line, the text on its own lines, and \"\"{end_mark} on a line of its own"
                    )),
            );
            self.pos = close + 1 + hashes;
            return Lexeme { word: Self::word(start, self.pos, 1 + hashes), tag: Tag::String };
        }
        let place = if at < self.bytes.len() { "line" } else { "file" };
        self.problems.push(
            error("this string is not closed")
                .label(opening, "it begins here")
                .label(self.problems.span(at, at), format!("the {place} ends here without {end_mark}"))
                .help(format!("close it with {end_mark}")),
        );
        self.pos = at;
        // The content leaves out the opening side only.
        let begin = self.decoded.buffer.len();
        self.decoded.buffer.push_str(self.piece(open + 1, at));
        Lexeme { word: self.decoded_word(start, at, begin), tag: Tag::String }
    }

    /// The quote on one of the next lines that looks like the end of a string begun above: something is written
    /// right before it and nothing right behind it.
    fn closing_quote_below(&self, line_end: usize, hashes: usize) -> Option<usize> {
        const LOOK_AHEAD: usize = 4096;
        let below = &self.bytes[line_end..(line_end + LOOK_AHEAD).min(self.bytes.len())];
        let at = line_end + memchr::memchr(b'"', below)?;
        let before = self.bytes[at - 1];
        let alone = self.piece(line_end, at).rsplit(['\n', '\r']).next().is_some_and(chars::only_spaces);
        let after = at + 1 + hashes;
        let closes = self.bytes.get(at + 1..after)?.iter().all(|b| *b == b'#')
            && self.bytes.get(after).is_none_or(|b| matches!(b, b' ' | b'\t' | b'\r' | b'\n' | b';' | b'}'));
        let opens = matches!(before, b' ' | b'\t' | b'=' | b'(' | b'#' | b'{' | b';' | b'\\')
            || newline_len(self.bytes, at - 1) > 0;
        (closes && (!opens || alone)).then_some(at)
    }
}

/// One past the spaces and newlines at `from`.
pub(super) fn skip_white(bytes: &[u8], from: usize) -> usize {
    let mut at = from;
    loop {
        match space_len(bytes, at).max(newline_len(bytes, at)) {
            0 => return at,
            n => at += n,
        }
    }
}
