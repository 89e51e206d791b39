//! A document as text again: in canonical form, or as JSON with spans.

mod canonical;
mod json;

pub use canonical::canonical;
pub use json::json;
