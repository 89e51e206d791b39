/// What is wrong with one value, before it is known what the value was written for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Code of the diagnostic.
    pub code: &'static str,
    /// The rest of a sentence that begins with the argument or property: "has no unit".
    pub says: Box<str>,
    /// Short words to stand at the value.
    pub label: Box<str>,
    /// More about the cause.
    pub note: Option<&'static str>,
    /// The way out in words; used where there is no `instead`.
    pub help: Option<Box<str>>,
    /// The value that was probably meant, as it would be written in KDL.
    pub instead: Option<Box<str>>,
}

impl Problem {
    /// A value of the right kind that cannot be used.
    pub(super) fn new(says: impl Into<Box<str>>, label: impl Into<Box<str>>) -> Self {
        Self { code: "invalid-value", says: says.into(), label: label.into(), note: None, help: None, instead: None }
    }

    pub(super) const fn code(mut self, code: &'static str) -> Self {
        self.code = code;
        self
    }

    pub(super) const fn note(mut self, note: &'static str) -> Self {
        self.note = Some(note);
        self
    }

    pub(super) fn help(mut self, help: impl Into<Box<str>>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Proposes a text to write instead.
    pub(super) fn instead(mut self, text: impl AsRef<str>) -> Self {
        self.instead = Some(quoted(text.as_ref()).into());
        self
    }

    /// Proposes a number or keyword to write instead.
    pub(super) fn instead_bare(mut self, word: impl Into<Box<str>>) -> Self {
        self.instead = Some(word.into());
        self
    }
}

/// The text as a KDL string in quotes.
pub fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if is_invisible(c) => out.extend(c.escape_unicode()),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// The text between backticks, as [`clipped`].
pub fn shown(text: &str) -> String {
    format!("`{}`", clipped(text))
}

/// The text, cut where it is long and with escapes for what cannot be seen: for messages.
pub fn clipped(text: &str) -> String {
    const MOST: usize = 60;
    let mut out = String::new();
    for (n, c) in text.chars().enumerate() {
        if n == MOST {
            out.push('…');
            break;
        }
        if is_invisible(c) { out.extend(c.escape_default()) } else { out.push(c) }
    }
    out
}

/// Controls, line ends, and marks that change the direction of what follows.
fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}
