//! A compiler and linter for high-availability clusters.
//!
//! ```text
//!  topo.kdl ──► syntax ──► schema ──► topology ─┐
//!                                               ├─► system ─► derive ─┬─► lint ───► report
//!  hand-written files ──► adopt (to come) ──────┘  (claims)  (groups, ├─► prove (to come)
//!                                                             graph)  └─► plan ───► store ─► out/
//! ```
//!
//! Phases are pure functions; lower ones never import higher ones. [`world`] is the only door to the outside, [`store`]
//! the only writer.

pub mod diagnostic;
mod releases;
pub mod source;
mod suggest;

pub mod syntax;

pub mod schema;

pub mod topology;

pub mod system;

pub mod secrets;

pub mod derive;

pub mod lint;

pub mod plan;

pub mod store;

pub mod report;

pub mod check;

pub mod mend;

pub mod cli;

pub mod world;
