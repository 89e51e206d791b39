//! What to say about words that are none, and where to read on behind them.

use super::chars::{self, line_end};
use super::document::Tag;
use super::lexer::{Lexeme, Lexer, Role};
use super::number::{self, Fault};
use super::problems::{clip, error, quoted};

impl Lexer<'_> {
    pub(super) fn reserved(&mut self, start: usize, end: usize, role: Role) -> Lexeme {
        let word = self.piece(start, end);
        let span = self.problems.span(start, end);
        let name = matches!(role, Role::Name | Role::Type) || (role == Role::Entry && self.peek() == Some(b'='));
        let problem = error(format!("`{word}` is a reserved word in KDL 2"));
        let problem = if name {
            problem.label(span, "as a name it needs quotes").help(format!("write \"{word}\""))
        } else {
            problem
                .label(span, format!("in KDL 2 this value is #{word}"))
                .help(format!("write #{word}, or \"{word}\" if you mean the string"))
        };
        self.problems.push(problem);
        let tag = match word {
            _ if name => Tag::String,
            "true" => Tag::True,
            "false" => Tag::False,
            "null" => Tag::Null,
            "inf" => Tag::Inf,
            "-inf" => Tag::NegInf,
            _ => Tag::Nan,
        };
        Lexeme { word: Self::word(start, end, 0), tag }
    }

    pub(super) fn not_a_number(&mut self, start: usize, end: usize, fault: Fault) {
        let word = self.piece(start, end);
        let label = match fault {
            Fault::NoIntegerPart => "a digit is missing before the point".to_owned(),
            Fault::NoFraction => "a digit is missing behind the point".to_owned(),
            Fault::NoExponent => "the exponent has no digits".to_owned(),
            Fault::SecondPoint => "a number has one point at most".to_owned(),
            Fault::NoDigits => "a digit is missing behind the prefix".to_owned(),
            Fault::UpperRadix => "the prefix is written with a small letter".to_owned(),
            Fault::Digit(c) => format!("`{}` does not belong into this number", clip(&c.to_string())),
            Fault::Comma => "values are separated by spaces".to_owned(),
        };
        let help = match fault {
            Fault::Comma if word.find(',') == Some(word.len() - 1) => {
                format!("leave out the comma: {}", clip(&word[..word.len() - 1]))
            }
            Fault::NoIntegerPart if number::classify(&word.replacen('.', "0.", 1)).is_ok() => {
                format!("write {}, or {} if you mean a string", clip(&word.replacen('.', "0.", 1)), quoted(word))
            }
            Fault::UpperRadix => format!("write {}", clip(&word.to_ascii_lowercase())),
            _ => format!("if you mean a string, put it in quotes: {}", quoted(word)),
        };
        self.problems.push(
            error(format!("`{}` is not a number", clip(word)))
                .label(self.problems.span(start, end), label)
                .note("a bare word that starts like a number has to be one")
                .help(help),
        );
    }

    pub(super) fn no_keyword(&mut self, start: usize, end: usize, role: Role) {
        let word = self.piece(start + 1, end);
        let small = word.to_ascii_lowercase();
        let known = match small.as_str() {
            "true" | "yes" | "on" => Some("#true"),
            "false" | "no" | "off" => Some("#false"),
            "null" | "nil" | "none" => Some("#null"),
            "inf" | "+inf" | "infinity" => Some("#inf"),
            "-inf" | "-infinity" => Some("#-inf"),
            "nan" => Some("#nan"),
            _ => None,
        };
        if let (Some(known), false) = (known, role == Role::Name) {
            self.pos = end;
            self.problems.push(
                error(format!("`#{}` is no keyword", clip(word)))
                    .label(self.problems.span(start, end), "")
                    .help(format!("did you mean {known}?")),
            );
            return;
        }
        self.pos = start;
        self.skip_rest_of_line();
        self.problems.push(
            error("`#` does not begin a comment")
                .label(self.problems.span(start, (start + 1).max(end)), "neither a keyword nor a raw string")
                .note("the keywords are #true #false #null #inf #-inf #nan; a raw string is written #\"…\"#")
                .help("a comment begins with `//`"),
        );
    }

    /// A character that begins nothing. It is skipped, unless it ends or opens something.
    pub(super) fn stray(&mut self, role: Role) -> Option<Lexeme> {
        let start = self.pos;
        let end = start + self.piece(start, self.bytes.len()).chars().next().map_or(0, char::len_utf8);
        let c = self.piece(start, end);
        let span = self.problems.span(start, end);
        let missing = match role {
            Role::Name => "the name of a node",
            Role::Entry => "a value",
            Role::Value => "the value of the property",
            Role::Type => "the name of a type",
        };
        if self.at_newline() || matches!(c, ";" | "{" | "}") || (c == ")" && role == Role::Type) {
            self.problems.push(error(format!("{missing} is missing")).label(span, "it should stand before this"));
            return None;
        }
        self.pos = end;
        let problem = match c {
            "/" if self.peek() == Some(b'/') || self.peek() == Some(b'-') => {
                self.pos = end + 1;
                error(format!("{missing} is missing"))
                    .label(self.problems.span(start, end + 1), "no comment can stand before it here")
            }
            "[" if let Some(close) = self.in_line(end, b']') => {
                self.pos = close + 1;
                error("KDL has no lists in brackets")
                    .label(self.problems.span(start, self.pos), "this is no value")
                    .help("write the values one after the other, separated by spaces, without brackets and commas")
            }
            "/" | "[" | "]" => {
                let stop = self.skip_odd_word();
                let word = self.piece(start, stop);
                error(format!("`{c}` cannot stand in a bare word"))
                    .label(self.problems.span(start, stop), "this needs quotes")
                    .help(format!("write {}", quoted(word)))
            }
            ")" => error("`)` closes nothing").label(span, "no `(` is open here"),
            "(" => {
                self.pos = self.in_line(end, b')').map_or(end, |close| close + 1);
                error("a second type annotation")
                    .label(self.problems.span(start, self.pos), "one is allowed before a name or a value")
            }
            "=" if role == Role::Value => {
                error("a second `=`").label(span, "one is enough").help("a property is written key=value")
            }
            "=" => error("`=` without a key before it").label(span, "").help("a property is written key=value"),
            _ => error(format!("`{}` is not expected here", clip(c))).label(span, ""),
        };
        self.problems.push(problem);
        None
    }

    /// Where `byte` stands further on in this line, before any brace or quote.
    pub(super) fn in_line(&self, from: usize, byte: u8) -> Option<usize> {
        let line = &self.bytes[from..line_end(self.bytes, from)];
        let found = line.iter().position(|b| *b == byte || matches!(b, b'{' | b'}' | b'"' | b';'))?;
        (line[found] == byte).then_some(from + found)
    }

    pub(super) fn skip_odd_word(&mut self) -> usize {
        loop {
            let end = chars::word_end(self.bytes, self.pos);
            if !matches!(self.bytes.get(end), Some(b'/' | b'[' | b']' | b'#' | b'"')) {
                self.pos = end;
                return end;
            }
            self.pos = end + 1;
        }
    }

    /// Gives up this line, but neither a children block that opens at its end nor the end of one.
    pub(super) fn skip_rest_of_line(&mut self) {
        let mut open: Vec<usize> = Vec::new();
        while let Some(byte) = self.peek() {
            match byte {
                b'{' => open.push(self.pos),
                b'}' if open.pop().is_none() => return,
                _ if self.at_newline() => break,
                _ => {}
            }
            self.pos += 1;
        }
        if let Some(first) = open.first() {
            self.pos = *first;
        }
    }
}
