//! What is to be done about each path. Nothing is written here.

use std::io;

use rayon::prelude::*;
use rustc_hash::FxHashSet;

use super::commit::is_leftover;
use super::folder::{Folder, Look};
use super::manifest::{Entry, Manifest};
use super::print::Print;
use super::standing::{LOT, Standing};
use super::walk::{Stop, Walk, split};
use super::{Change, FileOutcome, Options, Run};
use crate::plan::{Artifact, Keep, Tree};

/// What stands in the way.
#[derive(Debug)]
pub(super) enum Problem {
    /// A file that hacc did not write, with another text.
    Foreign(String),
    /// A folder where a file is to be.
    Folder(String),
    /// A link, or a file of another's, where a folder is to be.
    NoFolder(String),
    /// The system does not let us look.
    Io(String, io::Error),
}

/// What is to be done about one path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Deed {
    Nothing,
    Write,
    Chmod,
    Remove,
}

/// The judgement on one path.
#[derive(Debug)]
pub(super) struct Verdict<'a> {
    pub(super) path: &'a str,
    /// `None` for what is no longer planned.
    pub(super) artifact: Option<&'a Artifact>,
    /// `None`: nobody need be told.
    change: Option<Change>,
    pub(super) deed: Deed,
    /// A folder stands there now; by then it will be empty.
    pub(super) over_folder: bool,
    entry: Option<Entry>,
}

/// The judgement on all paths, sorted.
#[derive(Debug)]
pub(super) struct Judgement<'a> {
    pub(super) verdicts: Vec<Verdict<'a>>,
}

/// All that a judgement rests on.
pub(super) struct Bench<'a> {
    root: Option<&'a Folder>,
    standing: &'a Standing,
    tree: &'a Tree,
    options: Options,
    /// Paths that will be removed, before anything else is judged.
    removed: FxHashSet<&'a str>,
}

/// What the bytes on disk are.
enum Bytes {
    Planned,
    Ours,
    Edited,
}

impl<'a> Bench<'a> {
    pub(super) fn new(root: Option<&'a Folder>, standing: &'a Standing, tree: &'a Tree, options: Options) -> Self {
        Self { root, standing, tree, options, removed: FxHashSet::default() }
    }
}

impl<'a> Judgement<'a> {
    /// Judges every planned path and every path of earlier builds.
    pub(super) fn of(bench: &Bench<'a>) -> Result<Self, Vec<Problem>> {
        let mut problems = Vec::new();
        let mut verdicts = Vec::new();
        let stale = bench.stale();
        collect(&stale, &mut verdicts, &mut problems, |walk, path| bench.judge_stale(walk, path), bench.root);
        let removed = verdicts.iter().filter(|v| v.deed == Deed::Remove).map(|v| v.path).collect();
        let bench = Bench { removed, ..*bench };
        collect(
            bench.tree.as_slice(),
            &mut verdicts,
            &mut problems,
            |walk, artifact| bench.judge_planned(walk, artifact),
            bench.root,
        );
        verdicts.sort_unstable_by(|a, b| a.path.cmp(b.path));
        if problems.is_empty() { Ok(Self { verdicts }) } else { Err(problems) }
    }

    /// Whether anything is to be done to a file.
    pub(super) fn acts(&self) -> bool {
        self.verdicts.iter().any(|verdict| verdict.deed != Deed::Nothing)
    }

    /// The entries of the new manifest; they are gone from here then.
    pub(super) fn take_entries(&mut self) -> Vec<Entry> {
        self.verdicts.iter_mut().filter_map(|verdict| verdict.entry.take()).collect()
    }

    /// What to tell.
    pub(super) fn files(&self) -> Vec<FileOutcome> {
        let told = self.verdicts.iter().filter_map(|verdict| Some((verdict.path, verdict.change?)));
        told.map(|(path, change)| FileOutcome { path: path.into(), change }).collect()
    }

    /// The paths that are known, whoever owns them; sorted.
    pub(super) fn ours(&self) -> Vec<&'a str> {
        self.verdicts.iter().filter(|verdict| verdict.change.is_some()).map(|verdict| verdict.path).collect()
    }
}

/// Judges a list in order, in lots where it is long.
fn collect<'a, 'l, T: Sync>(
    list: &'l [T],
    verdicts: &mut Vec<Verdict<'a>>,
    problems: &mut Vec<Problem>,
    judge: impl Fn(Option<&mut Walk<'_>>, &'l T) -> Result<Verdict<'a>, Problem> + Sync,
    root: Option<&Folder>,
) {
    let lot = |lot: &'l [T]| {
        let mut walk = root.map(Walk::new);
        lot.iter().map(|one| judge(walk.as_mut(), one)).collect::<Vec<_>>()
    };
    let judged = if list.len() <= LOT { vec![lot(list)] } else { list.par_chunks(LOT).map(lot).collect() };
    for one in judged.into_iter().flatten() {
        match one {
            Ok(verdict) => verdicts.push(verdict),
            Err(problem) => problems.push(problem),
        }
    }
}

impl<'a> Bench<'a> {
    /// Paths of earlier builds that are not planned, sorted.
    fn stale(&self) -> Vec<&'a str> {
        let planned: FxHashSet<&str> = self.tree.iter().map(|artifact| artifact.path().as_str()).collect();
        let known = self.standing.past.states().flat_map(|state| &state.entries).map(|entry| entry.path.as_str());
        let mut stale: Vec<&str> = known.filter(|path| !planned.contains(path)).collect();
        stale.sort_unstable();
        stale.dedup();
        stale
    }

    /// What earlier builds put at a path, oldest first.
    fn known(&self, path: &'a str) -> impl Iterator<Item = (&'a Manifest, &'a Entry)> {
        self.standing.past.states().filter_map(move |state| Some((state, state.get(path)?)))
    }

    fn judge_stale(&self, walk: Option<&mut Walk<'_>>, path: &&'a str) -> Result<Verdict<'a>, Problem> {
        let path = *path;
        // Removed before, perhaps by a build that did not come to its end: its folder may still be there, empty.
        let gone = Verdict { path, artifact: None, change: None, deed: Deed::Nothing, over_folder: false, entry: None };
        if self.known(path).all(|(_, entry)| entry.keep == Keep::Seeded) {
            return Ok(Verdict { change: Some(Change::Seeded), ..gone });
        }
        let Some(walk) = walk else { return Ok(gone) };
        let (at, name) = split(path);
        let Ok(folder) = walk.folder(at) else { return Ok(gone) };
        let look = folder.look(name).map_err(|error| Problem::Io(path.to_owned(), error))?;
        let Some(look) = look.filter(|look| !look.is_folder()) else { return Ok(gone) };
        let remove = Verdict { change: Some(Change::Removed), deed: Deed::Remove, ..gone };
        if self.options.overwrite_edited {
            return Ok(remove);
        }
        match self.bytes(folder, path, look, None)? {
            Bytes::Edited => Ok(Verdict { deed: Deed::Nothing, ..self.edited(path, None) }),
            Bytes::Planned | Bytes::Ours => Ok(remove),
        }
    }

    fn judge_planned(&self, walk: Option<&mut Walk<'_>>, artifact: &'a Artifact) -> Result<Verdict<'a>, Problem> {
        let path = artifact.path().as_str();
        let print = match (artifact.secret, &self.standing.key) {
            (false, _) => Some(Print::plain(&artifact.body)),
            (true, Some(key)) => Some(Print::keyed(&artifact.body, key)),
            (true, None) => None,
        };
        let verdict = |change, deed| Verdict {
            path,
            artifact: Some(artifact),
            change: Some(change),
            deed,
            over_folder: false,
            entry: print.map(|print| Entry::of(artifact, print)),
        };
        if artifact.keep == Keep::Foreign {
            return Ok(Verdict { entry: None, ..verdict(Change::Foreign, Deed::Nothing) });
        }
        let created = || Ok(verdict(Change::Created, Deed::Write));
        let Some(walk) = walk else { return created() };
        let (at, name) = split(path);
        let look = match walk.folder(at) {
            Ok(folder) => folder.look(name).map_err(|error| Problem::Io(path.to_owned(), error))?,
            Err(stop) => return if self.is_free(&stop)? { created() } else { Err(Problem::NoFolder(stop.at)) },
        };
        let Some(look) = look else { return created() };
        if look.is_folder() {
            let over = Verdict { over_folder: true, ..verdict(Change::Created, Deed::Write) };
            return if self.is_emptied(walk, path)? { Ok(over) } else { Err(Problem::Folder(path.to_owned())) };
        }
        if artifact.keep == Keep::Seeded {
            return Ok(verdict(Change::Seeded, Deed::Nothing));
        }
        if artifact.secret && self.options.run == Run::DryWithoutSecrets {
            return Ok(verdict(Change::Unknown, Deed::Nothing));
        }
        let folder = walk.folder(at).map_err(|stop| Problem::Io(stop.at, stop.error))?;
        match self.bytes(folder, path, look, Some((artifact, print)))? {
            Bytes::Planned if look.mode == artifact.mode => Ok(verdict(Change::Unchanged, Deed::Nothing)),
            Bytes::Planned => Ok(verdict(Change::Mode, Deed::Chmod)),
            Bytes::Ours => Ok(verdict(Change::Replaced, Deed::Write)),
            Bytes::Edited if self.known(path).next().is_none() => Err(Problem::Foreign(path.to_owned())),
            Bytes::Edited if self.options.overwrite_edited => Ok(verdict(Change::Replaced, Deed::Write)),
            Bytes::Edited => Ok(self.edited(path, Some(artifact))),
        }
    }

    /// The verdict on a file that hacc wrote once and that is not as hacc left it.
    fn edited(&self, path: &'a str, artifact: Option<&'a Artifact>) -> Verdict<'a> {
        let entry = self.known(path).last().map(|(_, entry)| Entry { edited: true, ..entry.clone() });
        Verdict { path, artifact, change: Some(Change::Edited), deed: Deed::Nothing, over_folder: false, entry }
    }

    /// What the bytes of a file are. Read only where size and time of change do not tell.
    fn bytes(
        &self,
        folder: &Folder,
        path: &'a str,
        look: Look,
        planned: Option<(&Artifact, Option<Print>)>,
    ) -> Result<Bytes, Problem> {
        if !look.is_file() {
            return Ok(Bytes::Edited);
        }
        let untouched = self.standing.past.manifest.as_ref().and_then(|written| {
            let entry = written.manifest.get(path)?;
            let key = self.standing.key_of(&written.manifest).is_some();
            // Without the key of the manifest the last files of a build would count as edited for ever.
            let lost = !key && matches!(entry.print, Print::Keyed(_));
            let old = if lost { written.is_no_younger(&look) } else { written.is_older(&look) };
            let untouched = !entry.edited && entry.size == look.size && old;
            untouched.then_some((entry, key))
        });
        let print = planned.and_then(|(_, print)| print);
        match (untouched, print) {
            (Some(_), None) if planned.is_none() => return Ok(Bytes::Ours),
            (Some((entry, _)), Some(Print::Plain(_))) if matches!(entry.print, Print::Plain(_)) => {
                return Ok(if print == Some(entry.print) { Bytes::Planned } else { Bytes::Ours });
            }
            (Some((entry, true)), Some(Print::Keyed(_))) if matches!(entry.print, Print::Keyed(_)) => {
                return Ok(if print == Some(entry.print) { Bytes::Planned } else { Bytes::Ours });
            }
            _ => {}
        }
        let same_size = planned.is_some_and(|(artifact, _)| artifact.body.len() as u64 == look.size);
        let may_be_ours = untouched.is_some() || self.known(path).any(|(_, entry)| entry.size == look.size);
        if !same_size && !may_be_ours {
            return Ok(Bytes::Edited);
        }
        let (_, name) = split(path);
        let bytes = folder.read(name).map_err(|error| Problem::Io(path.to_owned(), error))?;
        if planned.is_some_and(|(artifact, _)| *artifact.body == *bytes) {
            return Ok(Bytes::Planned);
        }
        let fits = |(state, entry): (&Manifest, &Entry)| {
            entry.size == look.size && entry.print.fits(&bytes, self.standing.key_of(state)) == Some(true)
        };
        Ok(if untouched.is_some() || self.known(path).any(fits) { Bytes::Ours } else { Bytes::Edited })
    }

    /// Whether a folder can be made where a walk stopped: nothing is there, or a file that will be removed.
    fn is_free(&self, stop: &Stop) -> Result<bool, Problem> {
        if stop.is_absent() || self.removed.contains(stop.at.as_str()) {
            return Ok(true);
        }
        match stop.error.kind() {
            _ if stop.is_no_folder() => Ok(false),
            kind => Err(Problem::Io(stop.at.clone(), io::Error::new(kind, stop.error.to_string()))),
        }
    }

    /// Whether a folder holds no file but those that will be removed.
    fn is_emptied(&self, walk: &mut Walk<'_>, path: &str) -> Result<bool, Problem> {
        let killed = !self.standing.past.leftovers.is_empty();
        let mut open = vec![path.to_owned()];
        while let Some(at) = open.pop() {
            let folder = walk.folder(&at).map_err(|stop| Problem::Io(stop.at, stop.error))?;
            let names = folder.names().map_err(|error| Problem::Io(at.clone(), error))?;
            for (name, kind) in names {
                let inner = format!("{at}/{name}");
                if kind == rustix::fs::FileType::Directory {
                    open.push(inner);
                } else if !(self.removed.contains(inner.as_str()) || killed && is_leftover(&name)) {
                    return Ok(false);
                }
            }
        }
        Ok(true)
    }
}

impl Entry {
    fn of(artifact: &Artifact, print: Print) -> Self {
        Self {
            path: artifact.path().as_str().to_owned(),
            from: artifact.from.clone(),
            mode: artifact.mode,
            size: artifact.body.len() as u64,
            print,
            keep: artifact.keep,
            apply: artifact.apply,
            edited: false,
        }
    }
}
