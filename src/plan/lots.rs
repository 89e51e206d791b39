//! Planning by several threads: each takes a lot of components (or hosts), drafts their files and renders them at once,
//! so that what fills the templates never exists for all of them together.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};

use rayon::prelude::*;

use crate::diagnostic::Diagnostic;

use super::draft::Draft;
use super::render::Renderer;
use super::templates::{ENDLESS, Templates};
use super::{Artifact, Planner, Services, Tables, Tree, render};

/// Components or hosts that one thread takes at once; for fewer, threads cost more than they save.
const LOT: usize = 16;

/// What comes of some lots.
#[derive(Default)]
pub(super) struct Made {
    pub(super) services: Services,
    artifacts: Vec<Artifact>,
    /// Values that a target grammar cannot hold.
    refused: Vec<Diagnostic>,
    /// Templates that fail.
    failed: Vec<Diagnostic>,
}

/// Plans each of a list.
pub(super) fn plan<T: Sync>(
    list: &[T],
    tables: &Tables<'_>,
    templates: &Templates,
    draft: impl Fn(&mut Planner<'_>, &mut Vec<Draft>, &mut Services, &T) + Sync,
) -> Made {
    // A template that does not end would not end for any of its files: one wait is enough.
    let endless = AtomicBool::new(false);
    let lot = |lot: &[T]| {
        let mut made = Made::default();
        let mut planner = Planner { tables, problems: Vec::new() };
        let mut renderer = Renderer::new(templates);
        let mut drafts = Vec::new();
        for one in lot {
            draft(&mut planner, &mut drafts, &mut made.services, one);
            for draft in drafts.drain(..) {
                if endless.load(Ordering::Relaxed) {
                    continue;
                }
                match renderer.render(draft) {
                    Ok(artifact) => made.artifacts.push(artifact),
                    Err(problem) => {
                        endless.fetch_or(problem.code == ENDLESS, Ordering::Relaxed);
                        made.failed.push(problem);
                    }
                }
            }
        }
        made.refused = planner.problems;
        made
    };
    let mut all = Made::default();
    let lots: Vec<Made> = if list.len() <= LOT { vec![lot(list)] } else { list.par_chunks(LOT).map(lot).collect() };
    for made in lots {
        all.add(made);
    }
    all
}

impl Made {
    pub(super) fn add(&mut self, other: Self) {
        self.services.extend(other.services);
        self.artifacts.extend(other.artifacts);
        self.refused.extend(other.refused);
        self.failed.extend(other.failed);
    }

    /// The tree of all files.
    pub(super) fn tree(self) -> Result<Tree, Vec<Diagnostic>> {
        if !self.refused.is_empty() {
            return Err(once(self.refused));
        }
        if !self.failed.is_empty() {
            return Err(once(self.failed));
        }
        Tree::new(self.artifacts).map_err(|clashes| clashes.iter().map(render::clash).collect())
    }
}

/// One value or one broken template fails alike for every node that it is for: said once.
fn once(mut problems: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let mut said = BTreeSet::new();
    let place = |problem: &Diagnostic| problem.labels.first().map(|label| label.span);
    problems.retain(|problem| said.insert((problem.message.clone(), place(problem))));
    problems
}
