use crate::check::check;
use crate::derive::graph::Graph;
use crate::report;
use crate::source::SourceMap;
use crate::store::LockFile;
use crate::world::World;

use super::output::{self, Output};
use super::{Exit, Topology};

/// Draw a topology as a graph (DOT, for Graphviz).
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    topology: Topology,
}

pub(super) fn run(arguments: &Arguments, world: &dyn World, output: &Output) -> Exit {
    let mut sources = SourceMap::new();
    let path = &arguments.topology.file();
    let lock = LockFile::read(world, &mut sources, path);
    match lock.and_then(|lock| check(world, path, &lock.lock, &mut sources)) {
        Ok(checked) => {
            output::result(&report::dot(&checked.system, &Graph::of(&checked.system)));
            Exit::Fine
        }
        Err(errors) => {
            output.errors(&sources, &errors);
            Exit::Failed
        }
    }
}
