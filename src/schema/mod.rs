//! Which nodes, arguments and properties the language has, where, and of which types.
//!
//! The language is data: the files of `schemas/`, whose format the top of `schemas/language.kdl` explains. What is
//! said there drives the [check](check()), the reading of values, completion, hover and the reference.

mod builtin;
mod check;
mod problem;
mod read;
mod shape;
pub mod value;

use crate::suggest::closest;
pub use check::check;
pub use problem::{Problem, clipped, quoted, shown};
pub use shape::{Choice, RefKind, Schema, Shape, ShapeId, Slot, Type};
