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

/// How sure a rule is that what it found is a mistake.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Confidence {
    /// Some who write this mean it, and are right: shown to who asks for everything.
    Possible,
    /// Whoever writes this nearly always did not mean it.
    Likely,
    /// It rests on what is written or on a default that was measured: it fails as the finding says.
    #[default]
    Certain,
}

/// What a rule found.
#[derive(Clone, Debug)]
pub struct Finding {
    /// How bad it is.
    pub level: Level,
    /// How sure that is.
    pub confidence: Confidence,
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
