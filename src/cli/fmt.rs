use camino::Utf8PathBuf;

use crate::diagnostic::Diagnostic;
use crate::report;
use crate::source::SourceMap;
use crate::store::Rewrite;
use crate::syntax::layout::layout;
use crate::topology::is_secret_store;
use crate::world::{Piped, World};

use super::Exit;
use super::kdl_file::{STANDARD_INPUT, read_or_input};
use super::output::{self, Output};

/// Put KDL files into their one layout.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The files, each for itself: what they include is not looked at. `-` reads standard input and writes to standard
    /// output
    #[arg(required = true, value_name = "FILE", value_parser = super::file_name())]
    files: Vec<Utf8PathBuf>,
    /// Write nothing; name the files that would change, and exit with 1 if there are some
    #[arg(long)]
    check: bool,
    /// Write nothing; show what would change, and exit with 1 if anything would
    #[arg(long)]
    diff: bool,
}

pub(super) fn run(arguments: &Arguments, world: &dyn World, output: &Output) -> Exit {
    let mut sources = SourceMap::new();
    let mut errors = Vec::new();
    let mut rewrites = Vec::new();
    for path in &arguments.files {
        match laid_out(path, world, &mut sources) {
            Ok(rewrite) => rewrites.push(rewrite),
            Err(found) => errors.extend(found),
        }
    }
    if !errors.is_empty() {
        output.errors(&sources, &errors);
        output::say("hacc: nothing was written\n");
        return Exit::Failed;
    }
    let shows = arguments.check || arguments.diff;
    let mut differs = false;
    for rewrite in &rewrites {
        let changes = *rewrite.before != *rewrite.after;
        let name = if rewrite.path == STANDARD_INPUT { Piped::PATH } else { rewrite.path.as_str() };
        differs |= changes;
        match (shows, changes) {
            (true, true) if arguments.diff => {
                output::result(&report::diff(name, &rewrite.before, &rewrite.after));
            }
            (true, true) => output::result(&format!("{}\n", name.escape_debug())),
            (false, _) if rewrite.path == STANDARD_INPUT => output::result(&rewrite.after),
            (false, true) => match rewrite.write() {
                Ok(()) => output::say(&format!("{} laid out anew\n", name.escape_debug())),
                Err(error) => errors.push(*error),
            },
            (_, false) => {}
        }
    }
    if !errors.is_empty() {
        output.errors(&sources, &errors);
        return Exit::Failed;
    }
    if shows && differs { Exit::Findings } else { Exit::Fine }
}

fn laid_out(path: &Utf8PathBuf, world: &dyn World, sources: &mut SourceMap) -> Result<Rewrite, Vec<Diagnostic>> {
    let id = read_or_input(world, path, sources).map_err(|error| vec![error])?;
    let source = sources.get(id);
    if is_secret_store(source.text()) {
        let message = format!("{path} is a secret store of hacc, which hacc alone writes");
        return Err(vec![Diagnostic::new("unreadable", message).help("name topologies and what they include")]);
    }
    Ok(Rewrite { path: path.clone(), before: source.shared_text(), after: layout(source)? })
}
