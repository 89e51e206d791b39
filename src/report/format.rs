use crate::source::{SourceMap, Span};

use super::{Item, Style, Summary, github, json, sarif, text};

/// All that a run of `hacc lint` has to say.
#[derive(Clone, Debug)]
pub struct Report<'a> {
    /// Every text.
    pub sources: &'a SourceMap,
    /// Where secrets stand in clear: nothing may print these places.
    pub hidden: &'a [Span],
    /// What was judged, in the order in which it was named.
    pub topologies: Vec<Judged<'a>>,
    /// Errors and findings that are to be shown.
    pub items: Vec<Item<'a>>,
    /// Findings that somebody accepts.
    pub allowed: Vec<Item<'a>>,
    /// Their counts.
    pub summary: Summary,
}

/// One topology of a run.
#[derive(Clone, Copy, Debug, serde::Serialize)]
pub struct Judged<'a> {
    /// Its path, as it was named.
    pub path: &'a str,
    /// Whether all of it could be judged. Where not, there are errors that say why, and findings only on the parts that
    /// do not hang on what is wrong.
    pub complete: bool,
}

/// A form of output. A new one is one file with a constant of this type, and its line in [`FORMATS`].
#[derive(Clone, Copy, Debug)]
pub struct Format {
    /// What `--format` calls it.
    pub name: &'static str,
    /// What `--help` says of it.
    pub about: &'static str,
    /// Whether it is for people: then it goes to standard error and may be coloured.
    pub for_people: bool,
    /// Writes all of it, with a final line end. Nothing in it shows a source line without the masks of
    /// [`literals`](super::literals). `style` is for formats for people.
    pub write: fn(report: &Report<'_>, style: Style) -> String,
}

/// Every form; the first one is what people get who ask for none.
pub const FORMATS: &[&Format] = &[&text::FORMAT, &json::FORMAT, &sarif::FORMAT, &github::FORMAT];

/// The form with this name.
#[must_use]
pub fn format(name: &str) -> Option<&'static Format> {
    FORMATS.iter().copied().find(|format| format.name == name)
}
