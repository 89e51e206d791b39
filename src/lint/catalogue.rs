use std::collections::BTreeSet;

use camino::Utf8Path;

use crate::derive::Derived;
use crate::source::SourceMap;
use crate::system::{self, Lock};
use crate::topology;
use crate::world::Memory;

use super::{Confidence, Finding, Level, Rule};

/// A rule, with what its findings turn out to be. Nobody writes that down, so that it cannot be wrong: it is what the rule
/// says of the bad examples of its own page.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The rule.
    pub rule: &'static Rule,
    /// Levels of its findings, the mildest first.
    pub levels: BTreeSet<Level>,
    /// How sure they are, the least sure first.
    pub confidences: BTreeSet<Confidence>,
    /// Which fixes they carry: `true` stands for safe ones, `false` for those that change how the cluster behaves.
    pub fixes: BTreeSet<bool>,
}

impl Entry {
    /// What is known of `rule`.
    #[must_use]
    pub fn of(rule: &'static Rule) -> Self {
        let found: Vec<Finding> =
            bad_examples(rule.page).flat_map(findings).filter(|finding| finding.diagnostic.code == rule.name).collect();
        Self {
            rule,
            levels: found.iter().map(|finding| finding.level).collect(),
            confidences: found.iter().map(|finding| finding.confidence).collect(),
            fixes: found.iter().filter_map(|finding| finding.fix.as_ref()).map(|fix| fix.safe).collect(),
        }
    }

    /// How sure its findings are, where all are the same.
    #[must_use]
    pub fn confidence(&self) -> Option<Confidence> {
        self.confidences.first().copied().filter(|_| self.confidences.len() == 1)
    }
}

/// The texts of the fences `kdl bad` of a page.
fn bad_examples(page: &str) -> impl Iterator<Item = &str> {
    page.split("\n```kdl bad\n").skip(1).map(|rest| rest.split("\n```").next().unwrap_or_default())
}

fn findings(text: &str) -> Vec<Finding> {
    let world = Memory::new().file("topo.kdl", text);
    let judged = topology::load(&world, Utf8Path::new("topo.kdl"), &mut SourceMap::new()).and_then(|topology| {
        let built = system::build(&topology, &Lock::default())?;
        Ok(super::run(&built.system, &Derived::of(&built.system), Some(&topology)).findings)
    });
    judged.unwrap_or_default()
}
