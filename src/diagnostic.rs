//! What hacc says about an input: an error of any phase, or the body of a finding.

use crate::source::Span;

/// One thing to say, with every place it concerns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// Stable, kebab-case: `syntax`, `unknown-node`, … for errors; the rule's name for findings.
    pub code: &'static str,
    /// What is wrong, one sentence, no final full stop.
    pub message: String,
    /// The places; the first one is the main one. Empty where no text is involved (an output folder, say).
    pub labels: Vec<Label>,
    /// What follows from it in production, or more about the cause.
    pub note: Option<String>,
    /// The way out.
    pub help: Option<String>,
}

/// A place and what to say there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// The place.
    pub span: Span,
    /// Short words to stand at it; may be empty.
    pub text: String,
}

impl Diagnostic {
    /// A diagnostic without places.
    pub fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), labels: Vec::new(), note: None, help: None }
    }

    /// Adds a place; the first one added is the main one. A span that is nowhere is left out.
    #[must_use]
    pub fn label(mut self, span: Span, text: impl Into<String>) -> Self {
        if span.is_some() {
            self.labels.push(Label { span, text: text.into() });
        }
        self
    }

    /// Says what follows.
    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.note = Some(note.into());
        self
    }

    /// Says the way out.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Says the way out, if there is one to say.
    #[must_use]
    pub fn maybe_help(mut self, help: Option<String>) -> Self {
        self.help = self.help.or(help);
        self
    }
}
