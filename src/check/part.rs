//! Judging what can be judged of a topology that has errors.
//!
//! What has an error is taken out, a whole node of the top level each time, and then what refers to it, until the rest
//! stands by itself: it is the topology that somebody would have who had not yet written the missing parts. Whatever a rule
//! finds wrong with what *is* there stays wrong when they come. Rules that conclude from what is not there are not asked
//! ([`lint::run`], coverage open).

use camino::Utf8Path;

use crate::derive::Derived;
use crate::diagnostic::Diagnostic;
use crate::lint::{self, Outcome};
use crate::report;
use crate::source::{SourceMap, Span};
use crate::system::{self, Built, Coverage, Lock};
use crate::topology::{self, Read, Topology};
use crate::world::World;

/// References to references to … what is broken: host, network, brokers, balancers, proxy, with room to spare.
const ROUNDS: usize = 12;

/// What can be said of a topology, with errors or without.
#[derive(Clone, Debug, Default)]
pub struct Judged {
    /// What is wrong with it.
    pub errors: Vec<Diagnostic>,
    /// Whether every part of it was judged.
    pub complete: bool,
    /// What the rules found in what could be judged.
    pub findings: Outcome,
    /// Where secrets stand in clear.
    pub hidden: Vec<Span>,
}

/// Reads and judges the topology at `path`, as far as that is possible. Its texts are added to `sources`.
pub fn judge(world: &dyn World, path: &Utf8Path, lock: &Lock, sources: &mut SourceMap) -> Judged {
    let Read { topology, errors, nodes, unclear } = topology::read(world, path, sources);
    let Some(mut topology) = topology else { return Judged { errors, ..Judged::default() } };
    let mut judged = Judged { errors, hidden: report::literals(&topology), ..Judged::default() };
    let mut part = Part { nodes, broken: Vec::new() };
    part.broken = part.nodes.iter().map(|node| unclear.iter().any(|text| covers(*text, node.start))).collect();
    // A comment that cannot be understood takes nothing from the node around it.
    let faults = judged.errors.iter().filter(|error| error.code != "allow-comment");
    let mut known = true;
    for error in faults {
        known &= part.mark(error, Labels::All);
    }
    let mut built = if part.is_whole() { system::build(&topology, lock) } else { Err(Vec::new()) };
    if let Err(problems) = &mut built {
        // Without other errors, these are news.
        let problems = std::mem::take(problems);
        for problem in &problems {
            let labels = if problem.code.starts_with("unknown-") { Labels::Main } else { Labels::All };
            known &= part.mark(problem, labels);
        }
        judged.errors.extend(problems);
        let rest = if known { part.build(&mut topology, lock) } else { None };
        built = rest.ok_or_else(Vec::new);
    }
    if let Ok(mut built) = built {
        judged.complete = part.is_whole();
        if !judged.complete {
            built.system.coverage = Coverage::Open { missing: vec!["what has errors".to_owned()] };
        }
        let derived = Derived::of(&built.system);
        judged.findings = lint::run(&built.system, &derived, Some(&topology));
        lint::fix::settle(sources, &mut judged.findings.findings);
        judged.errors.append(&mut judged.findings.errors);
    }
    judged
}

/// Which labels of an error say what is broken: the others may point at what was probably meant.
#[derive(Clone, Copy)]
enum Labels {
    All,
    Main,
}

/// The nodes of the top level, and which of them cannot be judged.
struct Part {
    /// In order; they lie apart.
    nodes: Vec<Span>,
    broken: Vec<bool>,
}

impl Part {
    fn is_whole(&self) -> bool {
        !self.broken.contains(&true)
    }

    /// The node in which a place lies. What has no length at the start of a node is before it.
    fn at(&self, place: Span) -> Option<usize> {
        let before = |node: &Span| node.start < place.start || (node.start == place.start && !place.is_empty());
        let at = self.nodes.partition_point(before).checked_sub(1)?;
        covers(self.nodes[at], place.start).then_some(at)
    }

    /// Marks the nodes that an error is about. Whether that is all that the error is about.
    fn mark(&mut self, error: &Diagnostic, labels: Labels) -> bool {
        // A whole node that is missing leaves the others as they are.
        let mut known = error.code.starts_with("missing-") || error.code == "syntax";
        let count = if matches!(labels, Labels::Main) { 1 } else { usize::MAX };
        for label in error.labels.iter().take(count) {
            if let Some(at) = self.at(label.span) {
                self.broken[at] = true;
                known = true;
            }
        }
        known
    }

    /// Takes out what is broken, then what refers to it.
    fn build(&mut self, topology: &mut Topology, lock: &Lock) -> Option<Built> {
        for _ in 0..ROUNDS {
            topology.retain(|span| self.at(span).is_some_and(|at| !self.broken[at]));
            match system::build(topology, lock) {
                Ok(built) => return Some(built),
                Err(problems) => {
                    let before = self.broken.iter().filter(|broken| **broken).count();
                    // Not told: what is unknown here may stand in what was taken out.
                    if !problems.iter().all(|problem| self.mark(problem, Labels::Main)) {
                        return None;
                    }
                    if self.broken.iter().filter(|broken| **broken).count() == before {
                        return None;
                    }
                }
            }
        }
        None
    }
}

const fn covers(outer: Span, offset: u32) -> bool {
    outer.start <= offset && offset <= outer.end
}
