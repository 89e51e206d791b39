use std::io::ErrorKind;

use camino::Utf8PathBuf;

use crate::diagnostic::Diagnostic;
use crate::source::SourceMap;
use crate::syntax;
use crate::world::World;

use super::Exit;
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
    let text = match world.read(path).map(String::from_utf8) {
        Ok(Ok(text)) => text,
        Ok(Err(error)) => {
            let at = error.utf8_error().valid_up_to();
            return fail(
                output,
                Diagnostic::new("unreadable", format!("{path} is not UTF-8: byte {at} begins no character")),
            );
        }
        Err(error) => {
            let error = match error.kind() {
                ErrorKind::NotFound => "there is no such file".to_owned(),
                _ => error.to_string(),
            };
            return fail(output, Diagnostic::new("unreadable", format!("{path} cannot be read: {error}")));
        }
    };
    let Some(id) = sources.add(path.clone(), text) else {
        return fail(output, Diagnostic::new("unreadable", format!("{path} is too large")));
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

fn fail(output: &Output, error: Diagnostic) -> Exit {
    output.errors(&SourceMap::new(), &[error]);
    Exit::Failed
}
