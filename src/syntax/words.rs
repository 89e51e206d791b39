//! Values, names and keys: bare words, numbers, keywords, and the dispatch to quoted and raw strings.

use super::chars::{self, line_end};
use super::document::Tag;
use super::lexer::{Lexeme, Lexer, Role};
use super::number;
use super::problems::{clip, error, quoted};

impl Lexer<'_> {
    /// Reads one word. `None` if there is none; then the error is told and what cannot be used is skipped.
    #[inline]
    pub(super) fn lexeme(&mut self, role: Role) -> Option<Lexeme> {
        match self.peek() {
            Some(b'"') => Some(self.quoted()),
            Some(b'#') => self.hash(role),
            Some(_) => {
                let end = chars::word_end(self.bytes, self.pos);
                if end > self.pos { Some(self.bare(end, role)) } else { self.stray(role) }
            }
            None => None,
        }
    }

    #[inline]
    fn bare(&mut self, end: usize, role: Role) -> Lexeme {
        let start = self.pos;
        let word = &self.bytes[start..end];
        if matches!(self.bytes.get(end), Some(b'/' | b'"' | b'#' | b'[' | b']' | b'\\'))
            && let Some(lexeme) = self.broken(start, end)
        {
            return lexeme;
        }
        self.pos = end;
        let plain = Lexeme { word: Self::word(start, end, 0), tag: Tag::String };
        match word[0] {
            b'0'..=b'9' | b'+' | b'-' | b'.' if chars::starts_like_number(word) => {
                match number::classify(self.piece(start, end)) {
                    Ok(tag) => Lexeme { tag, ..plain },
                    Err(fault) => {
                        self.not_a_number(start, end, fault);
                        plain
                    }
                }
            }
            b't' | b'f' | b'n' | b'i' | b'-' if chars::is_reserved(self.piece(start, end)) => {
                self.reserved(start, end, role)
            }
            _ => plain,
        }
    }

    /// A bare word that is followed at once by something that cannot follow; `None` if it can.
    fn broken(&mut self, start: usize, end: usize) -> Option<Lexeme> {
        match (self.bytes[end], self.bytes.get(end + 1)) {
            (b'/', Some(b'/' | b'*' | b'-')) | (b'\\', _) if self.bytes[end] != b'\\' || self.ends_line(end + 1) => {
                return None;
            }
            (b'"' | b'#', _) if self.piece(start, end) == "r" => {
                self.pos = end;
                if let Some(lexeme) = self.old_raw(start) {
                    return Some(lexeme);
                }
            }
            _ => {}
        }
        // All of it up to the next space belongs together in the mind of the one who wrote it.
        let mut stop = end;
        while let Some(byte) = self.bytes.get(stop).copied() {
            let word = chars::word_end(self.bytes, stop);
            stop = match byte {
                _ if word > stop => word,
                b'/' | b'"' | b'#' | b'[' | b']' | b'\\' => stop + 1,
                _ => break,
            };
        }
        self.pos = stop;
        let bad = self.bytes[end];
        let text = self.piece(start, stop);
        let span = self.problems.span(start, stop);
        if bad == b'"' {
            self.skip_rest_of_line();
        }
        self.problems.push(match bad {
            b'"' => {
                error("a quote in the middle of a bare word")
                    .label(self.problems.span(end, end + 1), "this quote")
                    .help("put a space before it if a string begins here; if a string ends here, its opening quote is missing")
            }
            b'/' if self.bytes[end - 1] == b'*' && end + 1 == stop => {
                error("`*/` closes no comment").label(self.problems.span(end - 1, stop), "no `/*` is open here").help(
                    "comments end at the first `*/` that closes their `/*`: remove this one, or open the comment before it",
                )
            }
            _ => error(format!("`{}` cannot stand in a bare word", char::from(bad)))
                .label(span, "this word needs quotes")
                .help(format!("write {}", quoted(text))),
        });
        Some(Lexeme { word: Self::word(start, stop, 0), tag: Tag::String })
    }

    /// Whether only spaces and comments stand between `from` and the end of its line.
    fn ends_line(&self, from: usize) -> bool {
        let rest = self.piece(from, line_end(self.bytes, from)).trim_start();
        rest.is_empty() || rest.starts_with("//") || rest.starts_with("/*")
    }

    /// `r"…"` or `r#"…"#` of KDL 1, read from behind the `r`.
    fn old_raw(&mut self, start: usize) -> Option<Lexeme> {
        let before = self.problems.len();
        let lexeme = self.raw(start)?;
        if self.problems.len() == before {
            let now = self.piece(start + 1, self.pos);
            let hint = if now.starts_with('#') { clip(now) } else { format!("#{}#", clip(now)) };
            self.problems.push(
                error("raw strings have no `r` in KDL 2")
                    .label(self.problems.span(start, self.pos), "the form of KDL 1")
                    .help(format!("write {hint}")),
            );
        }
        Some(lexeme)
    }

    /// Reads what begins with `#`: a raw string or a keyword.
    fn hash(&mut self, role: Role) -> Option<Lexeme> {
        let start = self.pos;
        let end = chars::word_end(self.bytes, start + 1);
        let tag = match self.piece(start + 1, end) {
            "true" => Tag::True,
            "false" => Tag::False,
            "null" => Tag::Null,
            "inf" => Tag::Inf,
            "-inf" => Tag::NegInf,
            "nan" => Tag::Nan,
            _ => {
                if let Some(lexeme) = self.raw(start) {
                    return Some(lexeme);
                }
                self.no_keyword(start, end, role);
                return None;
            }
        };
        self.pos = end;
        Some(Lexeme { word: Self::word(start, end, 0), tag })
    }
}
