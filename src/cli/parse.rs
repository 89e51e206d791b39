use camino::Utf8PathBuf;

use crate::source::SourceMap;
use crate::syntax;
use crate::world::World;

use super::Exit;
use super::kdl_file;
use super::output::{self, Output};

/// Print what the KDL reader reads.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// A KDL 2 file
    file: Utf8PathBuf,
    /// How to print it
    #[arg(long, value_enum, default_value_t)]
    format: Form,
}

/// A form in which a document is printed.
#[derive(Clone, Copy, Debug, Default, clap::ValueEnum)]
enum Form {
    /// KDL in canonical form: one node a line, comments gone, properties sorted
    #[default]
    Kdl,
    /// Every node, argument and property with its place
    Json,
}

pub(super) fn run(arguments: &Arguments, world: &dyn World, output: &Output) -> Exit {
    let mut sources = SourceMap::new();
    let path = &arguments.file;
    let id = match kdl_file::read(world, path, &mut sources) {
        Ok(id) => id,
        Err(error) => {
            output.errors(&sources, &[error]);
            return Exit::Failed;
        }
    };
    let source = sources.get(id);
    let (document, errors) = syntax::read(source);
    if !errors.is_empty() {
        output.errors(&sources, &errors);
        return Exit::Failed;
    }
    output::result(&match arguments.format {
        Form::Kdl => syntax::print::canonical(&document),
        Form::Json => syntax::print::json(&document, source),
    });
    Exit::Fine
}
