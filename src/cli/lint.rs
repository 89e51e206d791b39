use std::collections::BTreeSet;

use camino::{Utf8Path, Utf8PathBuf};
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};

use crate::check::{Judged, judge};
use crate::diagnostic::Diagnostic;
use crate::lint::{Finding, Level};
use crate::report::{self, FORMATS, Item, Report, Summary};
use crate::source::{SourceMap, Span};
use crate::store::LockFile;
use crate::system::Lock;
use crate::world::{Piped, World};

use super::fix::{Fixer, Fixing, Origin};
use super::output::{self, Output};
use super::select::{Selection, Shown};
use super::{Exit, Topology};

/// Check topologies; with --fix, mend them.
#[derive(Debug, clap::Args)]
#[allow(clippy::struct_excessive_bools)] // each is a flag of the command line
pub(super) struct Arguments {
    /// Topologies, each judged by itself; `-` reads one from standard input
    #[arg(value_name = "TOPOLOGY", required = true, value_parser = super::file_name())]
    paths: Vec<Utf8PathBuf>,
    #[command(flatten)]
    fix: Fixing,
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
    let format = match format(arguments, world) {
        Ok(format) => format,
        Err(wrong) => {
            output::say(&wrong);
            return Exit::Failed;
        }
    };
    let piped = arguments.reads_input().then(|| Piped::read(world));
    let world: &dyn World = match &piped {
        Some(Ok(piped)) => piped,
        _ => world,
    };
    let mut sources = SourceMap::new();
    let mut inputs = inputs(arguments, world, &mut sources);
    if let Some(Err(error)) = &piped {
        let unread = inputs.iter_mut().filter(|input| input.origin == Origin::Piped);
        unread.for_each(|input| input.lock = Err(vec![output::unreadable(Piped::PATH, error)]));
    }
    let mut fixer = Fixer::new(arguments.fix, world);
    let wanted = |finding: &Finding| selection.judge(finding) == Shown::Yes;
    for input in &mut inputs {
        if let Ok(lock) = &input.lock {
            input.unwritten = fixer.mend(&input.file, input.origin, lock, &wanted).err().unwrap_or_default();
        }
    }
    // Only now: what is mended for one topology may be included by another one.
    let judged: Vec<(&str, Judged)> =
        inputs.into_iter().map(|input| (input.name, input.judged(fixer.world(), &mut sources))).collect();

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
    let stands = worst.is_some_and(|worst| worst >= Level::from(arguments.fail_on)) || fixer.showed();

    if arguments.quiet {
        output::say(&format!("{}\n", summary.line()));
    } else {
        output::say(&fixer.told());
        let hidden: Vec<Span> = judged.iter().flat_map(|(_, judged)| judged.hidden.iter().copied()).collect();
        let topologies =
            judged.iter().map(|(path, judged)| report::Judged { path, complete: judged.complete }).collect();
        let report = Report { sources: &sources, hidden: &hidden, topologies, items, allowed, summary };
        output.write(format, &report);
    }
    match (failed, stands && !arguments.exit_zero) {
        (true, _) => Exit::Failed,
        (false, true) => Exit::Findings,
        (false, false) => Exit::Fine,
    }
}

impl Arguments {
    /// Whether a topology comes from standard input.
    fn reads_input(&self) -> bool {
        self.paths.iter().any(|path| path == "-")
    }
}

/// The format to print in.
///
/// # Errors
/// What to say where standard output would have to hold two things.
fn format(arguments: &Arguments, world: &dyn World) -> Result<&'static report::Format, String> {
    let prints = arguments.fix.prints(arguments.reads_input());
    match (arguments.format, prints) {
        (Some(format), Some(flag)) if !format.for_people => Err(format!(
            "hacc: standard output cannot hold both what {flag} prints and --format {}: ask for one after the other\n",
            format.name
        )),
        (Some(format), _) => Ok(format),
        (None, None) if world.env("GITHUB_ACTIONS").as_deref() == Some("true") => {
            Ok(report::format("github").unwrap_or(FORMATS[0]))
        }
        (None, _) => Ok(FORMATS[0]),
    }
}

/// One topology that is to be judged.
struct Input<'p> {
    /// Its path, as it stands in the output.
    name: &'p str,
    file: Utf8PathBuf,
    origin: Origin,
    lock: Result<Lock, Vec<Diagnostic>>,
    /// Its files that were to be mended and cannot be written.
    unwritten: Vec<Diagnostic>,
}

/// What is named. A path that is named twice is judged once.
fn inputs<'p>(arguments: &'p Arguments, world: &dyn World, sources: &mut SourceMap) -> Vec<Input<'p>> {
    let mut named: BTreeSet<&Utf8Path> = BTreeSet::new();
    let paths = arguments.paths.iter().filter(|path| named.insert(path));
    let input = |path: &'p Utf8PathBuf| {
        let unwritten = Vec::new();
        if path == "-" {
            // Nothing lies beside it: no lock.
            let lock = Ok(Lock::default());
            return Input { name: Piped::PATH, file: Piped::PATH.into(), origin: Origin::Piped, lock, unwritten };
        }
        let file = Topology { path: path.clone() }.file();
        let lock = LockFile::read(world, sources, &file).map(|lock| lock.lock);
        Input { name: path.as_str(), file, origin: Origin::File, lock, unwritten }
    };
    paths.map(input).collect()
}

impl Input<'_> {
    fn judged(self, world: &dyn World, sources: &mut SourceMap) -> Judged {
        let mut judged = match &self.lock {
            Ok(lock) => judge(world, &self.file, lock, sources),
            Err(errors) => Judged { errors: errors.clone(), ..Judged::default() },
        };
        judged.errors.extend(self.unwritten);
        judged
    }
}
