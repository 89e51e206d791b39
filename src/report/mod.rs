//! What people and programs get to read: diagnostics and findings as text or JSON, pages of rules, pictures.

mod catalogue;
mod clean;
mod diff;
mod dot;
mod explain;
mod format;
mod github;
mod json;
mod mask;
mod mermaid;
mod sarif;
mod scene;
mod snippet;
mod svg;
mod text;

pub use catalogue::{rule_table, rules_json};
pub use diff::diff;
pub use dot::dot;
pub use explain::{explain, rule_list};
pub use format::{FORMATS, Format, Judged, Report, format};
pub use json::{Json, json};
pub use mask::literals;
pub use mermaid::mermaid;
pub use svg::svg;
pub use text::{Style, Text};

use crate::diagnostic::Diagnostic;
use crate::lint::{Allowed, Confidence, Finding, Fix, Level};
use crate::source::Spanned;

/// One thing to render: an error of any phase, or a finding.
#[derive(Clone, Copy, Debug)]
pub struct Item<'a> {
    /// How bad it is; errors of phases are errors.
    pub level: Level,
    /// How sure that is; errors of phases are certain.
    pub confidence: Confidence,
    /// What to say.
    pub diagnostic: &'a Diagnostic,
    /// What would mend it.
    pub fix: Option<&'a Fix>,
    /// Why it is accepted, where somebody does.
    pub reason: Option<&'a Spanned<String>>,
}

impl<'a> From<&'a Diagnostic> for Item<'a> {
    fn from(diagnostic: &'a Diagnostic) -> Self {
        Self { level: Level::Error, confidence: Confidence::Certain, diagnostic, fix: None, reason: None }
    }
}

impl<'a> From<&'a Finding> for Item<'a> {
    fn from(finding: &'a Finding) -> Self {
        Self {
            level: finding.level,
            confidence: finding.confidence,
            diagnostic: &finding.diagnostic,
            fix: finding.fix.as_ref(),
            reason: None,
        }
    }
}

impl<'a> From<&'a Allowed> for Item<'a> {
    fn from(allowed: &'a Allowed) -> Self {
        Self { reason: Some(&allowed.reason), ..Self::from(&allowed.finding) }
    }
}

/// How many there are of each level.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Summary {
    /// Errors of phases and findings of error level.
    pub errors: usize,
    /// Findings of warning level.
    pub warnings: usize,
    /// Findings of advice level.
    pub advice: usize,
    /// Findings that an `allow` accepts.
    pub allowed: usize,
    /// Fixes that are offered.
    pub fixable: usize,
    /// Findings that are only possible, and not shown to who does not ask.
    pub possible: usize,
}

impl Summary {
    /// Counts `items`; `allowed` is what the engine took out.
    pub fn of<'a>(items: impl IntoIterator<Item = &'a Item<'a>>, allowed: usize) -> Self {
        let mut summary = Self { allowed, ..Self::default() };
        for item in items {
            match item.level {
                Level::Error => summary.errors += 1,
                Level::Warning => summary.warnings += 1,
                Level::Advice => summary.advice += 1,
            }
            summary.fixable += usize::from(item.fix.is_some());
        }
        summary
    }

    /// One line without a line end: "3 errors, 1 warning (2 allowed; 1 can be fixed)".
    #[must_use]
    pub fn line(&self) -> String {
        let count = |n: usize, one: &str, many: &str| match n {
            0 => None,
            1 => Some(format!("1 {one}")),
            n => Some(format!("{n} {many}")),
        };
        let parts: Vec<String> = [
            count(self.errors, "error", "errors"),
            count(self.warnings, "warning", "warnings"),
            count(self.advice, "piece of advice", "pieces of advice"),
        ]
        .into_iter()
        .flatten()
        .collect();
        let possible = "only possible, shown by --pedantic";
        let remarks: Vec<String> = [
            count(self.allowed, "allowed", "allowed"),
            count(self.fixable, "can be fixed", "can be fixed"),
            count(self.possible, possible, possible),
        ]
        .into_iter()
        .flatten()
        .collect();
        let mut line = if parts.is_empty() { "no findings".to_owned() } else { parts.join(", ") };
        if !remarks.is_empty() {
            line.push_str(" (");
            line.push_str(&remarks.join("; "));
            line.push(')');
        }
        line
    }
}

impl Confidence {
    /// The word for it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Possible => "possible",
            Self::Likely => "likely",
            Self::Certain => "certain",
        }
    }
}

impl Level {
    /// The word for it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Advice => "advice",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}
