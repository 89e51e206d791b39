use std::fmt;

/// A half-open range of bytes in the offset space of a [`SourceMap`](super::SourceMap).
///
/// Spans never cross the border of a text. The empty span [`Span::NONE`] belongs to no text: it stands for values
/// that nobody wrote.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// The span of what nobody wrote.
    pub const NONE: Self = Self { start: u32::MAX, end: u32::MAX };

    /// The span from `start` up to, not including, `end`.
    #[must_use]
    pub const fn new(start: u32, end: u32) -> Self {
        Self { start, end }
    }

    /// Whether this is a place in a text.
    #[must_use]
    pub const fn is_some(self) -> bool {
        self.start != u32::MAX
    }

    /// Length in bytes.
    #[must_use]
    pub const fn len(self) -> u32 {
        self.end - self.start
    }

    /// Whether the span covers no byte.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// The smallest span that covers both; a missing one is ignored.
    #[must_use]
    pub fn to(self, other: Self) -> Self {
        match (self.is_some(), other.is_some()) {
            (true, true) => Self { start: self.start.min(other.start), end: self.end.max(other.end) },
            (false, _) => other,
            (_, false) => self,
        }
    }
}

impl fmt::Debug for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_some() { write!(f, "{}..{}", self.start, self.end) } else { f.write_str("nowhere") }
    }
}
