use std::fmt::Write;

use super::super::clean;

/// How a text is set: the class of the style sheet, and what it takes to estimate its width.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Type {
    /// The topology's name.
    Title,
    /// A host's name.
    Host,
    /// The name of anything else.
    Name,
    /// What is said of it.
    Plain,
    /// What is said of it, and matters less.
    Quiet,
}

impl Type {
    pub(super) const fn class(self) -> &'static str {
        match self {
            Self::Title => "title",
            Self::Host => "host-name",
            Self::Name => "name",
            Self::Plain => "plain",
            Self::Quiet => "quiet",
        }
    }

    /// Size in pixels, as in `style.css`.
    pub(super) const fn size(self) -> i64 {
        match self {
            Self::Title => 22,
            Self::Host => 16,
            Self::Name => 13,
            Self::Plain | Self::Quiet => 12,
        }
    }

    /// Distance of two lines.
    pub(super) const fn line(self) -> i64 {
        self.size() + 4
    }

    const fn is_bold(self) -> bool {
        matches!(self, Self::Title | Self::Host | Self::Name)
    }

    /// Width in pixels, rather too large than too small: which font a reader has is not known. Measured after
    /// one of the widest that stand behind `sans-serif`.
    pub(super) fn width(self, text: &str) -> i64 {
        let mut width: i64 = 0;
        for c in text.chars() {
            width = width.saturating_add(advance(c));
        }
        let width = width.saturating_mul(self.size());
        let width = if self.is_bold() { width / 100 * 114 + 114 } else { width };
        width / 1000 + 1
    }
}

/// Thousandths of the font's size.
const fn advance(c: char) -> i64 {
    match c {
        'i' | 'j' | 'l' | '.' | ',' | ':' | ';' | '\'' | '|' | ' ' | '/' | 'I' => 350,
        'f' | 't' | 'r' | '(' | ')' | '[' | ']' | '-' | '!' => 425,
        'W' | '@' | '%' | 'm' | '…' => 1010,
        'w' | 'M' | '→' | '#' | '~' | '=' | '+' | '<' | '>' | '^' => 870,
        'a'..='z' | '0'..='9' => 650,
        ' '..='~' => 800,
        // Scripts of wide characters, and whatever is not known here.
        _ => 1100,
    }
}

/// Names are short by their rules; of a free text no more characters than this are shown.
const SHOWN: usize = 48;

/// The text, or its beginning and an ellipsis. The whole one belongs into the title.
pub(super) fn shortened(text: &str) -> String {
    match text.char_indices().nth(SHOWN) {
        None => text.to_owned(),
        Some(_) => text.chars().take(SHOWN - 1).chain(['…']).collect(),
    }
}

/// Writes text where XML may be neither opened nor closed by it.
pub(super) fn escape(text: &str, out: &mut String) {
    for c in text.chars() {
        match clean::substitute(c, false).unwrap_or(c) {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            // The two that XML has no way to write.
            '\u{FFFE}' | '\u{FFFF}' => out.push('\u{FFFD}'),
            c => out.push(c),
        }
    }
}

/// An element with text.
pub(super) fn element(name: &str, text: &str, out: &mut String) {
    let _ = write!(out, "<{name}>");
    escape(text, out);
    let _ = write!(out, "</{name}>");
}
