//! Strings over several lines: `"""`, with or without hashes.
//!
//! The last line, which holds only spaces and the closing quotes, says how much indentation is not part of the
//! text. White space escapes are resolved before that, all other escapes after.

use super::chars::{newline_len, only_spaces};
use super::document::Tag;
use super::lexer::{Lexeme, Lexer};
use super::problems::error;
use super::strings::skip_white;

/// A line of the body: where it begins in the text, and what it says, escapes not yet decoded.
struct Line {
    at: usize,
    /// Pieces of the text that make it up; more than one where white space was escaped.
    pieces: Vec<(usize, usize)>,
}

impl Lexer<'_> {
    /// Reads a string whose three opening quotes begin at `open`, after so many hashes.
    pub(super) fn multi_line(&mut self, open: usize, hashes: usize) -> Lexeme {
        let start = open - hashes;
        let body = open + 3;
        let newline = newline_len(self.bytes, body);
        let Some(close) = self.closing_quotes(body, hashes) else {
            return self.unclosed_quotes(open, hashes, newline > 0);
        };
        self.pos = close + 3 + hashes;
        let begin = self.decoded.buffer.len();
        if newline == 0 {
            self.not_on_its_own_line(open, close, hashes);
            self.decoded.buffer.push_str(self.piece(body, close));
        } else {
            let lines = self.split(body + newline, close, hashes > 0);
            self.dedent(&lines, open, close, hashes);
        }
        Lexeme { word: self.decoded_word(start, self.pos, begin), tag: Tag::String }
    }

    /// Where the three closing quotes begin.
    fn closing_quotes(&self, from: usize, hashes: usize) -> Option<usize> {
        let mut at = from;
        loop {
            at += if hashes > 0 {
                memchr::memchr(b'"', &self.bytes[at..])?
            } else {
                memchr::memchr2(b'"', b'\\', &self.bytes[at..])?
            };
            if self.bytes[at] == b'\\' {
                at = (at + 2).min(self.bytes.len());
                continue;
            }
            let quotes = self.bytes[at..].iter().take_while(|b| **b == b'"').count();
            let after = at + quotes;
            if quotes >= 3 {
                if hashes == 0 {
                    return Some(at);
                }
                let found = self.bytes[after..].iter().take(hashes).take_while(|b| **b == b'#').count();
                if found == hashes {
                    return Some(after - 3);
                }
            }
            at = after;
        }
    }

    fn unclosed_quotes(&mut self, open: usize, hashes: usize, own_line: bool) -> Lexeme {
        let start = open - hashes;
        let mark = format!("\"\"\"{}", "#".repeat(hashes.min(8)));
        self.problems.push(
            error("this string of several lines is not closed")
                .label(self.problems.span(start, open + 3), "it begins here")
                .help(format!("close it with {mark} on a line of its own")),
        );
        if own_line {
            self.pos = self.bytes.len();
            self.cut_short = true;
        } else {
            // Most likely one line was meant, so the rest of the file is still worth reading.
            self.pos = open + 3;
            self.skip_to_line_end();
        }
        Lexeme { word: Self::word(start, open + 3, 0), tag: Tag::String }
    }

    fn not_on_its_own_line(&mut self, open: usize, close: usize, hashes: usize) {
        let marks = "#".repeat(hashes.min(8));
        let text = self.piece(open + 3, close);
        let one_line = !text.contains(['\n', '\r']);
        let help = if one_line && text.is_empty() {
            "an empty string is written \"\"".to_owned()
        } else if one_line && hashes == 0 {
            format!("on one line, write it with one quote on each side: {}", super::problems::quoted(text))
        } else {
            format!("break the line after {marks}\"\"\", and put the closing \"\"\"{marks} on a line of its own")
        };
        self.problems.push(
            error("the text of a `\"\"\"` string begins on the next line")
                .label(self.problems.span(open - hashes, open + 3), "nothing may follow these quotes on their line")
                .help(help),
        );
    }

    /// The lines of a body; without `raw`, escaped white space is taken out.
    fn split(&self, from: usize, to: usize, raw: bool) -> Vec<Line> {
        let mut lines = Vec::new();
        let mut line = Line { at: from, pieces: Vec::new() };
        let (mut piece, mut at) = (from, from);
        while at < to {
            let newline = newline_len(self.bytes, at);
            if newline > 0 {
                line.pieces.push((piece, at));
                at += newline;
                piece = at;
                lines.push(std::mem::replace(&mut line, Line { at, pieces: Vec::new() }));
            } else if !raw && self.bytes[at] == b'\\' {
                let end = skip_white(self.bytes, at + 1);
                if end > at + 1 {
                    line.pieces.push((piece, at));
                    piece = end;
                    at = end;
                } else {
                    at += 2;
                }
            } else {
                at += 1;
            }
        }
        line.pieces.push((piece, to));
        lines.push(line);
        lines
    }

    /// Appends the text of the lines to the decoded strings.
    fn dedent(&mut self, lines: &[Line], open: usize, close: usize, hashes: usize) {
        let Some((last, lines)) = lines.split_last() else { return };
        let prefix = self.join(last);
        let closing = self.problems.span(close, close + 3 + hashes);
        let own_line = only_spaces(&prefix);
        if !own_line {
            self.problems.push(
                error("the closing `\"\"\"` must stand on a line of its own")
                    .label(closing, "text stands before it on its line")
                    .label(self.problems.span(open - hashes, open + 3), "the string begins here")
                    .help(if last.pieces.len() > 1 {
                        "break the line before the quotes; a `\\` at the end of the line before joins the two lines"
                    } else {
                        "break the line before the quotes"
                    }),
            );
        }
        let mut short: Option<(&Line, usize)> = None;
        for (n, line) in lines.iter().enumerate() {
            if n > 0 {
                self.decoded.buffer.push('\n');
            }
            let text = self.join(line);
            if only_spaces(&text) {
                continue;
            }
            let skip = match (own_line, text.starts_with(prefix.as_str())) {
                (true, true) => prefix.len(),
                (true, false) => {
                    short = Some((short.map_or(line, |first| first.0), short.map_or(1, |first| first.1 + 1)));
                    0
                }
                (false, _) => 0,
            };
            self.decode_line(line, skip, hashes > 0);
        }
        if !own_line && !lines.is_empty() {
            self.decoded.buffer.push('\n');
        }
        if !own_line {
            self.decode_line(last, 0, hashes > 0);
        }
        if let Some((line, count)) = short {
            self.less_indented(line, count, closing);
        }
    }

    fn less_indented(&mut self, line: &Line, count: usize, closing: crate::source::Span) {
        let mut end = line.at;
        while super::chars::space_len(self.bytes, end) > 0 {
            end += super::chars::space_len(self.bytes, end);
        }
        let others = if count > 1 { format!(" ({} more after this one)", count - 1) } else { String::new() };
        self.problems.push(
            error(format!("a line of this string is not indented like its closing quotes{others}"))
                .label(self.problems.span(line.at, end), "this indentation")
                .label(closing, "does not begin with the one before these quotes")
                .note("what stands before the closing quotes is taken off every line; spaces and tabs are different")
                .help("indent the line, or move the closing quotes to the left"),
        );
    }

    fn join(&self, line: &Line) -> String {
        line.pieces.iter().map(|(start, end)| self.piece(*start, *end)).collect()
    }

    /// Decodes a line without its first `skip` bytes, which are spaces.
    fn decode_line(&mut self, line: &Line, mut skip: usize, raw: bool) {
        for (start, end) in &line.pieces {
            let gone = skip.min(end - start);
            skip -= gone;
            let (mut from, mut at) = (start + gone, start + gone);
            while !raw && let Some(found) = memchr::memchr(b'\\', &self.bytes[at..(*end).max(at)]) {
                at += found;
                self.decoded.buffer.push_str(self.piece(from, at));
                at = self.escape(at);
                from = at;
            }
            self.decoded.buffer.push_str(self.piece(from, *end));
        }
    }
}
