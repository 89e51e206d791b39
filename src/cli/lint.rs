use crate::check::check;
use crate::lint::Level;
use crate::report::{self, Item, Summary};
use crate::source::SourceMap;
use crate::store::LockFile;
use crate::world::World;

use super::output::{self, Output, items};
use super::{Exit, Format, Topology};

/// Check a topology and write nothing.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    topology: Topology,
    /// How to print findings
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    /// The least level for which the exit code is 1
    #[arg(long, value_enum, default_value_t = FailOn::Warning)]
    fail_on: FailOn,
}

/// A level that can be chosen.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum FailOn {
    /// Better practice
    Advice,
    /// Works today; breaks under load, upgrade or failure
    Warning,
    /// Fails, splits, loses data or locks out
    Error,
}

pub(super) fn run(arguments: &Arguments, world: &dyn World, output: &Output) -> Exit {
    let mut sources = SourceMap::new();
    let path = &arguments.topology.file();
    let lock = LockFile::read(world, &mut sources, path);
    let checked = lock.and_then(|lock| check(world, path, &lock.lock, &mut sources));
    let checked = match checked {
        Ok(checked) => checked,
        Err(errors) => {
            let errors_as_items: Vec<Item<'_>> = errors.iter().map(Item::from).collect();
            match arguments.format {
                Format::Text => output.errors(&sources, &errors),
                Format::Json => {
                    let summary = Summary::of(&errors_as_items, 0);
                    output::result(&report::json(&sources, &errors_as_items, summary));
                }
            }
            return Exit::Failed;
        }
    };
    let found = items(&checked.findings.findings);
    let allowed = checked.findings.allowed.len();
    match arguments.format {
        Format::Text => output.report(&sources, &report::literals(&checked.topology), &found, allowed),
        Format::Json => output::result(&report::json(&sources, &found, Summary::of(&found, allowed))),
    }
    let least = match arguments.fail_on {
        FailOn::Advice => Level::Advice,
        FailOn::Warning => Level::Warning,
        FailOn::Error => Level::Error,
    };
    if checked.findings.worst().is_some_and(|worst| worst >= least) { Exit::Findings } else { Exit::Fine }
}
