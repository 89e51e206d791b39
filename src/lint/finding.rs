use crate::diagnostic::Diagnostic;
use crate::source::Span;

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Better practice.
    Advice,
    /// Works today; breaks under load, upgrade or failure.
    Warning,
    /// Fails, splits, loses data or locks out. `build` refuses.
    Error,
}

/// What a rule found.
#[derive(Clone, Debug)]
pub struct Finding {
    /// How bad it is.
    pub level: Level,
    /// What to say; its code is the rule's name.
    pub diagnostic: Diagnostic,
    /// What would mend it, where that is certain.
    pub fix: Option<Fix>,
}

/// A change of what is written that mends a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// What the change does, as an imperative.
    pub title: String,
    /// Whether the running system behaves the same, save for the mistake.
    pub safe: bool,
    /// Replacements; they do not overlap.
    pub edits: Vec<(Span, String)>,
}
