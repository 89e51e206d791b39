//! The command line.

mod build;
mod built;
mod exit;
mod explain;
mod fix;
mod fmt;
mod graph;
mod init;
mod kdl_file;
mod lint;
mod output;
mod parse;
mod select;
mod watch;

use std::process::ExitCode;

use camino::Utf8PathBuf;
use clap::builder::{NonEmptyStringValueParser, TypedValueParser};
use clap::{Parser, Subcommand, ValueEnum};

pub use exit::Exit;

use crate::world::Disk;
use output::Output;

/// A compiler and linter for high-availability clusters: one KDL file in, every file that the machines need out.
#[derive(Debug, Parser)]
#[command(name = "hacc", version, max_term_width = 100)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Check a topology and write every file of its machines
    Build(build::Arguments),
    /// Check topologies; with --fix, mend them
    Lint(lint::Arguments),
    /// Put KDL files into their one layout
    Fmt(fmt::Arguments),
    /// Write a commented topology to start from
    Init(init::Arguments),
    /// Draw a topology as a graph: for Graphviz, as a Mermaid flowchart or as an SVG picture
    Graph(graph::Arguments),
    /// Explain a rule: what it finds, why that matters, what to write instead
    Explain(explain::Arguments),
    /// Print what the KDL reader reads
    Parse(parse::Arguments),
}

/// Any path but the empty one.
fn file_name() -> impl TypedValueParser<Value = Utf8PathBuf> {
    NonEmptyStringValueParser::new().map(Utf8PathBuf::from)
}

/// How results are printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people
    #[default]
    Text,
    /// For programs
    Json,
}

/// What most commands begin with.
#[derive(Debug, clap::Args)]
struct Topology {
    /// The topology
    #[arg(value_name = "TOPOLOGY", value_parser = file_name())]
    path: Utf8PathBuf,
}

impl Topology {
    /// The file itself, where the path is a link to it: what it includes, its lock and its secrets lie beside the file,
    /// and another way to it must not make other secrets.
    fn file(&self) -> Utf8PathBuf {
        match self.path.symlink_metadata() {
            Ok(meta) if meta.is_symlink() => self.path.canonicalize_utf8().unwrap_or_else(|_| self.path.clone()),
            _ => self.path.clone(),
        }
    }
}

/// Runs the command that the process was started with.
pub fn run() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            // clap's own: help and version end well, everything else is a wrong call.
            let _ = error.print();
            return if error.use_stderr() { Exit::Failed.into() } else { Exit::Fine.into() };
        }
    };
    let world = Disk;
    let output = Output::detect();
    match arguments.command {
        Command::Build(arguments) => build::run(&arguments, &world, &output),
        Command::Lint(arguments) => lint::run(&arguments, &world, &output),
        Command::Fmt(arguments) => fmt::run(&arguments, &world, &output),
        Command::Init(arguments) => init::run(&arguments),
        Command::Graph(arguments) => graph::run(&arguments, &world, &output),
        Command::Explain(arguments) => explain::run(&arguments),
        Command::Parse(arguments) => parse::run(&arguments, &world, &output),
    }
    .into()
}
