use std::mem::ManuallyDrop;

use camino::{Utf8Path, Utf8PathBuf};
use sha2::{Digest as _, Sha256};

use crate::check::{Checked, check};
use crate::diagnostic::Diagnostic;
use crate::lint::Level;
use crate::plan::templates::Templates;
use crate::plan::{self, Input, plan};
use crate::report;
use crate::secrets::{self, Need, SecretValues, Wanted, hex};
use crate::source::SourceMap;
use crate::store::{self, Facts, LockFile, Options, Outcome, Run, SecretsFile, Standing};
use crate::world::{World, plain};

use super::output::{Output, items};
use super::watch::Watch;
use super::{Exit, Format, Topology, built};

/// Check a topology and write every file of its machines.
#[derive(Debug, clap::Args)]
#[allow(clippy::struct_excessive_bools)] // each is a flag of the command line
pub(super) struct Arguments {
    #[command(flatten)]
    pub(super) topology: Topology,
    /// The folder to write to; made where there is none
    #[arg(short, long, default_value = "out", value_name = "DIR", value_parser = super::file_name())]
    pub(super) out: Utf8PathBuf,
    /// Write nothing; only tell what would be written. Needs no secret's value
    #[arg(long)]
    pub(super) dry_run: bool,
    /// Write nothing; exit with 1 if a build would change anything, with 2 if it could not be done. Needs the secrets, as a
    /// build does
    #[arg(long, conflicts_with_all = ["dry_run", "new_secrets"])]
    pub(super) check: bool,
    /// How to print the result
    #[arg(long, value_enum, default_value_t)]
    pub(super) format: Format,
    /// Build although findings of error level stand against it
    #[arg(long)]
    pub(super) force: bool,
    /// Replace files that were edited by hand since the last build
    #[arg(long)]
    pub(super) overwrite_edited: bool,
    /// Make new secrets for those that were generated once and are lost
    #[arg(long)]
    pub(super) new_secrets: bool,
    /// Sync everything to disk, so that the result survives a power cut
    #[arg(long)]
    pub(super) durable: bool,
}

impl Arguments {
    /// Whether nothing is written, whatever there is to write.
    pub(super) const fn writes_nothing(&self) -> bool {
        self.dry_run || self.check
    }
}

/// What came of a build.
pub(super) struct Built {
    /// What became of every file; `None` where findings or errors were in the way.
    pub(super) outcome: Option<Outcome>,
    /// Files that a check found to be none of the output folder's, and not as a build would leave them.
    pub(super) beside: Vec<Utf8PathBuf>,
    /// What was checked, as far as it came.
    pub(super) checked: Option<Checked>,
    /// Errors.
    pub(super) errors: Vec<Diagnostic>,
}

impl Built {
    /// Whether a build would change anything at all.
    pub(super) fn is_stale(&self) -> bool {
        self.outcome.as_ref().is_some_and(|outcome| outcome.changed || outcome.manifest) || !self.beside.is_empty()
    }
}

pub(super) fn run(arguments: &Arguments, world: &dyn World, output: &Output) -> Exit {
    let mut sources = SourceMap::new();
    let mut result = Built { outcome: None, beside: Vec::new(), checked: None, errors: Vec::new() };
    if let Err(errors) = build(arguments, world, &mut sources, &mut result) {
        result.errors = errors;
    }
    match arguments.format {
        Format::Text => built::text(arguments, &sources, &result, output),
        Format::Json => built::json(arguments, &sources, &result),
    }
    let exit = match result.outcome {
        Some(_) if arguments.check && result.is_stale() => Exit::Findings,
        Some(_) => Exit::Fine,
        None if result.errors.is_empty() => Exit::Findings,
        None => Exit::Failed,
    };
    // The process ends: taking a large system apart piece by piece would only make that later.
    std::mem::forget((sources, result));
    exit
}

/// The whole way: check, secrets, plan, store.
fn build(
    arguments: &Arguments,
    world: &dyn World,
    sources: &mut SourceMap,
    result: &mut Built,
) -> Result<(), Vec<Diagnostic>> {
    let path = &arguments.topology.file();
    let mut lock = LockFile::read(world, sources, path)?;
    let checked = result.checked.insert(check(world, path, &lock.lock, sources)?);
    let refused = checked.findings.worst() == Some(Level::Error);
    if refused && !arguments.force {
        return Ok(());
    }
    let base = path.parent().unwrap_or(Utf8Path::new(""));
    let watch = checked.topology.templates.is_some().then(|| Watch::start(checked.system.units.len()));
    let templates = Templates::load(checked.topology.templates.as_ref(), base, world, sources)?;
    lock.lock = checked.lock.clone();
    let mut kept = SecretsFile::read(world, path)?;
    let wanted = Wanted {
        secrets: &checked.topology.secrets,
        salts: &plan::salts(&checked.topology),
        base,
        need: if arguments.dry_run { Need::AtHand } else { Need::All },
        new_secrets: arguments.new_secrets,
    };
    let values = secrets::resolve(&wanted, &mut kept.secrets, &mut lock.lock, world)?;
    let facts = facts(checked, &templates, &lock, &values);
    let key = values.key().cloned();
    let out = &arguments.out;
    if ["lock", "secrets"].iter().any(|ending| plain(out) == plain(&path.with_extension(ending))) {
        let message = format!("`{out}` is the name of a file that hacc keeps beside the topology");
        let refused = Diagnostic::new("out-unusable", message).note("nothing was written");
        return Err(vec![refused.help("name another folder with `-o`")]);
    }
    let standing = if arguments.writes_nothing() { Standing::look(out, key)? } else { Standing::open(out, key)? };
    if values.are_known() && !kept.is_changed() && !lock.is_changed() && standing.is_current(&facts) {
        result.outcome = Some(standing.outcome(arguments.format == Format::Json));
        return Ok(());
    }
    let input = Input {
        topology: &checked.topology,
        system: &checked.system,
        derived: &checked.derived,
        secrets: &values,
        templates: &templates,
    };
    // Not taken apart either.
    let tree = ManuallyDrop::new(plan(&input)?);
    drop(watch);
    let options = Options {
        run: match (arguments.writes_nothing(), values.are_known()) {
            (false, _) => Run::Real,
            (true, true) => Run::Dry,
            (true, false) => Run::DryWithoutSecrets,
        },
        overwrite_edited: arguments.overwrite_edited,
        durable: arguments.durable,
    };
    if arguments.check {
        let beside = [("lock", lock.is_changed()), ("secrets", kept.is_changed())];
        result.beside =
            beside.iter().filter(|(_, changed)| *changed).map(|(end, _)| path.with_extension(end)).collect();
    }
    result.outcome = Some(standing.write_after(|| store::save(&kept, &lock), &tree, &facts, options)?);
    Ok(())
}

/// What decides the output, as the manifest keeps it.
fn facts(checked: &Checked, templates: &Templates, lock: &LockFile, values: &SecretValues) -> Facts {
    let mut model = Sha256::new();
    let mut add = |part: &str| {
        model.update(part.len().to_le_bytes());
        model.update(part);
    };
    add(&checked.model);
    add(&format!("{:?}", lock.lock));
    for (name, text) in templates.replaced() {
        add(name);
        add(text);
    }
    Facts {
        generator: format!("hacc {}+{}", env!("CARGO_PKG_VERSION"), env!("HACC_SOURCE")),
        topology: checked.topology.name.value.clone(),
        model: hex(&model.finalize()),
        secrets: values.fingerprint(),
    }
}

/// Spans that nothing may print.
pub(super) fn hidden(result: &Built) -> Vec<crate::source::Span> {
    result.checked.as_ref().map(|checked| report::literals(&checked.topology)).unwrap_or_default()
}

/// The findings of a build as items.
pub(super) fn findings(result: &Built) -> Vec<report::Item<'_>> {
    result.checked.as_ref().map(|checked| items(&checked.findings)).unwrap_or_default()
}
