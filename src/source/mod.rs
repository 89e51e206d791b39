//! Source texts and places in them.
//!
//! All texts of one run share one space of byte offsets, so a [`Span`] is eight bytes, says in which text it lies,
//! and one diagnostic can point into several files at once.

mod map;
mod span;
mod spanned;

pub use map::{Place, Source, SourceId, SourceMap};
pub use span::Span;
pub use spanned::Spanned;
