use std::collections::BTreeSet;

use camino::{Utf8Path, Utf8PathBuf};
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};

use crate::check::{Judged, judge};
use crate::lint::Level;
use crate::report::{self, FORMATS, Item, Report, Summary};
use crate::source::{SourceMap, Span};
use crate::store::LockFile;
use crate::system::Lock;
use crate::world::{Piped, World};

use super::output::{self, Output};
use super::select::{Selection, Shown};
use super::{Exit, Topology};

/// Check topologies and write nothing.
#[derive(Debug, clap::Args)]
#[allow(clippy::struct_excessive_bools)] // each is a flag of the command line
pub(super) struct Arguments {
    /// Topologies, each judged by itself; `-` reads one from standard input
    #[arg(value_name = "TOPOLOGY", required = true, value_parser = super::file_name())]
    paths: Vec<Utf8PathBuf>,
    /// How to print findings [default: text; github where `GITHUB_ACTIONS` is true]
    #[arg(long, value_parser = formats())]
    format: Option<&'static report::Format>,
    /// Print only the line that counts findings
    #[arg(short, long, conflicts_with = "format")]
    quiet: bool,
    /// Show findings that are only possible as well: some who write this mean it
    #[arg(long)]
    pedantic: bool,
    /// Show findings of these rules alone; `vip-*` is every rule that begins so
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    select: Vec<String>,
    /// Do not show findings of these rules
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    ignore: Vec<String>,
    /// The least level that is shown
    #[arg(long, value_enum, default_value_t = Least::Advice)]
    level: Least,
    /// The least level of what is shown for which the exit code is 1
    #[arg(long, value_enum, default_value_t = Least::Warning)]
    fail_on: Least,
    /// Exit with 0 whatever is found; errors are still 2
    #[arg(long)]
    exit_zero: bool,
}

/// A level that can be chosen.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum Least {
    /// Better practice
    Advice,
    /// Works today; breaks under load, upgrade or failure
    Warning,
    /// Fails, splits, loses data or locks out
    Error,
}

impl From<Least> for Level {
    fn from(least: Least) -> Self {
        match least {
            Least::Advice => Self::Advice,
            Least::Warning => Self::Warning,
            Least::Error => Self::Error,
        }
    }
}

/// The table of formats, as clap wants it.
fn formats() -> impl TypedValueParser<Value = &'static report::Format> {
    PossibleValuesParser::new(FORMATS.iter().map(|format| PossibleValue::new(format.name).help(format.about)))
        .try_map(|name| report::format(&name).ok_or("no such format"))
}

pub(super) fn run(arguments: &Arguments, world: &dyn World, output: &Output) -> Exit {
    let selection = Selection {
        select: arguments.select.clone(),
        ignore: arguments.ignore.clone(),
        level: arguments.level.into(),
        pedantic: arguments.pedantic,
    };
    let unknown = selection.unknown();
    if !unknown.is_empty() {
        output::say(&unknown);
        return Exit::Failed;
    }
    let mut sources = SourceMap::new();
    let mut judged: Vec<(&str, Judged)> = Vec::with_capacity(arguments.paths.len());
    let mut named: BTreeSet<&Utf8Path> = BTreeSet::new();
    for path in &arguments.paths {
        // A path that is named twice is judged once.
        if named.insert(path) {
            judged.push(one(path, world, &mut sources));
        }
    }

    let mut items: Vec<Item<'_>> = Vec::new();
    let mut allowed: Vec<Item<'_>> = Vec::new();
    let mut possible = 0;
    for (_, Judged { errors, findings, .. }) in &judged {
        items.extend(errors.iter().map(Item::from));
        for finding in &findings.findings {
            match selection.judge(finding) {
                Shown::Yes => items.push(finding.into()),
                Shown::WhenPedantic => possible += 1,
                Shown::No => {}
            }
        }
        let shown = findings.allowed.iter().filter(|allowed| selection.judge(&allowed.finding) == Shown::Yes);
        allowed.extend(shown.map(Item::from));
    }
    let summary = Summary { possible, ..Summary::of(&items, allowed.len()) };
    let failed = judged.iter().any(|(_, judged)| !judged.errors.is_empty());
    let worst = items.iter().map(|item| item.level).max();
    let stands = !arguments.exit_zero && worst.is_some_and(|worst| worst >= Level::from(arguments.fail_on));

    if arguments.quiet {
        output::say(&format!("{}\n", summary.line()));
    } else {
        let hidden: Vec<Span> = judged.iter().flat_map(|(_, judged)| judged.hidden.iter().copied()).collect();
        let topologies =
            judged.iter().map(|(path, judged)| report::Judged { path, complete: judged.complete }).collect();
        let report = Report { sources: &sources, hidden: &hidden, topologies, items, allowed, summary };
        output.write(arguments.format.unwrap_or_else(|| by_itself(world)), &report);
    }
    match (failed, stands) {
        (true, _) => Exit::Failed,
        (false, true) => Exit::Findings,
        (false, false) => Exit::Fine,
    }
}

/// The format of who asks for none.
fn by_itself(world: &dyn World) -> &'static report::Format {
    let name = if world.env("GITHUB_ACTIONS").as_deref() == Some("true") { "github" } else { "text" };
    report::format(name).unwrap_or(FORMATS[0])
}

/// Judges one topology; with the path that it has in the output.
fn one<'p>(path: &'p Utf8Path, world: &dyn World, sources: &mut SourceMap) -> (&'p str, Judged) {
    if path == "-" {
        // Nothing lies beside it: no lock.
        let judged = match Piped::read(world) {
            Ok(world) => judge(&world, Utf8Path::new(Piped::PATH), &Lock::default(), sources),
            Err(error) => failed(vec![output::unreadable(Piped::PATH, &error)]),
        };
        return (Piped::PATH, judged);
    }
    let file = Topology { path: path.to_owned() }.file();
    let judged = match LockFile::read(world, sources, &file) {
        Ok(lock) => judge(world, &file, &lock.lock, sources),
        Err(errors) => failed(errors),
    };
    (path.as_str(), judged)
}

fn failed(errors: Vec<crate::diagnostic::Diagnostic>) -> Judged {
    Judged { errors, ..Judged::default() }
}
