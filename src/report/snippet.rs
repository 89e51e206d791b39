use miette::{MietteError, MietteSpanContents, SourceCode, SourceSpan, SpanContents};

use crate::diagnostic::Label;
use crate::source::{Source, SourceMap};

use super::clean::substitute;
use super::mask::Masks;

/// How many places of one diagnostic are shown; the rest is counted. JSON has them all.
pub(super) const MOST_LABELS: usize = 12;
/// Lines shown before and after a marked one.
const CONTEXT: u32 = 1;
/// Characters kept before and after a mark in a line that is too long to be shown.
const AROUND_MARK: usize = 24;
/// Characters shown of a mark that is too long itself.
const LONGEST_MARK: usize = 80;

/// The lines that one diagnostic shows, as they are printed: without secrets, control characters and tabs, long ones
/// cut. Marks are moved accordingly. Building it costs the lines that are shown, never the size of the file, and no
/// line is long enough to upset the renderer (it panics at column 65 536).
#[derive(Debug)]
pub(super) struct Snippets {
    text: String,
    blocks: Vec<Block>,
    /// Marks in the printed text, in the order of the diagnostic's labels.
    pub(super) marks: Vec<Mark>,
    /// Labels that are not shown.
    pub(super) left_out: usize,
}

/// Neighbouring lines of one file. Blocks lie one behind the other in `text`.
#[derive(Debug)]
struct Block {
    path: String,
    start: usize,
    end: usize,
    /// Number of the first line, from 0.
    line: usize,
    /// Where in `text` each line starts.
    starts: Vec<usize>,
}

/// A mark in the printed text.
#[derive(Debug)]
pub(super) struct Mark {
    pub(super) start: usize,
    pub(super) len: usize,
    /// Line and column in the file, from 0.
    line: usize,
    column: usize,
    /// Number of the label in the diagnostic.
    pub(super) label: usize,
}

/// A label on one line of a file: only the first line of a longer one is marked, which for a node is its head.
struct Placed {
    file: usize,
    line: u32,
    /// Bytes in the line.
    from: usize,
    to: usize,
    column: usize,
    label: usize,
}

impl Snippets {
    pub(super) fn new(map: &SourceMap, labels: &[Label], masks: &Masks, ascii: bool, width: usize) -> Self {
        let mut files: Vec<(u32, &Source)> = Vec::new();
        let mut placed: Vec<Placed> = Vec::new();
        for (n, label) in labels.iter().enumerate().take(MOST_LABELS) {
            if let Some((id, source)) = map.source_of(label.span) {
                // The file of the main label comes first.
                let known = files.iter().position(|(file, _)| *file == id.0);
                let file = known.unwrap_or_else(|| {
                    files.push((id.0, source));
                    files.len() - 1
                });
                placed.push(place(source, file, label, n));
            }
        }
        let left_out = labels.len().saturating_sub(MOST_LABELS);
        placed.sort_by_key(|one| (one.file, one.line, one.from, one.label));
        let mut snippets = Self { text: String::new(), blocks: Vec::new(), marks: Vec::new(), left_out };
        let mut rest = placed.as_slice();
        while let Some(first) = rest.first() {
            // Lines that touch, or leave out no more than one, are one block.
            let joined = rest
                .windows(2)
                .take_while(|pair| pair[0].file == pair[1].file && pair[1].line - pair[0].line <= 2 * CONTEXT + 2);
            let (block, others) = rest.split_at(joined.count() + 1);
            rest = others;
            let (_, source) = files[first.file];
            snippets.add_block(source, block, masks, ascii, width);
        }
        snippets.marks.sort_by_key(|mark| mark.label);
        snippets
    }

    fn add_block(&mut self, source: &Source, placed: &[Placed], masks: &Masks, ascii: bool, width: usize) {
        let count = u32::try_from(source.line_starts().len()).unwrap_or(u32::MAX);
        let (Some(first), Some(last)) = (placed.first(), placed.last()) else { return };
        let from = first.line.saturating_sub(CONTEXT);
        let mut to = last.line.saturating_add(CONTEXT).min(count.saturating_sub(1));
        // The empty rest after a final line end is no line.
        if to > last.line && line_text(source, to).is_empty() && to + 1 == count {
            to -= 1;
        }
        let path = super::clean::line(source.path().as_str(), ascii).into_owned();
        let start = self.text.len();
        let mut block = Block { path, start, end: start, line: from as usize, starts: Vec::new() };
        let mut rest = placed;
        for line in from..=to {
            let here = rest.iter().take_while(|one| one.line == line).count();
            let (marks, others) = rest.split_at(here);
            rest = others;
            block.starts.push(self.text.len());
            self.add_line(source, line, marks, masks, ascii, width);
        }
        block.end = self.text.len();
        self.blocks.push(block);
        // Blocks never touch, so that no mark at the end of one can be taken for one of the next.
        self.text.push('\n');
    }

    /// Prints one line: characters that are kept, each as what is printed for it, and an ellipsis for each gap.
    fn add_line(&mut self, source: &Source, line: u32, marks: &[Placed], masks: &Masks, ascii: bool, width: usize) {
        let text = line_text(source, line);
        let base = source.base() + source.line_starts().get(line as usize).copied().unwrap_or_default();
        let kept = kept(text, marks, width);
        let mut ends: Vec<(usize, usize)> = vec![(usize::MAX, usize::MAX); marks.len()];
        let (mut column, mut byte) = (0, 0);
        let mut note = |byte: usize, at: usize| {
            for (mark, (start, end)) in marks.iter().zip(&mut ends) {
                if mark.from <= byte && *start == usize::MAX {
                    *start = at;
                }
                if mark.to <= byte && *end == usize::MAX {
                    *end = at;
                }
            }
        };
        let ellipsis = if ascii { "..." } else { "…" };
        for (range_from, range_to) in &kept {
            if *range_from > byte {
                self.text.push_str(ellipsis);
                column += ellipsis.chars().count();
            }
            for (offset, c) in text[*range_from..*range_to].char_indices() {
                let at = range_from + offset;
                note(at, self.text.len());
                let hidden = masks.hides(base.saturating_add(u32::try_from(at).unwrap_or(u32::MAX)));
                if hidden {
                    self.text.push(if ascii { '*' } else { '•' });
                } else if c == '\t' {
                    let stop = 4 - column % 4;
                    self.text.extend(std::iter::repeat_n(' ', stop));
                    column += stop - 1;
                } else {
                    self.text.push(substitute(c, ascii).unwrap_or(c));
                }
                column += 1;
            }
            byte = *range_to;
            // A mark that goes on in the part left out ends before the ellipsis.
            note(byte, self.text.len());
        }
        let end = self.text.len();
        if byte < text.len() {
            self.text.push_str(ellipsis);
        }
        self.text.push('\n');
        for (mark, (start, stop)) in marks.iter().zip(ends) {
            let start = start.min(end);
            let len = stop.min(end).saturating_sub(start);
            self.marks.push(Mark { start, len, line: line as usize, column: mark.column, label: mark.label });
        }
    }
}

/// The parts of a line to show: all of it, or in a long one what is around the marks.
fn kept(text: &str, marks: &[Placed], width: usize) -> Vec<(usize, usize)> {
    // Bytes bound characters from above; no line that fits is cut.
    if text.len() <= width || text.chars().nth(width).is_none() {
        return vec![(0, text.len())];
    }
    let back = |from: usize, n: usize| text[..from].char_indices().rev().take(n).last().map_or(from, |(at, _)| at);
    let ahead = |from: usize, n: usize| text[from..].char_indices().nth(n).map_or(text.len(), |(at, _)| from + at);
    let mut ranges: Vec<(usize, usize)> = Vec::new();
    for mark in marks {
        let start = back(mark.from, AROUND_MARK);
        let end = ahead(mark.to.min(ahead(mark.from, LONGEST_MARK)), AROUND_MARK);
        match ranges.last_mut() {
            Some((_, last)) if start <= *last => *last = end.max(*last),
            _ => ranges.push((start, end)),
        }
    }
    // What is left of the width shows more of the line's beginning, then of what follows.
    let shown: usize = ranges.iter().map(|(from, to)| text[*from..*to].chars().count()).sum();
    let mut room = width.saturating_sub(shown);
    if let Some((from, _)) = ranges.first_mut() {
        let start = back(*from, room);
        room -= text[start..*from].chars().count();
        *from = start;
    }
    if let Some((_, to)) = ranges.last_mut() {
        *to = ahead(*to, room);
    }
    if ranges.is_empty() { vec![(0, ahead(0, width))] } else { ranges }
}

fn place(source: &Source, file: usize, label: &Label, n: usize) -> Placed {
    let starts = source.line_starts();
    let local = label.span.start.saturating_sub(source.base());
    let line = starts.partition_point(|start| *start <= local).saturating_sub(1);
    let start = starts.get(line).copied().unwrap_or_default() as usize;
    let line = u32::try_from(line).unwrap_or(u32::MAX);
    let text = line_text(source, line);
    let floor = |mut at: usize| {
        at = at.min(text.len());
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        at
    };
    let from = floor((local as usize).saturating_sub(start));
    let to = floor((local as usize + label.span.len() as usize).saturating_sub(start)).max(from);
    // Of a mark that goes on over the line's end, the blanks at that end are no part.
    let cut = label.span.len() as usize > to - from;
    let to = if cut { from + text[from..to].trim_end().len() } else { to };
    Placed { file, line, from, to, column: source.chars_between(start, start + from), label: n }
}

/// A line without its end.
fn line_text(source: &Source, line: u32) -> &str {
    let starts = source.line_starts();
    let from = starts.get(line as usize).map_or(source.text().len(), |start| *start as usize);
    let to = starts.get(line as usize + 1).map_or(source.text().len(), |next| *next as usize);
    source.text().get(from..to).unwrap_or_default().trim_end_matches('\n').trim_end_matches('\r')
}

impl SourceCode for Snippets {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        before: usize,
        after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let (from, to) = (span.offset(), span.offset() + span.len());
        let block = self.blocks.partition_point(|block| block.start <= from).checked_sub(1).map(|n| &self.blocks[n]);
        let block = block.filter(|block| to <= block.end).ok_or(MietteError::OutOfBounds)?;
        let line_of = |offset: usize| block.starts.partition_point(|start| *start <= offset).saturating_sub(1);
        let first = line_of(from).saturating_sub(before);
        let last = (line_of(to) + after).min(block.starts.len().saturating_sub(1));
        let start = block.starts.get(first).copied().unwrap_or(block.start);
        let end = block.starts.get(last + 1).copied().unwrap_or(block.end);
        let data = self.text.as_bytes().get(start..end).ok_or(MietteError::OutOfBounds)?;
        // Asked without context, it is about the head of a snippet: line and column as the file has them.
        let mark = self.marks.iter().find(|mark| before + after == 0 && mark.start == from);
        let (line, column) = mark.map_or((block.line + first, 0), |mark| (mark.line, mark.column));
        Ok(Box::new(MietteSpanContents::new_named(
            block.path.clone(),
            data,
            (start, end - start).into(),
            line,
            column,
            last + 1 - first,
        )))
    }
}
