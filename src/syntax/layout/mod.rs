//! One layout for every text: where lines end, how far they are indented, which columns line up.
//!
//! Only white space, `;`, `\` at the end of a line and a byte order mark are added or taken away; comments, also those of
//! `/-`, and every spelling of a string or number stay as they were written, in their order. The text is read as
//! [tokens](super::tokens), which become a [tree] of blocks and nodes that knows its own widths, which is [printed](print).
//!
//! * One node a line, four spaces a level, one space between the parts of a node, LF at the end of a line.
//! * A block that was written on one line stays on one, `{ a; b; }`, where the whole line has at most [`WIDTH`] columns;
//!   otherwise each of its nodes has a line of its own. Empty ones are `{}`.
//! * A node that was continued with `\` is continued at the same place, its next line one level deeper.
//! * One blank line stays between nodes where there were some; none at the ends of a block or of the text.
//! * Neighbouring lines of nodes with one name have their first properties in one column, and neighbouring lines that end
//!   in `//` have those in one column ([columns]).
//! * Strings and comments of several lines are not touched inside.

mod columns;
mod print;
mod reader;
mod tree;

use super::read;
use crate::diagnostic::Diagnostic;
use crate::source::Source;

/// The longest line, in characters, that a block on one line may make.
pub const WIDTH: usize = 120;

/// Columns of one level.
const INDENT: usize = 4;

/// The text in its one layout. It says the same, and laid out again it is the same.
///
/// # Errors
/// What is no KDL has no layout.
pub fn layout(source: &Source) -> Result<String, Vec<Diagnostic>> {
    let (_, errors) = read(source);
    if errors.is_empty() { Ok(print::document(&tree::Tree::of(source.text()))) } else { Err(errors) }
}
