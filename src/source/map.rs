use std::sync::{Arc, OnceLock};

use camino::{Utf8Path, Utf8PathBuf};

use super::Span;

/// Number of a text in its [`SourceMap`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SourceId(pub u32);

/// One text: its path as the user would say it, its bytes, and where its lines start.
#[derive(Debug)]
pub struct Source {
    path: Utf8PathBuf,
    text: Arc<str>,
    base: u32,
    lines: OnceLock<Vec<u32>>,
    marks: OnceLock<Vec<u32>>,
}

/// Bytes between two marks: how far characters are counted, at most, to find a column in a long line.
const MARK: usize = 4096;

/// A place as people say it: path, line and column (both counted from 1; the column in characters).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The path under which the text was added.
    pub path: Utf8PathBuf,
    /// Line, from 1.
    pub line: u32,
    /// Column in Unicode scalar values, from 1.
    pub column: u32,
}

/// Every text of a run, laid one behind the other in a single space of offsets with one byte of gap between them.
#[derive(Debug, Default)]
pub struct SourceMap {
    sources: Vec<Source>,
}

impl SourceMap {
    /// An empty map.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a text. `None` when the space of offsets (4 GiB for all texts together) is used up.
    pub fn add(&mut self, path: impl Into<Utf8PathBuf>, text: impl Into<Arc<str>>) -> Option<SourceId> {
        let text = text.into();
        let base = self.sources.last().map_or(0, |last| last.end() as usize + 1);
        // u32::MAX itself is Span::NONE.
        if base + text.len() + 1 >= u32::MAX as usize {
            return None;
        }
        let id = SourceId(u32::try_from(self.sources.len()).ok()?);
        #[allow(clippy::cast_possible_truncation)] // just checked
        let base = base as u32;
        self.sources.push(Source { path: path.into(), text, base, lines: OnceLock::new(), marks: OnceLock::new() });
        Some(id)
    }

    /// The text with this number.
    #[must_use]
    pub fn get(&self, id: SourceId) -> &Source {
        &self.sources[id.0 as usize]
    }

    /// All texts in the order in which they were added.
    pub fn iter(&self) -> impl Iterator<Item = (SourceId, &Source)> {
        self.sources.iter().zip(0..).map(|(source, n)| (SourceId(n), source))
    }

    /// The text in which `span` lies.
    #[must_use]
    pub fn source_of(&self, span: Span) -> Option<(SourceId, &Source)> {
        if !span.is_some() {
            return None;
        }
        let after = self.sources.partition_point(|source| source.base <= span.start);
        let index = after.checked_sub(1)?;
        let source = &self.sources[index];
        (span.end <= source.end()).then(|| (SourceId(u32::try_from(index).unwrap_or(u32::MAX)), source))
    }

    /// The bytes that `span` covers.
    #[must_use]
    pub fn text_of(&self, span: Span) -> Option<&str> {
        let (_, source) = self.source_of(span)?;
        source.text.get((span.start - source.base) as usize..(span.end - source.base) as usize)
    }

    /// Path, line and column of the first byte of `span`.
    #[must_use]
    pub fn place_of(&self, span: Span) -> Option<Place> {
        let (_, source) = self.source_of(span)?;
        let (line, column) = source.line_column(span.start);
        Some(Place { path: source.path.clone(), line, column })
    }
}

impl Source {
    /// The path as it was given.
    #[must_use]
    pub fn path(&self) -> &Utf8Path {
        &self.path
    }

    /// The whole text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Shares the text without copying it.
    #[must_use]
    pub fn shared_text(&self) -> Arc<str> {
        Arc::clone(&self.text)
    }

    /// Offset of the first byte in the common space.
    #[must_use]
    pub const fn base(&self) -> u32 {
        self.base
    }

    /// One past the last byte in the common space.
    #[must_use]
    pub fn end(&self) -> u32 {
        self.base + u32::try_from(self.text.len()).unwrap_or(u32::MAX - self.base)
    }

    /// The span of the whole text.
    #[must_use]
    pub fn span(&self) -> Span {
        Span::new(self.base, self.end())
    }

    /// Local offsets at which lines start; found once, on first use.
    #[must_use]
    pub fn line_starts(&self) -> &[u32] {
        self.lines.get_or_init(|| {
            let newlines = memchr::memchr_iter(b'\n', self.text.as_bytes());
            std::iter::once(0).chain(newlines.map(|at| u32::try_from(at + 1).unwrap_or(u32::MAX))).collect()
        })
    }

    /// Characters between two local offsets. Both are to lie between characters; what does not counts as nothing.
    ///
    /// However long the line, the time is bounded: thousands of messages about one line are no square.
    #[must_use]
    pub fn chars_between(&self, start: usize, end: usize) -> usize {
        if end.saturating_sub(start) <= MARK {
            return self.text.get(start..end).map_or(0, |text| text.chars().count());
        }
        self.chars_before(end).saturating_sub(self.chars_before(start))
    }

    fn chars_before(&self, local: usize) -> usize {
        // A byte that does not continue a character begins one.
        let begins = |bytes: &[u8]| bytes.iter().filter(|byte| **byte & 0xc0 != 0x80).count();
        let marks = self.marks.get_or_init(|| {
            let mut count = 0;
            let counts = self.text.as_bytes().chunks_exact(MARK).map(|chunk| {
                count += u32::try_from(begins(chunk)).unwrap_or(0);
                count
            });
            std::iter::once(0).chain(counts).collect()
        });
        let local = local.min(self.text.len());
        let mark = local / MARK;
        marks.get(mark).map_or(0, |count| *count as usize + begins(&self.text.as_bytes()[mark * MARK..local]))
    }

    /// Line and column, both from 1, of an offset of the common space.
    #[must_use]
    pub fn line_column(&self, offset: u32) -> (u32, u32) {
        let local = offset.saturating_sub(self.base);
        let starts = self.line_starts();
        let line = starts.partition_point(|start| *start <= local).saturating_sub(1);
        let start = starts[line] as usize;
        let mut end = (local as usize).min(self.text.len());
        while !self.text.is_char_boundary(end) {
            end -= 1;
        }
        let column = self.chars_between(start, end) + 1;
        (u32::try_from(line + 1).unwrap_or(u32::MAX), u32::try_from(column).unwrap_or(u32::MAX))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_finds_its_own_text_and_its_line() {
        let mut map = SourceMap::new();
        let first = map.add("a.kdl", "ab\ncd").unwrap();
        let second = map.add("b.kdl", "é\nxyz\n").unwrap();
        let base = map.get(second).base();
        assert_eq!(map.get(first).base(), 0);
        assert_eq!(map.text_of(Span::new(base + 3, base + 6)), Some("xyz"));
        assert_eq!(
            map.place_of(Span::new(base + 4, base + 5)).unwrap(),
            Place { path: "b.kdl".into(), line: 2, column: 2 }
        );
        assert_eq!(map.place_of(Span::new(base + 2, base + 2)).unwrap().column, 2, "columns count characters");
        assert_eq!(map.place_of(Span::new(5, 5)).unwrap(), Place { path: "a.kdl".into(), line: 2, column: 3 });
    }

    #[test]
    fn columns_of_a_long_line_count_characters_as_those_of_a_short_one() {
        let text = format!("first\n{}", "aé€𝄞".repeat(5000));
        let mut map = SourceMap::new();
        map.add("before.kdl", "x").unwrap();
        let id = map.add("long.kdl", text.as_str()).unwrap();
        let source = map.get(id);
        for (column, (at, _)) in text[6..].char_indices().enumerate().step_by(997) {
            let offset = source.base() + 6 + u32::try_from(at).unwrap();
            assert_eq!(source.line_column(offset), (2, u32::try_from(column).unwrap() + 1), "{at}");
        }
    }

    #[test]
    fn a_span_across_two_texts_or_nowhere_has_no_text() {
        let mut map = SourceMap::new();
        map.add("a.kdl", "ab").unwrap();
        map.add("b.kdl", "cd").unwrap();
        assert_eq!(map.text_of(Span::new(1, 4)), None);
        assert_eq!(map.text_of(Span::NONE), None);
    }
}
