use memchr::memmem;

use crate::source::{Source, SourceMap, Span};
use crate::topology::{SecretSource, Topology};

/// The places of all secrets that stand in the topology in clear text: what no output may show.
#[must_use]
pub fn literals(topology: &Topology) -> Vec<Span> {
    let literal = |secret: &crate::topology::Secret| match &secret.source {
        SecretSource::Literal(value) => Some(value.span),
        _ => None,
    };
    topology.secrets.iter().filter_map(literal).collect()
}

/// Places to hide, ready to be asked.
#[derive(Clone, Debug, Default)]
pub(super) struct Masks {
    /// Sorted, apart from each other, none empty.
    spans: Vec<Span>,
}

impl Masks {
    /// Hides `spans`, and in every text what looks like a literal secret: errors are shown of topologies that could
    /// not be read, too, where nobody knows what is a secret.
    pub(super) fn new(map: &SourceMap, spans: &[Span]) -> Self {
        let mut all: Vec<Span> = spans.iter().copied().filter(|span| span.is_some() && span.start < span.end).collect();
        for (_, source) in map.iter() {
            suspects(source, &mut all);
            misspelt(source, &mut all);
        }
        all.sort();
        let mut merged: Vec<Span> = Vec::with_capacity(all.len());
        for span in all {
            match merged.last_mut() {
                Some(last) if span.start <= last.end => last.end = last.end.max(span.end),
                _ => merged.push(span),
            }
        }
        Self { spans: merged }
    }

    /// Whether the byte at this offset of the common space is hidden.
    pub(super) fn hides(&self, offset: u32) -> bool {
        let after = self.spans.partition_point(|span| span.start <= offset);
        after.checked_sub(1).is_some_and(|n| offset < self.spans[n].end)
    }
}

/// What follows the word `literal`, by the look of it; rather too much than too little.
fn suspects(source: &Source, found: &mut Vec<Span>) {
    const WORD: &str = "literal";
    let bytes = source.text().as_bytes();
    let mut done = 0;
    for at in memmem::find_iter(bytes, WORD) {
        if at < done {
            continue;
        }
        let blank = |at: usize| bytes[at..].iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
        let mut from = at + WORD.len();
        // The key itself can be quoted.
        from += usize::from(bytes.get(from) == Some(&b'"') && bytes.get(from + 1).is_none_or(|byte| *byte != b' '));
        let gap = blank(from);
        let equals = bytes.get(from + gap) == Some(&b'=');
        from += gap + usize::from(equals);
        from += blank(from);
        let end = from + value_length(&bytes[from..], equals);
        if end > from {
            found.push(Span::new(offset(source, from), offset(source, end)));
        }
        done = end;
    }
}

/// Quoted values of a `secret` that stand neither first nor behind a key whose value is no secret: `litreal="…"`, or a
/// value without a key.
fn misspelt(source: &Source, found: &mut Vec<Span>) {
    const WORD: &[u8] = b"secret ";
    const OPEN: [&[u8]; 3] = [b"env=", b"file=", b"as="];
    let bytes = source.text().as_bytes();
    let mut done = 0;
    for at in memmem::find_iter(bytes, WORD) {
        let begins = bytes[..at].iter().rev().find(|byte| !matches!(byte, b' ' | b'\t' | b'-' | b'/'));
        if at < done || !begins.is_none_or(|byte| b"\n\r;{}".contains(byte)) {
            continue;
        }
        let mut from = at + WORD.len();
        // A name without quotes is not seen below.
        let mut first = bytes[from..].iter().find(|byte| **byte != b' ').is_some_and(|byte| b"\"#".contains(byte));
        while let Some(next) = bytes[from..].iter().position(|byte| b"\"#\n;".contains(byte)).map(|gap| from + gap) {
            if !b"\"#".contains(&bytes[next]) {
                break;
            }
            let end = next + value_length(&bytes[next..], true).max(1);
            if !first && !OPEN.iter().any(|key| bytes[..next].ends_with(key)) {
                found.push(Span::new(offset(source, next), offset(source, end)));
            }
            first = false;
            from = end;
        }
        done = from;
    }
}

fn offset(source: &Source, local: usize) -> u32 {
    source.base().saturating_add(u32::try_from(local).unwrap_or(u32::MAX))
}

/// Length of the KDL value at the start of `bytes`, as far as it can be told; 0 where there is none.
fn value_length(bytes: &[u8], equals: bool) -> usize {
    let hashes = bytes.iter().take_while(|byte| **byte == b'#').count();
    if bytes.get(hashes) != Some(&b'"') {
        // A word, or nothing but talk about literals.
        let word = bytes.iter().take_while(|byte| !byte.is_ascii_whitespace() && !b";{}".contains(byte)).count();
        return if equals { word } else { 0 };
    }
    let quotes = if bytes[hashes..].starts_with(b"\"\"\"") { 3 } else { 1 };
    let mut close = vec![b'"'; quotes];
    close.resize(quotes + hashes, b'#');
    let start = hashes + quotes;
    // No further than the value goes: a long line may hold thousands of them.
    let ends = memchr::memchr2_iter(b'"', b'\n', &bytes[start..]).map(|at| at + start);
    for at in ends {
        if bytes[at] == b'\n' {
            if quotes == 1 {
                // A string of one line that does not end on it was never closed.
                return at;
            }
        } else if bytes[at..].starts_with(&close) {
            let escapes = bytes[start..at].iter().rev().take_while(|byte| **byte == b'\\').count();
            if hashes > 0 || escapes.is_multiple_of(2) {
                return at + close.len();
            }
        }
    }
    // Never closed: nobody knows where it ends. Of several lines, all of the rest.
    bytes.len()
}
