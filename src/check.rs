//! The front half of every command: from a topology on disk to claims and findings.

use camino::Utf8Path;
use sha2::{Digest as _, Sha256};

use crate::derive::Derived;
use crate::diagnostic::Diagnostic;
use crate::lint;
use crate::secrets::hex;
use crate::source::SourceMap;
use crate::system::{self, Lock, System};
use crate::topology::{self, Topology};
use crate::world::World;
use crate::{lint::Outcome, syntax};

mod part;

pub use part::{Judged, judge};

/// Bytes of text below which threads cost more than they save.
const WORTH_THREADS: usize = 256 << 10;

/// A topology that has no errors, with all that follows from it.
#[derive(Clone, Debug)]
pub struct Checked {
    /// What was declared.
    pub topology: Topology,
    /// What is claimed.
    pub system: System,
    /// What follows from the claims.
    pub derived: Derived,
    /// What the rules found.
    pub findings: Outcome,
    /// What the lock has to hold from now on.
    pub lock: Lock,
    /// SHA-256, in hexadecimal, of what the topology says; comments and formatting do not change it.
    pub model: String,
}

/// Reads and checks the topology at `path`. Its texts are added to `sources`.
///
/// # Errors
/// Everything that leaves nothing to write: syntax, types, unknown names, circles, allocations that cannot be made, rules
/// that are allowed and do not exist.
pub fn check(
    world: &dyn World,
    path: &Utf8Path,
    lock: &Lock,
    sources: &mut SourceMap,
) -> Result<Checked, Vec<Diagnostic>> {
    let first = sources.iter().count();
    let topology = topology::load(world, path, sources)?;
    let hash = || model_hash(sources, first);
    let judge = || {
        system::build(&topology, lock).map(|built| {
            let derived = Derived::of(&built.system);
            let findings = lint::run(&built.system, &derived, Some(&topology));
            (built, derived, findings)
        })
    };
    let size: usize = sources.iter().skip(first).map(|(_, source)| source.text().len()).sum();
    let (model, judged) = if size < WORTH_THREADS { (hash(), judge()) } else { rayon::join(hash, judge) };
    let (built, derived, mut findings) = judged?;
    lint::fix::settle(sources, &mut findings.findings);
    if !findings.errors.is_empty() {
        return Err(findings.errors);
    }
    Ok(Checked { topology, system: built.system, derived, findings, lock: built.lock, model })
}

/// Hash of the canonical form of every text that was read, in the order of reading.
fn model_hash(sources: &SourceMap, first: usize) -> String {
    let mut hash = Sha256::new();
    for (_, source) in sources.iter().skip(first) {
        let (document, _) = syntax::read(source);
        let text = syntax::print::canonical(&document);
        hash.update(text.len().to_le_bytes());
        hash.update(text);
    }
    hex(&hash.finalize())
}
