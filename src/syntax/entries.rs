//! Arguments, properties and type annotations.

use super::chars::line_end;
use super::document::{EntryData, NONE, Tag, TypeData};
use super::lexer::{Lexeme, Role, offset};
use super::node::NO_WORD;
use super::parser::{Current, Parser};
use super::problems::{clip, error};

impl Parser<'_> {
    /// Reads an argument or a property. `spaced` says whether white space stood before it; returns whether some
    /// was skipped behind it.
    #[inline]
    pub(super) fn entry(&mut self, current: &mut Current, spaced: bool) -> bool {
        let start = self.lexer.pos;
        if self.lexer.peek() == Some(b'=') {
            return self.stray_equals(*current);
        }
        if !spaced && self.missing_space(start) {
            return true;
        }
        let before = self.lexer.problems.len();
        let ty = self.annotation();
        if self.broke_off(before) {
            return true;
        }
        if ty != NONE && self.lexer.at_slashdash() {
            self.slashdash_after("the type annotation");
        }
        let Some(first) = self.value(ty, Role::Entry) else { return true };
        let after = self.lexer.pos;
        let spaced = self.lexer.space();
        if self.lexer.peek() != Some(b'=') {
            self.push(current, EntryData { key: NO_WORD, value: first.word, ty, tag: first.tag }, after);
            return spaced;
        }
        self.check_key(first, ty);
        let equals = self.lexer.pos;
        self.lexer.pos += 1;
        self.lexer.space();
        if self.lexer.at_slashdash() {
            self.slashdash_after("`=`");
        }
        let before = self.lexer.problems.len();
        let value_ty = self.annotation();
        if self.broke_off(before) {
            return true;
        }
        if value_ty != NONE && self.lexer.at_slashdash() {
            self.slashdash_after("the type annotation");
        }
        if value_ty == NONE && self.at_end_of_entry() {
            let key = clip(self.lexer.piece(first.word.start as usize, first.word.end as usize));
            self.lexer.problems.push(
                error(format!("the property `{key}` has no value"))
                    .label(
                        self.lexer.problems.span(first.word.start as usize, equals + 1),
                        "a value is missing behind this",
                    )
                    .help(format!("write {key}=\"…\", or remove it")),
            );
            return true;
        }
        let Some(value) = self.value(value_ty, Role::Value) else { return true };
        let after = self.lexer.pos;
        self.push(current, EntryData { key: first.word, value: value.word, ty: value_ty, tag: value.tag }, after);
        false
    }

    #[inline]
    fn push(&mut self, current: &mut Current, entry: EntryData, end: usize) {
        self.entries.push(entry);
        current.entries_end = offset(self.entries.len());
        current.end = end;
    }

    /// A word, which a type annotation before it makes necessary.
    #[inline]
    fn value(&mut self, ty: u32, role: Role) -> Option<Lexeme> {
        if ty != NONE && self.at_end_of_entry() {
            self.type_without(ty, "a value");
            return None;
        }
        self.lexer.lexeme(role)
    }

    /// Whether a new error was told and nothing is left that could be read.
    pub(super) fn broke_off(&self, before: usize) -> bool {
        self.lexer.problems.len() > before && self.at_end_of_entry()
    }

    pub(super) fn at_end_of_entry(&self) -> bool {
        match self.lexer.peek() {
            None | Some(b';' | b'}' | b'{') => true,
            Some(b'/') => self.lexer.peek_at(1) == Some(b'/'),
            _ => self.lexer.at_newline(),
        }
    }

    /// Something stands right behind the last word. Returns whether the line was given up.
    fn missing_space(&mut self, at: usize) -> bool {
        let byte = self.lexer.bytes[at];
        let before = self.lexer.bytes.get(at.wrapping_sub(1)).copied().unwrap_or(b' ');
        if matches!(byte, b')' | b'[' | b']' | b'/' | b'=') {
            return false;
        }
        let quotes = byte == b'"' || before == b'"';
        let mut problem = error("a space is missing between two parts of a node")
            .label(self.lexer.char_span(at), "this should stand apart from what is before it");
        // `"lb version="2.6.12"`: what ends in an equals sign ran into the quote of the next value.
        if before == b'"' && self.lexer.bytes.get(at.wrapping_sub(2)) == Some(&b'=') {
            let line = self.lexer.line_start.min(at);
            let quote = self.lexer.bytes[line..at - 1].iter().rposition(|byte| *byte == b'"');
            if let Some(quote) = quote {
                let string = self.lexer.problems.span(line + quote, at);
                problem = problem.label(string, "perhaps this string should end earlier");
            }
        }
        self.lexer.problems.push(if quotes {
            problem.help("put a space here; or perhaps an earlier quote on this line is missing, or one inside the string is not written `\\\"`")
        } else {
            problem.help("put a space here, or put the whole in quotes if it is one string")
        });
        if quotes {
            self.lexer.skip_rest_of_line();
        }
        quotes
    }

    fn check_key(&mut self, key: Lexeme, ty: u32) {
        let (start, end) = (key.word.start as usize, key.word.end as usize);
        let raw = clip(self.lexer.piece(start, end));
        if key.tag != Tag::String {
            self.lexer.problems.push(
                error(format!("the key of a property is a string, not `{raw}`"))
                    .label(self.lexer.problems.span(start, end), "")
                    .help(format!("put the key in quotes: \"{}\"", raw.trim_start_matches('#'))),
            );
        }
        if let Some(ty) = self.types.get(ty as usize) {
            let span = self.lexer.problems.span(ty.span.0 as usize, ty.span.1 as usize);
            let written = clip(self.lexer.piece(ty.span.0 as usize, ty.span.1 as usize));
            self.lexer.problems.push(
                error("a type annotation belongs to the value of a property, not to its key")
                    .label(span, "")
                    .help(format!("write {raw}={written}…")),
            );
        }
    }

    /// `=` where an entry should begin.
    fn stray_equals(&mut self, current: Current) -> bool {
        let at = self.lexer.pos;
        let span = self.lexer.problems.span(at, at + 1);
        self.lexer.pos += 1;
        self.lexer.space();
        let name = self.nodes.get(current.index as usize).map_or(NO_WORD, |node| node.name);
        let last = self.entries.get((current.entries_end as usize).wrapping_sub(1));
        self.lexer.problems.push(if name.start != NONE && current.end == name.end as usize {
            let name = clip(self.lexer.piece(name.start as usize, name.end as usize));
            let value = clip(self.lexer.piece(self.lexer.pos, line_end(self.lexer.bytes, self.lexer.pos)));
            let value = value.split([' ', '\t', ';', '{', '}']).next().filter(|value| !value.is_empty()).unwrap_or("…");
            error(format!("`=` behind the name of a node: `{name}` stands first, so it is a node, not a property"))
                .label(span, "")
                .help(format!("write `{name} {value}`, or put the property behind the name of its node"))
        } else if let Some(key) = last.map(|last| last.key).filter(|key| key.start != NONE) {
            let key = clip(self.lexer.piece(key.start as usize, key.end as usize));
            error("`=` behind a value")
                .label(span, format!("what is before it is already the value of `{key}`"))
                .help(format!("if `{key}` has no value here, give it one ({key}=\"\") or remove it"))
        } else {
            error("`=` without a key before it").label(span, "").help("a property is written key=value")
        });
        true
    }

    /// Reads `(type)` and the white space behind it, if there is one; otherwise [`NONE`].
    #[inline]
    pub(super) fn annotation(&mut self) -> u32 {
        if self.lexer.peek() == Some(b'(') { self.read_annotation() } else { NONE }
    }

    fn read_annotation(&mut self) -> u32 {
        let open = self.lexer.pos;
        self.lexer.pos += 1;
        self.lexer.space();
        if self.lexer.at_slashdash() {
            self.slashdash_after("`(`");
        }
        let opening = self.lexer.problems.span(open, open + 1);
        let mut word = NO_WORD;
        if self.lexer.peek() == Some(b')') {
            self.lexer.problems.push(
                error("a type annotation without a name")
                    .label(self.lexer.problems.span(open, self.lexer.pos + 1), "")
                    .help("write the name of a type between the parentheses, or remove them"),
            );
        } else if self.at_end_of_entry() {
            // Told below: `)` is missing.
        } else if let Some(lexeme) = self.lexer.lexeme(Role::Type) {
            word = lexeme.word;
            if lexeme.tag != Tag::String {
                let (start, end) = (word.start as usize, word.end as usize);
                let raw = clip(self.lexer.piece(start, end));
                self.lexer.problems.push(
                    error(format!("the name of a type is a string, not `{raw}`"))
                        .label(self.lexer.problems.span(start, end), "")
                        .help(format!("put it in quotes: (\"{raw}\")")),
                );
            }
        }
        self.lexer.space();
        if self.lexer.peek() == Some(b')') {
            self.lexer.pos += 1;
        } else if word.start != NONE || self.at_end_of_entry() {
            let at = self.lexer.pos;
            if let Some(close) = self.lexer.in_line(at, b')') {
                self.lexer.pos = close + 1;
                self.lexer.problems.push(
                    error("a type annotation is one name")
                        .label(self.lexer.problems.span(at, close), "no more can stand in these parentheses")
                        .help("text in parentheses needs quotes"),
                );
            } else {
                self.lexer.problems.push(
                    error("this type annotation is not closed")
                        .label(opening, "it begins here")
                        .label(self.lexer.problems.span(at, at), "`)` is missing")
                        .help("a type annotation is one name in parentheses; text in parentheses needs quotes"),
                );
            }
        }
        let index = offset(self.types.len());
        if word.start != NONE {
            self.types.push(TypeData { word, span: (offset(open), offset(self.lexer.pos)) });
        }
        self.lexer.space();
        if word.start == NONE { NONE } else { index }
    }

    pub(super) fn type_without(&mut self, ty: u32, what: &str) {
        let Some(ty) = self.types.get(ty as usize) else { return };
        let span = self.lexer.problems.span(ty.span.0 as usize, ty.span.1 as usize);
        self.lexer.problems.push(
            error(format!("a type annotation without {what} behind it"))
                .label(span, "")
                .help("write what it describes behind it, or remove it"),
        );
    }
}
