//! What `hacc build` says at its end.

use std::fmt::Write as _;

use serde::Serialize;

use crate::report::{self, Item, Summary};
use crate::source::SourceMap;
use crate::store::{Change, Outcome};

use super::build::{Arguments, Built, findings, hidden};
use super::output::{self, Output};

/// How many paths of one kind are named before the rest is counted.
const SHOWN: usize = 10;

pub(super) fn text(arguments: &Arguments, sources: &SourceMap, built: &Built, output: &Output) {
    let allowed = built.checked.as_ref().map_or(0, |checked| checked.findings.allowed.len());
    let hidden = hidden(built);
    let mut items = findings(built);
    items.extend(built.errors.iter().map(Item::from));
    if !items.is_empty() {
        output.report(sources, &hidden, &items, allowed);
    }
    match &built.outcome {
        Some(outcome) => {
            output::result(&told(arguments, built, outcome));
            if arguments.check && built.is_stale() {
                let out = arguments.out.as_str().escape_debug();
                output::say(&format!("hacc: {out} is not what the topology says now; `hacc build` makes it so\n"));
            }
        }
        None if built.errors.is_empty() => output::say(
            "hacc: not built: findings of error level stand against it. Mend them, allow them with a reason\n\
             (`allow RULE reason=\"…\"`), or build anyway with --force\n",
        ),
        None if arguments.check => output::say("hacc: not compared\n"),
        None => output::say("hacc: not built\n"),
    }
}

/// What became of the files, in a few lines.
fn told(arguments: &Arguments, built: &Built, outcome: &Outcome) -> String {
    let mut text = String::new();
    let out = arguments.out.as_str().escape_debug();
    let written = [Change::Created, Change::Replaced, Change::Mode, Change::Removed];
    let counts: Vec<String> = [
        (Change::Created, "new"),
        (Change::Replaced, "changed"),
        (Change::Mode, "with other permissions"),
        (Change::Removed, "removed"),
        (Change::Unknown, "that hold secrets not at hand"),
    ]
    .into_iter()
    .map(|(change, word)| (outcome.count(change), word))
    .filter(|(count, _)| *count > 0)
    .map(|(count, word)| format!("{count} {word}"))
    .collect();
    let files = outcome.files.len();
    let _ = match (counts.is_empty(), arguments.writes_nothing()) {
        (true, _) if arguments.check && outcome.manifest => {
            writeln!(text, "{out}: nothing to change ({files} files) but manifest.json")
        }
        (true, _) => writeln!(text, "{out}: nothing to change ({files} files)"),
        (false, false) => writeln!(text, "{out}: {files} files: {}", counts.join(", ")),
        (false, true) => writeln!(text, "{out}: {files} files, would be: {}", counts.join(", ")),
    };
    for path in &built.beside {
        let _ = writeln!(text, "{}: would be written", path.as_str().escape_debug());
    }
    if arguments.writes_nothing() {
        for file in outcome.files.iter().filter(|file| written.contains(&file.change)) {
            let _ = writeln!(text, "  {:<9} {}", file.change.word(), file.path);
        }
    }
    let edited: Vec<&camino::Utf8Path> = outcome.with(Change::Edited).collect();
    if !edited.is_empty() {
        let _ = writeln!(text, "edited by hand and kept as they are (--overwrite-edited replaces them):");
        name(&mut text, edited.iter().map(|path| path.as_str()));
    }
    if !outcome.foreign.is_empty() {
        let _ = writeln!(text, "not written by hacc and left alone:");
        name(&mut text, outcome.foreign.iter().map(String::as_str));
    }
    text
}

fn name<'a>(text: &mut String, paths: impl ExactSizeIterator<Item = &'a str>) {
    let more = paths.len().saturating_sub(SHOWN);
    for path in paths.take(SHOWN) {
        let _ = writeln!(text, "  {}", path.escape_debug());
    }
    if more > 0 {
        let _ = writeln!(text, "  and {more} more");
    }
}

/// The result for programs. Stable: fields may be added; none is renamed or removed without a new `version`.
#[derive(Serialize)]
struct Report<'a, D: Serialize> {
    /// `built` (`planned` in a dry run, `stale` in a check), `unchanged`, `refused` (findings stand against it) or `failed`
    /// (errors).
    result: &'static str,
    /// Whether nothing was written because that was asked.
    dry_run: bool,
    #[serde(flatten)]
    diagnostics: D,
    /// What became of every file, relative to the output folder.
    files: Vec<File<'a>>,
    /// Files in the output folder that hacc did not write.
    foreign: &'a [String],
}

#[derive(Serialize)]
struct File<'a> {
    path: &'a str,
    change: &'static str,
}

pub(super) fn json(arguments: &Arguments, sources: &SourceMap, built: &Built) {
    let allowed = built.checked.as_ref().map_or(0, |checked| checked.findings.allowed.len());
    let mut items = findings(built);
    items.extend(built.errors.iter().map(Item::from));
    let outcome = built.outcome.as_ref();
    let files = outcome.map_or(&[][..], |outcome| &outcome.files);
    let report = Report {
        result: match outcome {
            Some(_) if arguments.check && built.is_stale() => "stale",
            Some(outcome) if outcome.changed && arguments.dry_run => "planned",
            Some(outcome) if outcome.changed => "built",
            Some(_) => "unchanged",
            None if built.errors.is_empty() => "refused",
            None => "failed",
        },
        dry_run: arguments.writes_nothing(),
        diagnostics: report::Json::new(sources, &items, Summary::of(&items, allowed)),
        files: files.iter().map(|file| File { path: file.path.as_str(), change: file.change.word() }).collect(),
        foreign: outcome.map_or(&[], |outcome| &outcome.foreign),
    };
    let mut text = serde_json::to_string_pretty(&report).unwrap_or_default();
    text.push('\n');
    output::result(&text);
}
