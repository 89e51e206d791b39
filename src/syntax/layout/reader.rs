//! From tokens to the tree.

use std::iter::Peekable;

use super::print::{Width, width_of_block};
use super::tree::{Block, Item, Node, Part, Tree, What, has_newline, is_line_comment};
use crate::syntax::tokens::{Token, Tokens};

impl<'a> Tree<'a> {
    /// The tree of a text without errors.
    pub(super) fn of(text: &'a str) -> Self {
        let mut reader = Reader { tokens: Tokens::of(text).peekable(), newlines: 0 };
        let mut top = Block::default();
        // A `}` too many cannot be: the text has no errors.
        reader.block(&mut top, false);
        Self { top }
    }
}

struct Reader<'a> {
    tokens: Peekable<Tokens<'a>>,
    /// How many tokens with a newline in them were met.
    newlines: usize,
}

impl<'a> Reader<'a> {
    fn next(&mut self) -> Option<(Token, &'a str)> {
        let (token, text) = self.tokens.next()?;
        let several = match token {
            Token::Newline => true,
            Token::Word | Token::BlockComment => has_newline(text),
            _ => false,
        };
        self.newlines += usize::from(several);
        Some((token, text))
    }

    fn peek(&mut self) -> Option<Token> {
        self.tokens.peek().map(|(token, _)| *token)
    }

    /// Reads up to the `}` that closes the block, and that one too, or to the end of the text.
    fn block(&mut self, block: &mut Block<'a>, nested: bool) {
        let before = self.newlines;
        // Comments of this line that belong to nothing yet.
        let mut loose: Vec<&'a str> = Vec::new();
        // What those belong to if nothing follows on the line: to the `{`, or to the node before.
        let mut opening = nested;
        let mut behind_node = false;
        let mut newlines = 0;
        let mut continued = false;
        loop {
            let token = self.peek();
            match token {
                Some(Token::LineComment | Token::BlockComment) => {
                    let Some((_, comment)) = self.next() else { break };
                    loose.push(comment);
                    // Between nodes a continuation is a space, but a comment to the end of its line ends it.
                    continued &= !is_line_comment(comment);
                }
                Some(Token::Continuation) => {
                    self.next();
                    continued = true;
                }
                Some(Token::Newline) if continued => {
                    self.next();
                    continued = false;
                }
                None | Some(Token::Newline | Token::Close) => {
                    self.next();
                    if !loose.is_empty() {
                        let comments = std::mem::take(&mut loose);
                        match block.items.last_mut() {
                            Some(Item { what: What::Node(node), .. })
                                if behind_node && !node.trailing.last().is_some_and(|last| is_line_comment(last)) =>
                            {
                                node.trailing.extend(comments);
                            }
                            _ if opening && token == Some(Token::Newline) => block.opening = comments,
                            _ => block.push(newlines, What::Comments(comments)),
                        }
                        newlines = 0;
                    }
                    if token != Some(Token::Newline) {
                        break;
                    }
                    newlines += 1;
                    (opening, behind_node) = (false, false);
                }
                // Never met: a text without errors has it behind nodes only.
                Some(Token::Semicolon) => {
                    self.next();
                }
                Some(_) => {
                    let (node, end) = self.node(std::mem::take(&mut loose));
                    block.push(newlines, What::Node(node));
                    for comments in end.comments {
                        block.push(0, What::Comments(comments));
                    }
                    newlines = usize::from(end.newline);
                    (opening, behind_node) = (false, true);
                }
            }
        }
        block.one_line = block.is_empty() || self.newlines == before;
    }

    /// Reads a node up to its end, and the `;` that ends it.
    fn node(&mut self, leading: Vec<&'a str>) -> (Node<'a>, End<'a>) {
        let mut draft = Draft { parts: leading.into_iter().map(Part::Comment).collect(), ..Draft::default() };
        let mut before = None;
        let mut semicolon = false;
        while let Some(token) = self.peek() {
            match token {
                Token::Newline | Token::LineComment if before != Some(Token::Slashdash) => break,
                Token::Close => break,
                Token::Semicolon => {
                    self.next();
                    semicolon = true;
                    break;
                }
                Token::Continuation => {
                    self.next();
                    // Behind a slashdash it is nothing but a space.
                    let comments = self.continuation();
                    if before == Some(Token::Slashdash) {
                        draft.parts.extend(comments.into_iter().map(Part::Comment));
                    } else {
                        draft.parts.push(Part::Break(comments));
                    }
                    continue;
                }
                Token::Open => {
                    self.next();
                    let mut block = Block::default();
                    self.block(&mut block, true);
                    block.width = width_of_block(&block);
                    draft.parts.push(Part::Block { block, glued: before == Some(Token::Slashdash) });
                }
                _ => {
                    let Some((_, text)) = self.next() else { break };
                    match token {
                        Token::Newline => continue,
                        Token::LineComment | Token::BlockComment => {
                            draft.parts.push(Part::Comment(text));
                            continue;
                        }
                        _ => draft.text(token, text, before),
                    }
                }
            }
            before = Some(token);
        }
        let (node, mut end) = draft.finish();
        end.newline &= !semicolon;
        (node, end)
    }

    /// The comments behind a `\`, and the end of its line.
    fn continuation(&mut self) -> Vec<&'a str> {
        let mut comments = Vec::new();
        while let Some(Token::BlockComment | Token::LineComment | Token::Newline) = self.peek() {
            match self.next() {
                Some((Token::Newline, _)) | None => break,
                Some((_, comment)) => comments.push(comment),
            }
        }
        comments
    }
}

impl<'a> Block<'a> {
    fn push(&mut self, newlines: usize, what: What<'a>) {
        let blank = newlines > 1 && !self.items.is_empty();
        let behind_node = matches!(self.items.last(), Some(Item { what: What::Node(_), .. }));
        let joined = newlines == 0 && behind_node && matches!(what, What::Node(_));
        self.items.push(Item { blank, joined, what });
    }
}

/// What a node leaves behind.
struct End<'a> {
    /// Comments that need lines of their own.
    comments: Vec<Vec<&'a str>>,
    /// The newline behind it was taken for that of a continuation, which leads nowhere.
    newline: bool,
}

/// A node in the making.
#[derive(Default)]
struct Draft<'a> {
    parts: Vec<Part<'a>>,
    name: Option<&'a str>,
    arguments: usize,
    first_property: Option<usize>,
    /// Where the entry that is being read begins.
    entry: usize,
    /// Inside parentheses.
    annotation: bool,
}

impl<'a> Draft<'a> {
    fn text(&mut self, token: Token, text: &'a str, before: Option<Token>) {
        let glued = match token {
            Token::RightParenthesis | Token::Equals => true,
            _ => matches!(
                before,
                Some(Token::LeftParenthesis | Token::RightParenthesis | Token::Equals | Token::Slashdash)
            ),
        };
        // The marker of KDL's version is known by its space.
        let marker = text == "kdl-version" && before == Some(Token::Slashdash) && self.name.is_none();
        if !glued {
            self.entry = self.parts.len();
        }
        match token {
            Token::LeftParenthesis => self.annotation = true,
            Token::RightParenthesis => self.annotation = false,
            Token::Equals if self.first_property.is_none() => {
                self.first_property = Some(self.entry);
                self.arguments = self.arguments.saturating_sub(1);
            }
            Token::Word if self.annotation => {}
            Token::Word if self.name.is_none() => self.name = Some(text),
            Token::Word if self.first_property.is_none() => self.arguments += 1,
            _ => {}
        }
        self.parts.push(Part::Text { text, glued: glued && !marker });
    }

    /// Comments at the end belong behind the node; what follows a `//` there needs a line of its own.
    fn finish(mut self) -> (Node<'a>, End<'a>) {
        let last = self.parts.iter().rposition(|part| matches!(part, Part::Text { .. } | Part::Block { .. }));
        let mut lines: Vec<Vec<&'a str>> = vec![Vec::new()];
        let mut newline = false;
        for part in self.parts.drain(last.map_or(0, |last| last + 1)..) {
            let comments = match part {
                Part::Comment(comment) => vec![comment],
                Part::Break(comments) => {
                    newline = true;
                    comments
                }
                Part::Text { .. } | Part::Block { .. } => Vec::new(),
            };
            for comment in comments {
                if let Some(line) = lines.last_mut() {
                    line.push(comment);
                }
                if is_line_comment(comment) {
                    lines.push(Vec::new());
                }
            }
        }
        let mut lines = lines.into_iter().filter(|line| !line.is_empty());
        let trailing = lines.next().unwrap_or_default();
        let blocks: Vec<bool> = self
            .parts
            .iter()
            .filter_map(|part| match part {
                Part::Block { block, .. } => Some(block.one_line),
                _ => None,
            })
            .collect();
        let mut node = Node {
            parts: self.parts,
            trailing,
            name: self.name.unwrap_or_default(),
            arguments: self.arguments,
            first_property: self.first_property,
            width: Width::default(),
            has_blocks: !blocks.is_empty(),
            one_line: blocks.into_iter().all(|one_line| one_line),
        };
        node.width = Width::of(&node);
        (node, End { comments: lines.collect(), newline })
    }
}
