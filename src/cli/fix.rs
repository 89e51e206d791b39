//! `hacc lint --fix`.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use camino::{Utf8Path, Utf8PathBuf};

use crate::diagnostic::Diagnostic;
use crate::lint::Finding;
use crate::mend::{Done, Limits, Mended, mend};
use crate::report;
use crate::system::Lock;
use crate::world::{Overlay, Piped, World};

use super::output;

/// What `lint` is to change.
#[derive(Clone, Copy, Debug, clap::Args)]
pub(super) struct Fixing {
    /// Change topologies so that what is found is gone, where a fix is safe: what runs behaves the same, save for the mistake
    #[arg(long)]
    fix: bool,
    /// The same, also with fixes that change how the cluster behaves
    #[arg(long)]
    fix_unsafe: bool,
    /// Write nothing; show what the fixes would change, and exit with 1 if they would change anything
    #[arg(long)]
    diff: bool,
}

impl Fixing {
    /// Whether anything is to be changed, or shown as a change.
    const fn any(self) -> bool {
        self.fix || self.fix_unsafe || self.diff
    }

    /// Which flag makes standard output that of changes or of a mended text; `piped`: a topology comes from standard input.
    pub(super) const fn prints(self, piped: bool) -> Option<&'static str> {
        match (self.diff, piped, self.fix, self.fix_unsafe) {
            (true, ..) => Some("--diff"),
            (_, true, _, true) => Some("--fix-unsafe"),
            (_, true, true, _) => Some("--fix"),
            _ => None,
        }
    }
}

/// Where a topology comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Origin {
    /// A file: that is where its mended text goes.
    File,
    /// Standard input: the mended text goes to standard output.
    Piped,
}

/// Mends the topologies of one run, one after the other.
pub(super) struct Fixer<'w> {
    fixing: Fixing,
    below: &'w dyn World,
    world: Overlay<'w>,
    /// Whether anything changed, or would.
    changes: bool,
    done: Vec<Done>,
    undone: Vec<Done>,
    outside: BTreeSet<(Origin, Utf8PathBuf)>,
    withheld: usize,
    with_errors: Vec<Utf8PathBuf>,
}

impl<'w> Fixer<'w> {
    pub(super) fn new(fixing: Fixing, world: &'w dyn World) -> Self {
        Self {
            fixing,
            below: world,
            world: Overlay::over(world),
            changes: false,
            done: Vec::new(),
            undone: Vec::new(),
            outside: BTreeSet::new(),
            withheld: 0,
            with_errors: Vec::new(),
        }
    }

    /// What there is to judge: the files as they are, or as they would be.
    pub(super) const fn world(&self) -> &Overlay<'w> {
        &self.world
    }

    /// Whether a diff showed something.
    pub(super) const fn showed(&self) -> bool {
        self.fixing.diff && self.changes
    }

    /// Applies the fixes of those findings of one topology that are wanted, and writes its files or shows the changes. A
    /// topology with errors is left as it is.
    ///
    /// # Errors
    /// Files that cannot be written.
    pub(super) fn mend(
        &mut self,
        path: &Utf8Path,
        origin: Origin,
        lock: &Lock,
        wanted: &dyn Fn(&Finding) -> bool,
    ) -> Result<(), Vec<Diagnostic>> {
        if !self.fixing.any() {
            return Ok(());
        }
        let may_edit = |file: &Utf8Path| match origin {
            Origin::File => lies_with(file, path),
            Origin::Piped => file == path,
        };
        let limits = Limits { behaviour: self.fixing.fix_unsafe, wanted, may_edit: &may_edit };
        let Ok(mended) = mend(self.world.clone(), path, lock, limits) else {
            self.with_errors.push(path.to_owned());
            return Ok(());
        };
        if self.fixing.diff {
            for file in &mended.files {
                output::result(&report::diff(file.path.as_str(), &file.before, &file.after));
            }
        } else if origin == Origin::Piped {
            let text = mended.world.read(Utf8Path::new(Piped::PATH)).unwrap_or_default();
            output::result(&String::from_utf8_lossy(&text));
        } else {
            let failed = mended.files.iter().filter_map(|file| file.write().err());
            let failed: Vec<Diagnostic> = failed.map(|error| *error).collect();
            if !failed.is_empty() {
                // What is judged is what stands on the disk.
                self.world = Overlay::over(self.below);
                return Err(failed);
            }
        }
        let Mended { world, files, done, outside, undone, withheld } = mended;
        self.world = world;
        self.changes |= !files.is_empty();
        self.done.extend(done);
        self.undone.extend(undone);
        self.outside.extend(outside.into_iter().map(|path| (origin, path)));
        self.withheld += withheld;
        Ok(())
    }

    /// What was done and what was not; empty where nothing was to be done.
    pub(super) fn told(&self) -> String {
        let mut text = String::new();
        let mut list = |head: &str, done: &[Done]| {
            if !done.is_empty() {
                let _ = writeln!(text, "{head}:");
            }
            for Done { rule, title, place } in done {
                let place = place.as_ref().map_or_else(String::new, |place| {
                    format!("{}:{}: ", place.path.as_str().escape_debug(), place.line)
                });
                let _ = writeln!(text, "  {place}{rule}: {title}");
            }
        };
        list(if self.fixing.diff { "would be fixed" } else { "fixed" }, &self.done);
        list("not fixed: the topology would have errors (a fault of hacc's; please report it)", &self.undone);
        match self.withheld {
            0 => {}
            1 => text.push_str("not applied: a fix that changes how the cluster behaves (--fix-unsafe applies it)\n"),
            n => {
                let _ = writeln!(
                    text,
                    "not applied: {n} fixes that change how the cluster behaves (--fix-unsafe applies them)"
                );
            }
        }
        for (origin, path) in &self.outside {
            let why = match origin {
                Origin::File => "it lies outside the topology's folder",
                Origin::Piped => "it is not what came from standard input",
            };
            let _ = writeln!(text, "left as it is, since {why}: {}", path.as_str().escape_debug());
        }
        for path in &self.with_errors {
            let _ = writeln!(text, "left as it is, since it has errors: {}", path.as_str().escape_debug());
        }
        text
    }
}

/// Whether a file lies in the folder of the topology or below it, where all links are followed.
fn lies_with(file: &Utf8Path, topology: &Utf8Path) -> bool {
    let (Ok(file), Ok(topology)) = (file.canonicalize_utf8(), topology.canonicalize_utf8()) else { return false };
    topology.parent().is_some_and(|folder| file.starts_with(folder))
}
