use crate::derive::Derived;
use crate::diagnostic::Diagnostic;
use crate::system::System;
use crate::topology::{Allow, Topology};

use super::allow::Allows;
use super::rule::{Check, Context, Rule, Sink};
use super::{Finding, Level, rules, similar_rule};

/// What linting says.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    /// What stands, in the order of the text: by place of the main label, then the worse first, then by rule.
    pub findings: Vec<Finding>,
    /// What an `allow` accepts, in the same order.
    pub allowed: Vec<Finding>,
    /// Allows of rules that do not exist.
    pub errors: Vec<Diagnostic>,
}

impl Outcome {
    /// The worst level that stands.
    #[must_use]
    pub fn worst(&self) -> Option<Level> {
        self.findings.iter().map(|finding| finding.level).max()
    }
}

/// Runs every rule. Without a topology (adopted files) nothing is allowed.
#[must_use]
pub fn run(system: &System, derived: &Derived, topology: Option<&Topology>) -> Outcome {
    let context = Context { system, derived, topology };
    let allows: &[Allow] = topology.map_or(&[], |topology| &topology.allows);
    let mut accepted = Allows::new(allows);
    let mut outcome = Outcome { errors: unknown_rules(allows), ..Outcome::default() };

    for rule in rules::ALL {
        if let Check::Claims(check) = rule.check {
            let mut sink = Sink::new(rule);
            check(&context, &mut sink);
            outcome.take(sink, &mut accepted);
        }
    }
    let unused = accepted.unused();
    for rule in rules::ALL {
        if let Check::Allows(check) = rule.check {
            let mut sink = Sink::new(rule);
            check(&context, &unused, &mut sink);
            outcome.take(sink, &mut accepted);
        }
    }
    outcome.findings.sort_by(order);
    outcome.allowed.sort_by(order);
    outcome
}

impl Outcome {
    fn take(&mut self, sink: Sink, allows: &mut Allows<'_>) {
        for finding in sink.into_findings() {
            let side = if allows.accept(&finding).is_some() { &mut self.allowed } else { &mut self.findings };
            side.push(finding);
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
