use crate::derive::Derived;
use crate::diagnostic::Diagnostic;
use crate::source::Spanned;
use crate::system::{Coverage, System};
use crate::topology::{Allow, Topology};

use super::allow::Allows;
use super::rule::{Check, Context, Rule, Sink};
use super::{Confidence, Finding, Level, rules, similar_rule};

/// What linting says.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    /// What stands, in the order of the text: by place of the main label, then the worse first, then by rule.
    pub findings: Vec<Finding>,
    /// What an `allow` accepts, in the same order.
    pub allowed: Vec<Allowed>,
    /// Allows of rules that do not exist.
    pub errors: Vec<Diagnostic>,
}

/// A finding that is accepted.
#[derive(Clone, Debug)]
pub struct Allowed {
    /// What was found.
    pub finding: Finding,
    /// Why it is accepted, and where that stands.
    pub reason: Spanned<String>,
}

impl Outcome {
    /// What nobody has to ask for: it nearly always is a mistake.
    pub fn likely(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(|finding| finding.confidence >= Confidence::Likely)
    }

    /// The worst level that stands; what is only possible stands against nobody.
    #[must_use]
    pub fn worst(&self) -> Option<Level> {
        self.likely().map(|finding| finding.level).max()
    }
}

/// Rules that conclude from what is *not* there, beyond what one component says. Of a topology of which a part could not be
/// read they say nothing. `tests/partial.rs` breaks every good example of every page, part by part: a rule that belongs
/// here and is missing fails there.
const CONCLUDE_FROM_ABSENCE: &[&str] = &["port-unused", "registration-unread"];

/// Runs every rule. Without a topology (adopted files) nothing is allowed. Where the system's coverage is open, those that
/// conclude from what is not there are left out.
#[must_use]
pub fn run(system: &System, derived: &Derived, topology: Option<&Topology>) -> Outcome {
    let context = Context { system, derived, topology };
    let allows: &[Allow] = topology.map_or(&[], |topology| &topology.allows);
    let mut accepted = Allows::new(allows);
    let mut outcome = Outcome { errors: unknown_rules(allows), ..Outcome::default() };

    let open = system.coverage != Coverage::Closed;
    let runs = |rule: &&&Rule| !open || !CONCLUDE_FROM_ABSENCE.contains(&rule.name);
    for rule in rules::ALL.iter().filter(runs) {
        if let Check::Claims(check) = rule.check {
            let mut sink = Sink::new(rule);
            check(&context, &mut sink);
            outcome.take(sink, &mut accepted);
        }
    }
    let unused = accepted.unused();
    for rule in rules::ALL.iter().filter(|_| !open) {
        if let Check::Allows(check) = rule.check {
            let mut sink = Sink::new(rule);
            check(&context, &unused, &mut sink);
            outcome.take(sink, &mut accepted);
        }
    }
    outcome.findings.sort_by(order);
    outcome.allowed.sort_by(|a, b| order(&a.finding, &b.finding));
    outcome
}

impl Outcome {
    fn take(&mut self, sink: Sink, allows: &mut Allows<'_>) {
        for mut finding in sink.into_findings() {
            if let Some(allow) = allows.accept(&finding) {
                // What somebody accepts is not to be mended.
                finding.fix = None;
                self.allowed.push(Allowed { finding, reason: allow.reason.clone() });
                continue;
            }
            // Nor is it to be mended from elsewhere.
            let rule = finding.diagnostic.code;
            finding.fix = finding.fix.filter(|fix| !fix.edits.iter().any(|(span, _)| allows.holds(rule, *span)));
            self.findings.push(finding);
        }
    }
}

fn order(a: &Finding, b: &Finding) -> std::cmp::Ordering {
    let place = |finding: &Finding| finding.diagnostic.labels.first().map_or(u32::MAX, |label| label.span.start);
    place(a)
        .cmp(&place(b))
        .then(b.level.cmp(&a.level))
        .then_with(|| a.diagnostic.code.cmp(b.diagnostic.code))
        .then_with(|| a.diagnostic.message.cmp(&b.diagnostic.message))
}

fn unknown_rules(allows: &[Allow]) -> Vec<Diagnostic> {
    let known = |name: &str| rules::ALL.iter().any(|rule: &&Rule| rule.name == name);
    let unknown = allows.iter().filter(|allow| !known(&allow.rule.value));
    unknown
        .map(|allow| {
            let name = &allow.rule.value;
            Diagnostic::new("unknown-rule", format!("there is no rule `{name}`"))
                .label(allow.rule.span, "not the name of a rule")
                .help(similar_rule(name).map_or_else(
                    || "`hacc explain` lists the rules".to_owned(),
                    |rule| format!("did you mean `{rule}`?"),
                ))
        })
        .collect()
}
