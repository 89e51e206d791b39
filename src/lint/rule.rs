use crate::derive::{Derived, Group};
use crate::diagnostic::Diagnostic;
use crate::source::Span;
use crate::system::{System, VrrpClaim};
use crate::topology::{Allow, Topology};

use super::{Confidence, Finding, Fix, Level};

/// A rule: what it is called, how bad its findings are, its page, and the check itself.
#[derive(Debug)]
pub struct Rule {
    /// Kebab-case; reads well after "allow".
    pub name: &'static str,
    /// How bad its findings are, unless one says otherwise.
    pub level: Level,
    /// `docs/rules/NAME.md`: documentation, text of `hacc explain`, and tests.
    pub page: &'static str,
    /// What it looks at.
    pub check: Check,
}

/// What a rule looks at.
#[derive(Clone, Copy, Debug)]
pub enum Check {
    /// The cluster.
    Claims(fn(&Context<'_>, &mut Sink)),
    /// The `allow` nodes, once it is known which of them were needed.
    Allows(fn(&Context<'_>, &[&Allow], &mut Sink)),
}

/// Everything that rules may read.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// What is claimed.
    pub system: &'a System,
    /// What follows.
    pub derived: &'a Derived,
    /// What was written, where there is a topology; for questions that claims do not answer (how a secret is made).
    pub topology: Option<&'a Topology>,
}

impl<'a> Context<'a> {
    /// VRRP groups in which each unit stands once. A unit that stands twice for one address is the business of
    /// `vip-declared-twice`; to compare the two with each other as if they were peers would be noise.
    pub fn groups(&self) -> impl Iterator<Item = &'a Group<VrrpClaim>> {
        let system = self.system;
        self.derived.vrrp_groups.iter().filter(move |group| {
            let mut seen = rustc_hash::FxHashSet::default();
            group.members.iter().all(|id| seen.insert(system.vrrps[*id].unit))
        })
    }
}

/// Takes the findings of one rule.
#[derive(Debug)]
pub struct Sink {
    rule: &'static Rule,
    findings: Vec<Finding>,
}

impl Sink {
    /// An empty sink for the findings of `rule`.
    pub(super) const fn new(rule: &'static Rule) -> Self {
        Self { rule, findings: Vec::new() }
    }

    pub(super) fn into_findings(self) -> Vec<Finding> {
        self.findings
    }

    /// Begins a finding; nothing is reported before [`Draft::emit`].
    pub fn finding(&mut self, message: impl Into<String>) -> Draft<'_> {
        let finding = Finding {
            level: self.rule.level,
            confidence: Confidence::Certain,
            diagnostic: Diagnostic::new(self.rule.name, message),
            fix: None,
        };
        Draft { sink: self, finding }
    }
}

/// A finding in the making.
#[must_use = "a finding is reported by `emit`"]
#[derive(Debug)]
pub struct Draft<'s> {
    sink: &'s mut Sink,
    finding: Finding,
}

impl Draft<'_> {
    /// Adds a place; the first one is the main one. One that is nowhere, or already there, is left out.
    pub fn label(mut self, span: Span, text: impl Into<String>) -> Self {
        if !self.finding.diagnostic.labels.iter().any(|label| label.span == span) {
            self.finding.diagnostic = self.finding.diagnostic.label(span, text);
        }
        self
    }

    /// Adds several places. They are taken as they are: callers with many have already merged equal ones.
    pub fn labels(mut self, places: impl IntoIterator<Item = (Span, String)>) -> Self {
        for (span, text) in places {
            self.finding.diagnostic = self.finding.diagnostic.label(span, text);
        }
        self
    }

    /// Says what happens in production.
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.finding.diagnostic.note = Some(note.into());
        self
    }

    /// Says what to write instead.
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.finding.diagnostic.help = Some(help.into());
        self
    }

    /// Attaches a change that mends it, if there is a certain one.
    pub fn fix(mut self, fix: Option<Fix>) -> Self {
        self.finding.fix = fix;
        self
    }

    /// Another level than the rule's own.
    pub const fn level(mut self, level: Level) -> Self {
        self.finding.level = level;
        self
    }

    /// Less sure than certain.
    pub const fn confidence(mut self, confidence: Confidence) -> Self {
        self.finding.confidence = confidence;
        self
    }

    /// Reports it.
    pub fn emit(self) {
        self.sink.findings.push(self.finding);
    }
}
