use super::chars::{newline_len, space_len};
use super::lexer::{Lexer, Role};

/// A part of a text that has no errors; what stands where is known to be right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Token {
    Newline,
    /// Without the newline that ends it.
    LineComment,
    BlockComment,
    /// The `\` alone.
    Continuation,
    Slashdash,
    Open,
    Close,
    Semicolon,
    LeftParenthesis,
    RightParenthesis,
    Equals,
    /// A string in any form, a number, a keyword.
    Word,
}

/// The tokens of a text, without its spaces.
pub(super) struct Tokens<'a> {
    lexer: Lexer<'a>,
}

impl<'a> Tokens<'a> {
    pub(super) fn of(text: &'a str) -> Self {
        Self { lexer: Lexer::new(text, 0) }
    }

    /// Those behind a token that ends at `at`.
    pub(super) fn behind(text: &'a str, at: usize) -> Self {
        let mut tokens = Self::of(text);
        tokens.lexer.pos = at;
        tokens
    }

    /// One past the last token.
    pub(super) const fn position(&self) -> usize {
        self.lexer.pos
    }

    fn take(&mut self, bytes: usize) {
        self.lexer.pos += bytes;
    }
}

impl<'a> Iterator for Tokens<'a> {
    type Item = (Token, &'a str);

    fn next(&mut self) -> Option<Self::Item> {
        let lexer = &mut self.lexer;
        loop {
            match space_len(lexer.bytes, lexer.pos) {
                0 => break,
                n => lexer.pos += n,
            }
        }
        let start = lexer.pos;
        let newline = newline_len(lexer.bytes, start);
        let token = match (lexer.peek()?, lexer.peek_at(1)) {
            _ if newline > 0 => {
                self.take(newline);
                Token::Newline
            }
            (b'/', Some(b'/')) => {
                lexer.skip_to_line_end();
                Token::LineComment
            }
            (b'/', Some(b'*')) => {
                lexer.block_comment();
                Token::BlockComment
            }
            (b'/', Some(b'-')) => {
                self.take(2);
                Token::Slashdash
            }
            (sign @ (b'\\' | b'{' | b'}' | b';' | b'(' | b')' | b'='), _) => {
                self.take(1);
                match sign {
                    b'\\' => Token::Continuation,
                    b'{' => Token::Open,
                    b'}' => Token::Close,
                    b';' => Token::Semicolon,
                    b'(' => Token::LeftParenthesis,
                    b')' => Token::RightParenthesis,
                    _ => Token::Equals,
                }
            }
            _ => {
                lexer.lexeme(Role::Entry)?;
                Token::Word
            }
        };
        Some((token, self.lexer.piece(start, self.lexer.pos)))
    }
}
