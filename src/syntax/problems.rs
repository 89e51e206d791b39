//! The list of errors of one text, and the shapes that several of them share.

use crate::diagnostic::Diagnostic;
use crate::source::Span;

/// How many errors of one text are told.
pub(super) const MAX_PROBLEMS: usize = 100;

/// The errors of one text so far.
#[derive(Debug)]
pub(super) struct Problems {
    base: u32,
    list: Vec<Diagnostic>,
}

impl Problems {
    pub(super) const fn new(base: u32) -> Self {
        Self { base, list: Vec::new() }
    }

    /// The span of these local offsets.
    #[allow(clippy::cast_possible_truncation)] // SourceMap keeps every offset below u32::MAX
    pub(super) const fn span(&self, start: usize, end: usize) -> Span {
        Span::new(self.base + start as u32, self.base + end as u32)
    }

    pub(super) fn push(&mut self, problem: Diagnostic) {
        if !self.is_full() {
            self.list.push(problem);
        }
    }

    /// Whether no further error will be told, so that reading on is of no use.
    pub(super) fn is_full(&self) -> bool {
        // One more than is told, to know that there are more.
        self.list.len() > MAX_PROBLEMS
    }

    pub(super) fn len(&self) -> usize {
        self.list.len()
    }

    /// The errors in the order of their places, and a last one if there were too many.
    pub(super) fn finish(self, others: Self) -> Vec<Diagnostic> {
        let mut list = self.list;
        list.extend(others.list);
        list.sort_by_key(|problem| problem.labels.first().map(|label| label.span.start));
        if list.len() > MAX_PROBLEMS {
            let place = list[MAX_PROBLEMS].labels.first().map_or(Span::NONE, |label| label.span);
            list.truncate(MAX_PROBLEMS);
            list.push(
                error(format!("more than {MAX_PROBLEMS} syntax errors: the rest is not shown"))
                    .label(place, "the next one is here")
                    .help("is this a KDL file?"),
            );
        }
        list
    }
}

/// An error of this phase.
pub(super) fn error(message: impl Into<String>) -> Diagnostic {
    Diagnostic::new("syntax", message)
}

/// A piece of the text to repeat in a message: short, and in one line.
pub(super) fn clip(text: &str) -> String {
    const LIMIT: usize = 40;
    let mut out = String::new();
    for (n, c) in text.chars().enumerate() {
        if n == LIMIT {
            out.push('…');
            break;
        }
        if c.is_control() || super::forbidden::is_forbidden(c) {
            out.extend(c.escape_default());
        } else {
            out.push(c);
        }
    }
    out
}

/// `text` as a quoted string, to be shown as the way out.
pub(super) fn quoted(text: &str) -> String {
    format!("\"{}\"", clip(text).replace('\\', "\\\\").replace('"', "\\\""))
}

/// A character that may stand nowhere.
pub(super) fn forbidden(span: Span, c: char) -> Diagnostic {
    let (what, why) = match c {
        '\u{FEFF}' => ("a byte order mark", "it may only be the very first character of a file"),
        '\u{7F}' => ("a DEL character", "control characters are invisible"),
        '\0'..='\u{1F}' => ("a control character", "control characters are invisible"),
        _ => ("a character that changes the direction of writing", "the text would show something else than it says"),
    };
    let code = u32::from(c);
    error(format!("U+{code:04X}, {what}, may not stand in a KDL file"))
        .label(span, format!("U+{code:04X}"))
        .note(why)
        .help(format!("remove it, or write `\\u{{{code:X}}}` inside a quoted string"))
}

/// Something that begins here has no end.
pub(super) fn unclosed(what: &str, open: Span, end: &str) -> Diagnostic {
    error(format!("{what} is not closed")).label(open, "it begins here").help(format!("close it with `{end}`"))
}
