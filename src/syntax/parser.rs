use super::document::{Document, EntryData, NONE, NodeData, Tag, TypeData, Word};
use super::lexer::{Lexeme, Lexer, Role, offset};
use super::node::NO_WORD;
use super::problems::{Problems, clip, error};
use super::{blocks, forbidden};
use crate::diagnostic::Diagnostic;
use crate::source::Source;

/// What an ordinary document needs; memory that is not used is given back.
const BYTES_A_NODE: usize = 40;
const BYTES_AN_ENTRY: usize = 20;

/// Reads a text. The document contains what could be understood; without errors it is the whole text.
///
/// Linear in the length of the text, and without recursion. At most a hundred errors are told, in the order of their
/// places, and one more that says so.
#[must_use]
pub fn read(source: &Source) -> (Document, Vec<Diagnostic>) {
    let text = source.shared_text();
    let mut parser = Parser {
        lexer: Lexer::new(&text, source.base()),
        nodes: Vec::with_capacity(text.len() / BYTES_A_NODE),
        entries: Vec::with_capacity(text.len() / BYTES_AN_ENTRY),
        types: Vec::new(),
        frames: Vec::new(),
        too_deep: None,
        odd_close: None,
        early_close: None,
        odd_node: None,
    };
    let mut invisible = Problems::new(source.base());
    forbidden::check(&text, parser.lexer.pos, &mut invisible);
    parser.document();
    let Parser { lexer, mut nodes, mut entries, types, .. } = parser;
    let mut problems = lexer.problems.finish(invisible);
    if let Some(first) = problems.first_mut()
        && says_version_1(&text)
    {
        first.note = Some("the file says that it is KDL 1; this is a reader of KDL 2".to_owned());
    }
    let (decoded, remarks) = (lexer.decoded, lexer.remarks);
    nodes.shrink_to_fit();
    entries.shrink_to_fit();
    let document = Document { base: source.base(), nodes, entries, types, decoded, remarks, text };
    (document, problems)
}

/// Whether the text begins with the version marker of KDL 1.
fn says_version_1(text: &str) -> bool {
    let marker = text.trim_start_matches('\u{FEFF}').strip_prefix("/-").map(str::trim_start);
    let version = marker.and_then(|rest| rest.strip_prefix("kdl-version")).map(str::trim_start);
    version.is_some_and(|version| version.starts_with('1'))
}

pub(super) struct Parser<'a> {
    pub lexer: Lexer<'a>,
    pub nodes: Vec<NodeData>,
    pub entries: Vec<EntryData>,
    pub types: Vec<TypeData>,
    /// The children blocks that are open, outermost first.
    pub frames: Vec<Frame>,
    /// How many blocks were open when the first one too deep was met; it is left out of the document.
    pub too_deep: Option<usize>,
    /// A `}` that stands further left than the line of its `{`: the first suspect when braces do not add up.
    pub odd_close: Option<blocks::OddClose>,
    /// A `}` that stands further right than the line of its `{`.
    pub early_close: Option<blocks::OddClose>,
    /// A node that stands no further right than the line of the `{` around it: that `{`, and where the node begins.
    pub odd_node: Option<(usize, usize)>,
}

/// A node that is being read.
#[derive(Clone, Copy)]
pub(super) struct Current {
    pub index: u32,
    /// Where everything goes back to when the node is finished: it is commented out, or not usable.
    pub drop: Option<Mark>,
    /// One past the last byte of its last part.
    pub end: usize,
    pub blocks: Blocks,
    /// What should have been its name was not usable.
    pub nameless: bool,
    /// One past its last entry.
    pub entries_end: u32,
    /// Where the line of the node starts.
    pub line_start: usize,
}

/// Which children blocks a node has had so far.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Blocks {
    None,
    /// Commented out.
    Silent,
    Real,
}

/// An open children block.
pub(super) struct Frame {
    pub owner: Current,
    pub open: usize,
    /// The block is commented out, or too deep.
    pub drop: Option<Mark>,
}

/// How much there was at some moment.
#[derive(Clone, Copy)]
pub(super) struct Mark {
    nodes: usize,
    entries: usize,
    types: usize,
    decoded: (usize, usize),
}

impl Parser<'_> {
    fn document(&mut self) {
        while !self.lexer.problems.is_full() {
            self.lexer.lines();
            let current = match self.lexer.peek() {
                None => break,
                Some(b'}') => match self.close() {
                    Some(owner) => owner,
                    None => continue,
                },
                Some(b';') => {
                    let at = self.lexer.pos;
                    self.lexer.problems.push(
                        error("`;` ends a node, but there is none")
                            .label(self.lexer.problems.span(at, at + 1), "")
                            .help("remove it"),
                    );
                    self.lexer.pos += 1;
                    continue;
                }
                Some(_) => match self.header() {
                    Some(current) => current,
                    None => continue,
                },
            };
            self.rest(current);
        }
        self.end_of_text();
    }

    pub(super) fn mark(&self) -> Mark {
        Mark {
            nodes: self.nodes.len(),
            entries: self.entries.len(),
            types: self.types.len(),
            decoded: (self.lexer.decoded.buffer.len(), self.lexer.decoded.ranges.len()),
        }
    }

    pub(super) fn rollback(&mut self, mark: Mark) {
        self.nodes.truncate(mark.nodes);
        self.entries.truncate(mark.entries);
        self.types.truncate(mark.types);
        self.lexer.decoded.buffer.truncate(mark.decoded.0);
        self.lexer.decoded.ranges.truncate(mark.decoded.1);
    }

    /// Begins a node: slashdash, type annotation, name.
    fn header(&mut self) -> Option<Current> {
        let line_start = self.lexer.line_start;
        self.note_odd_node(self.lexer.pos);
        let mut drop = None;
        if self.lexer.at_slashdash() {
            drop = Some(self.mark());
            if !self.slashdash("a node") {
                return None;
            }
        }
        if self.lexer.peek() == Some(b'{') {
            let at = self.lexer.pos;
            self.lexer.problems.push(
                error("a block of children belongs to a node, but there is none before this brace")
                    .label(self.lexer.problems.span(at, at + 1), "this block")
                    .help("move the brace to the end of its node's line, or write a name before it"),
            );
            return Some(self.begin(NO_WORD, NONE, Some(drop.unwrap_or_else(|| self.mark())), line_start));
        }
        let before = self.mark();
        let told = self.lexer.problems.len();
        let ty = self.annotation();
        if self.lexer.at_slashdash() {
            self.slashdash_after("the type annotation");
        }
        let name = if self.broke_off(told) {
            None
        } else if ty != NONE && self.at_end_of_entry() {
            self.type_without(ty, "a node");
            None
        } else {
            self.lexer.lexeme(Role::Name)
        };
        let word = match name {
            Some(Lexeme { word, tag: Tag::String }) => word,
            Some(Lexeme { word, .. }) => {
                let raw = clip(self.lexer.piece(word.start as usize, word.end as usize));
                self.lexer.problems.push(
                    error(format!("the name of a node is a string, not `{raw}`"))
                        .label(self.lexer.problems.span(word.start as usize, word.end as usize), "a node begins here")
                        .help(format!("put it in quotes if it is a name: \"{raw}\"")),
                );
                drop = drop.or(Some(before));
                word
            }
            None => {
                drop = drop.or(Some(before));
                NO_WORD
            }
        };
        Some(self.begin(word, ty, drop, line_start))
    }

    fn begin(&mut self, name: Word, ty: u32, drop: Option<Mark>, line_start: usize) -> Current {
        let index = offset(self.nodes.len());
        let entry = offset(self.entries.len());
        let parent = self.frames.last().map_or(NONE, |frame| frame.owner.index);
        let end = if name.start == NONE { self.lexer.pos } else { name.end as usize };
        self.nodes.push(NodeData {
            name,
            end: offset(end),
            ty,
            entries: (entry, entry),
            block: (NONE, NONE),
            skip: index + 1,
            parent,
        });
        Current { index, drop, end, blocks: Blocks::None, nameless: name.start == NONE, entries_end: entry, line_start }
    }

    /// Reads entries and commented-out parts until the node ends or one of its blocks opens.
    fn rest(&mut self, mut current: Current) {
        // Without a name, what was wrong with it has been told.
        let mut spaced = current.nameless;
        loop {
            spaced |= self.lexer.space();
            let Some(byte) = self.lexer.peek() else { return self.finish(current) };
            match byte {
                b'\n' | b';' => {
                    self.lexer.pos += 1;
                    if byte == b'\n' {
                        self.lexer.line_start = self.lexer.pos;
                    }
                    return self.finish(current);
                }
                b'}' => return self.finish(current),
                b'{' => return self.open(current, None),
                b'/' if self.lexer.peek_at(1) == Some(b'/') => return self.finish(current),
                b'/' if self.lexer.peek_at(1) == Some(b'-') => {
                    let mark = self.mark();
                    if !self.slashdash("an argument, a property or a children block") {
                        spaced = true;
                        continue;
                    }
                    if self.lexer.peek() == Some(b'{') {
                        return self.open(current, Some(mark));
                    }
                    if current.blocks != Blocks::None {
                        self.entry_after_block();
                    }
                    let end = current.end;
                    spaced = self.entry(&mut current, true);
                    self.rollback(mark);
                    current.end = end;
                    current.entries_end = current.entries_end.min(offset(self.entries.len()));
                }
                0x0B..=b'\r' | 0xC2 | 0xE2 if self.lexer.newline() => return self.finish(current),
                _ => {
                    if current.blocks == Blocks::Real {
                        self.node_after_block(current);
                        return self.finish(current);
                    }
                    if current.blocks == Blocks::Silent {
                        self.entry_after_block();
                        current.blocks = Blocks::None;
                    }
                    spaced = self.entry(&mut current, spaced);
                }
            }
            if self.lexer.problems.is_full() {
                return self.finish(current);
            }
        }
    }

    /// Ends a node: now its last byte and its last descendant are known.
    pub(super) fn finish(&mut self, current: Current) {
        if let Some(mark) = current.drop {
            self.rollback(mark);
            return;
        }
        let skip = offset(self.nodes.len());
        if let Some(node) = self.nodes.get_mut(current.index as usize) {
            node.end = offset(current.end);
            node.skip = skip;
            node.entries.1 = current.entries_end;
        }
    }
}
