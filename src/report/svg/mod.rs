//! The cluster as a picture that hacc draws itself: SVG of plain shapes and texts, for any browser or wiki.
//!
//! Hosts are frames, above and beside each other; what is in a host stands in rows, whoever hands connections on above
//! those who get them: published ports at the upper edge, brokers at the end. Both levels are laid out by [`chart`], whose
//! lines keep to the space between rows. Everything is counted in whole pixels, so that the bytes are the same
//! everywhere.

mod block;
mod chart;
mod hosts;
mod layers;
mod paint;
mod picture;
mod rows;
#[cfg(test)]
mod tests;
mod text;
mod things;
mod tracks;

use crate::derive::Derived;
use crate::system::System;

use super::scene::Scene;

/// The cluster as an SVG picture, in time n log n in the number of claims.
#[must_use]
pub fn svg(system: &System, derived: &Derived) -> String {
    let scene = Scene::of(system, derived);
    paint::paint(&picture::picture(&scene))
}
