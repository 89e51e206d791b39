use clap::ValueEnum;

use crate::check::check;
use crate::derive::graph::Graph;
use crate::report;
use crate::source::SourceMap;
use crate::store::LockFile;
use crate::world::World;

use super::output::{self, Output};
use super::{Exit, Topology};

/// Draw a topology as a graph.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    topology: Topology,
    /// What to draw it as
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// What a graph is drawn as.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For Graphviz
    #[default]
    Dot,
    /// A flowchart for wikis that draw Mermaid
    Mermaid,
    /// A picture that needs no other program
    Svg,
}

pub(super) fn run(arguments: &Arguments, world: &dyn World, output: &Output) -> Exit {
    let mut sources = SourceMap::new();
    let path = &arguments.topology.file();
    let lock = LockFile::read(world, &mut sources, path);
    match lock.and_then(|lock| check(world, path, &lock.lock, &mut sources)) {
        Ok(checked) => {
            let (system, derived) = (&checked.system, &checked.derived);
            output::result(&match arguments.format {
                Format::Dot => report::dot(system, &Graph::of(system)),
                Format::Mermaid => report::mermaid(system, derived),
                Format::Svg => report::svg(system, derived),
            });
            Exit::Fine
        }
        Err(errors) => {
            output.errors(&sources, &errors);
            Exit::Failed
        }
    }
}
