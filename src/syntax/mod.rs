//! KDL 2: text to document, every part with its span.
//!
//! [`read`] turns a [`Source`](crate::source::Source) into a [`Document`] and a list of errors. The document is a flat
//! arena: nodes in written order, strings borrowed from the text unless an escape changes them. [`Node`], [`Value`]
//! and [`Prop`] are small handles into it. The language is KDL 2.0 (<https://kdl.dev/spec>), and nothing beyond it.
//!
//! Limits: a text has less than 4 GiB, and at most [`MAX_DEPTH`] children blocks stand inside each other, so what
//! walks the children may recurse.

mod bad_words;
mod blocks;
mod chars;
mod document;
mod entries;
mod forbidden;
pub mod layout;
mod lexer;
mod multiline;
mod node;
mod number;
mod parser;
pub mod print;
mod problems;
mod remarks;
mod removal;
mod strings;
mod tokens;
mod value;
mod words;

pub use blocks::MAX_DEPTH;
pub use document::Document;
pub use node::{Entry, Node, NodeId, Nodes};
pub use parser::read;
pub use remarks::body as remark_body;
pub use removal::removal;
pub use value::{Kind, Prop, Value};
