//! The writing, in two phases; see the [module above](super).

use std::collections::BTreeSet;
use std::io;

use camino::{Utf8Path, Utf8PathBuf};
use rayon::prelude::*;
use rustc_hash::FxHashSet;

use super::folder::{Folder, Hand, Modes};
use super::judge::{Deed, Judgement, Verdict};
use super::standing::{LOT, Past};
use super::trouble;
use super::walk::{Stop, Walk, split};
use crate::diagnostic::Diagnostic;
use crate::plan::Artifact;

const TEMPORARY: &str = ".hacc-tmp-";
const STAGE: &str = ".hacc-stage-";
const PENDING: &str = ".hacc-pending-";

/// Whether a name is one of those under which a build keeps what is not yet in place.
pub(super) fn is_leftover(name: &str) -> bool {
    [TEMPORARY, STAGE, PENDING].iter().any(|start| name.starts_with(start))
}

/// The number of a pending manifest.
pub(super) fn pending_number(name: &str) -> Option<u32> {
    name.strip_prefix(PENDING)?.parse().ok()
}

/// Makes the output folder and locks it.
pub(super) fn make_root(hand: Hand<'_>, out: &Utf8Path) -> Result<Folder, Box<Diagnostic>> {
    if !hand.make_root(out).map_err(|error| trouble::cannot_make(out, &error))? {
        return Err(trouble::busy(out).into());
    }
    let opened = Folder::open(out).and_then(|root| Ok((root.lock()?, root)));
    let (locked, root) = opened.map_err(|error| trouble::cannot_open(out, &error))?;
    if locked { Ok(root) } else { Err(trouble::busy(out).into()) }
}

/// Where a commit ended.
#[derive(Debug)]
pub(super) struct Failure {
    /// Relative to the output folder.
    pub(super) path: String,
    pub(super) error: io::Error,
    /// Whether the folder is as it was before.
    pub(super) undone: bool,
}

/// A file to be written.
struct Job<'a> {
    artifact: &'a Artifact,
    /// The folder in which it is written, from the root.
    folder: String,
    /// The name under which it is written there.
    name: String,
    /// The name it gets at last, where that is another; `None` in a stage.
    last: Option<&'a str>,
}

/// All that is to be done.
pub(super) struct Commit<'a> {
    root: &'a Folder,
    hand: Hand<'a>,
    past: &'a Past,
    manifest: &'a [u8],
    pending: String,
    jobs: Vec<Job<'a>>,
    /// Folders of the top that are written beside their place: stage and name.
    stages: Vec<(String, &'a str)>,
    /// The top folder of the last job, and whether it is staged.
    top: Option<(&'a str, bool)>,
    chmods: Vec<&'a Artifact>,
    removals: Vec<&'a str>,
    /// Removals that make room for a file or a folder, so that they cannot wait.
    early: Vec<&'a str>,
    /// Folders without files, where a file is to be.
    hollow: Vec<&'a str>,
    /// Folders of files that are gone; removed where they are empty.
    emptied: BTreeSet<&'a str>,
    /// Folders in which an earlier build may have left something.
    littered: BTreeSet<&'a str>,
}

impl<'a> Commit<'a> {
    pub(super) fn new(
        root: &'a Folder,
        hand: Hand<'a>,
        judgement: &'a Judgement<'a>,
        past: &'a Past,
        manifest: &'a [u8],
    ) -> Self {
        let number =
            past.leftovers.iter().filter_map(|name| pending_number(name)).max().map_or(1, |n| n.saturating_add(1));
        let mut commit = Self {
            root,
            hand,
            past,
            manifest,
            pending: format!("{PENDING}{number}"),
            jobs: Vec::new(),
            stages: Vec::new(),
            top: None,
            chmods: Vec::new(),
            removals: Vec::new(),
            early: Vec::new(),
            hollow: Vec::new(),
            emptied: BTreeSet::new(),
            littered: BTreeSet::new(),
        };
        commit.sort_out(&judgement.verdicts);
        if !past.leftovers.is_empty() {
            let known = past.states().flat_map(|state| &state.entries).map(|entry| entry.path.as_str());
            commit.littered = known.map(|path| split(path).0).collect();
        }
        commit
    }

    fn sort_out(&mut self, verdicts: &'a [Verdict<'a>]) {
        let written = verdicts.iter().filter(|v| v.deed == Deed::Write).map(|v| v.path);
        // Only what is removed can be in the way.
        let removes = verdicts.iter().any(|v| v.deed == Deed::Remove);
        let written: FxHashSet<&str> = if removes { written.collect() } else { FxHashSet::default() };
        let folders: FxHashSet<&str> = written.iter().flat_map(|path| ancestors(path)).collect();
        for verdict in verdicts {
            match (verdict.deed, verdict.artifact) {
                (Deed::Write, Some(artifact)) => self.add_job(artifact),
                (Deed::Chmod, Some(artifact)) => self.chmods.push(artifact),
                (Deed::Remove, _) => {
                    let makes_room = folders.contains(verdict.path)
                        || ancestors(verdict.path).any(|folder| written.contains(folder));
                    if makes_room { self.early.push(verdict.path) } else { self.removals.push(verdict.path) }
                }
                _ => {}
            }
            if verdict.over_folder {
                self.hollow.push(verdict.path);
            }
            if verdict.artifact.is_none() {
                self.emptied.extend(ancestors(verdict.path));
            }
        }
    }

    fn add_job(&mut self, artifact: &'a Artifact) {
        let path = artifact.path().as_str();
        let (folder, name) = split(path);
        if let Some((top, rest)) = path.split_once('/') {
            // Paths come sorted, so all that have one top come together.
            if self.top.is_none_or(|(last, _)| last != top) {
                let is_new = matches!(self.root.look(top), Ok(None));
                if is_new {
                    self.stages.push((format!("{STAGE}{}", self.stages.len()), top));
                }
                self.top = Some((top, is_new));
            }
            if let (Some((_, true)), Some((stage, _))) = (self.top, self.stages.last()) {
                let inner = split(rest).0;
                let folder = if inner.is_empty() { stage.clone() } else { format!("{stage}/{inner}") };
                self.jobs.push(Job { artifact, folder, name: name.to_owned(), last: None });
                return;
            }
        }
        let temporary = format!("{TEMPORARY}{}", self.jobs.len());
        self.jobs.push(Job { artifact, folder: folder.to_owned(), name: temporary, last: Some(name) });
    }

    /// Folders of the top that were not there before: nothing is in them but what this build wrote.
    pub(super) fn fresh(&self) -> impl Iterator<Item = &'a str> {
        self.stages.iter().map(|(_, top)| *top)
    }

    /// Does it all.
    pub(super) fn run(&self) -> Result<(), Failure> {
        self.clean().map_err(|(path, error)| Failure { path, error, undone: false })?;
        let mut made = Vec::new();
        if let Err((path, error)) = self.prepare(&mut made) {
            let undone = self.early.is_empty() && self.hollow.is_empty() && self.take_back(&made).is_ok();
            return Err(Failure { path, error, undone });
        }
        self.place().map_err(|(path, error)| Failure { path, error, undone: false })
    }

    /// Removes what builds that were killed left behind, but for their pending manifests.
    fn clean(&self) -> Result<(), Trouble> {
        let mut walk = Walk::new(self.root);
        for at in &self.littered {
            let folder = match walk.folder(at) {
                Ok(folder) => folder,
                Err(stop) if stop.is_absent() || stop.is_no_folder() => continue,
                Err(stop) => return Err((stop.at, stop.error)),
            };
            for (name, kind) in folder.names().map_err(at_path(at))? {
                if name.starts_with(TEMPORARY) && kind == rustix::fs::FileType::RegularFile {
                    self.hand.unlink(folder, &name).map_err(at_path(at))?;
                }
            }
        }
        for name in self.past.leftovers.iter().filter(|name| pending_number(name).is_none()) {
            let folder = self.root.look(name).map_err(at_path(name))?.is_some_and(|look| look.is_folder());
            let gone = if folder { self.hand.remove_tree(self.root, name) } else { self.hand.unlink(self.root, name) };
            gone.map_err(at_path(name))?;
        }
        Ok(())
    }

    /// The first phase: everything is written, nothing is in its place yet.
    fn prepare(&self, made: &mut Vec<String>) -> Result<(), Trouble> {
        let temporary = format!("{TEMPORARY}pending");
        self.hand.create(self.root, &temporary, 0o644, Modes::Set, self.manifest).map_err(at_path("manifest.json"))?;
        self.hand.rename(self.root, &temporary, &self.pending).map_err(at_path("manifest.json"))?;
        self.hand.sync(self.root).map_err(at_path(""))?;
        self.make_room()?;
        let mut modes = Modes::Given;
        for (stage, top) in &self.stages {
            let of_stage = self.hand.make_stage(self.root, stage).map_err(at_path(top))?;
            modes = if of_stage == Modes::Set { Modes::Set } else { modes };
        }
        self.make_folders(made, modes)?;
        in_lots(&self.jobs, self.root, |walk, job| {
            let artifact = job.artifact;
            let (folder, modes) = if job.last.is_none() && modes == Modes::Given {
                // Made by whoever comes first; two lots may meet there.
                let make = |at: &Folder, name: &str| self.hand.make_folder(at, name, modes).map(drop);
                (walk.folder_after(&job.folder, make), modes)
            } else {
                (walk.folder(&job.folder), Modes::Set)
            };
            self.hand
                .create(folder.map_err(Stop::trouble)?, &job.name, artifact.mode, modes, &artifact.body)
                .map_err(at_path(artifact.path().as_str()))
        })?;
        if self.hand.durable { self.sync_folders() } else { Ok(()) }
    }

    /// Makes the folders that new files are put into; but for those in stages where that can wait: where permissions
    /// have to be set, nobody may come between.
    fn make_folders(&self, made: &mut Vec<String>, of_stages: Modes) -> Result<(), Trouble> {
        let now = self.jobs.iter().filter(|job| job.last.is_some() || of_stages == Modes::Set);
        let mut folders: Vec<&str> = now.flat_map(|job| ancestors(&job.folder).chain([job.folder.as_str()])).collect();
        folders.sort_unstable();
        folders.dedup();
        let mut walk = Walk::new(self.root);
        for path in folders.into_iter().filter(|path| !path.is_empty()) {
            let (at, name) = split(path);
            let parent = walk.folder(at).map_err(Stop::trouble)?;
            match parent.look(name).map_err(at_path(path))? {
                Some(look) if look.is_folder() => {}
                _ => {
                    if self.hand.make_folder(parent, name, Modes::Set).map_err(at_path(path))? {
                        made.push(path.to_owned());
                    }
                }
            }
        }
        Ok(())
    }

    /// Takes the first phase back.
    fn take_back(&self, made: &[String]) -> Result<(), Trouble> {
        let mut walk = Walk::new(self.root);
        for job in self.jobs.iter().filter(|job| job.last.is_some()) {
            match walk.folder(&job.folder) {
                Ok(folder) => self.hand.unlink(folder, &job.name).map_err(at_path(&job.folder))?,
                Err(stop) if stop.is_absent() => {}
                Err(stop) => return Err(stop.trouble()),
            }
        }
        for (stage, _) in &self.stages {
            if self.root.look(stage).map_err(at_path(stage))?.is_some() {
                self.hand.remove_tree(self.root, stage).map_err(at_path(stage))?;
            }
        }
        for path in made.iter().rev().filter(|path| !path.starts_with(STAGE)) {
            self.remove_folder(path)?;
        }
        for name in [&format!("{TEMPORARY}pending"), &self.pending] {
            self.hand.unlink(self.root, name).map_err(at_path(name))?;
        }
        Ok(())
    }

    /// The second phase: everything goes to its place, the manifest last.
    fn place(&self) -> Result<(), Trouble> {
        in_lots(&self.jobs, self.root, |walk, job| {
            let Some(last) = job.last else { return Ok(()) };
            let folder = walk.folder(&job.folder).map_err(Stop::trouble)?;
            self.hand.rename(folder, &job.name, last).map_err(at_path(job.artifact.path().as_str()))
        })?;
        for (stage, top) in &self.stages {
            self.hand.rename(self.root, stage, top).map_err(at_path(top))?;
        }
        in_lots(&self.chmods, self.root, |walk, artifact| {
            let (at, name) = split(artifact.path().as_str());
            let folder = walk.folder(at).map_err(Stop::trouble)?;
            self.hand.chmod(folder, name, artifact.mode).map_err(at_path(artifact.path().as_str()))
        })?;
        self.remove(&self.removals)?;
        // The deepest first: bytewise, a folder comes before what is in it.
        for folder in self.emptied.iter().rev() {
            self.remove_folder(folder)?;
        }
        if self.hand.durable {
            self.sync_folders()?;
        }
        self.hand.rename(self.root, &self.pending, "manifest.json").map_err(at_path("manifest.json"))?;
        self.hand.sync(self.root).map_err(at_path(""))?;
        for name in self.past.leftovers.iter().filter(|name| pending_number(name).is_some()) {
            self.hand.unlink(self.root, name).map_err(at_path(name))?;
        }
        Ok(())
    }

    /// Removes files that stand where a folder is to be, and folders full of files of ours where a file is to be.
    fn make_room(&self) -> Result<(), Trouble> {
        self.remove(&self.early)?;
        let mut folders: Vec<String> = self.hollow.iter().map(|path| (*path).to_owned()).collect();
        let mut walk = Walk::new(self.root);
        let mut next = 0;
        while let Some(at) = folders.get(next).cloned() {
            let inner = walk.folder(&at).map_err(Stop::trouble)?.names().map_err(at_path(&at))?;
            let inner = inner.iter().filter(|(_, kind)| *kind == rustix::fs::FileType::Directory);
            folders.extend(inner.map(|(name, _)| format!("{at}/{name}")));
            next += 1;
        }
        folders.iter().rev().try_for_each(|folder| self.remove_folder(folder))
    }

    fn remove(&self, paths: &[&str]) -> Result<(), Trouble> {
        in_lots(paths, self.root, |walk, path| {
            let (at, name) = split(path);
            let folder = walk.folder(at).map_err(Stop::trouble)?;
            self.hand.unlink(folder, name).map_err(at_path(path))
        })
    }

    /// Removes a folder if it is there and empty.
    fn remove_folder(&self, path: &str) -> Result<(), Trouble> {
        let (at, name) = split(path);
        match Walk::new(self.root).folder(at) {
            Ok(parent) if matches!(parent.look(name), Ok(Some(look)) if look.is_folder()) => {
                self.hand.remove_folder(parent, name).map(|_| ()).map_err(at_path(path))
            }
            _ => Ok(()),
        }
    }

    /// Syncs every folder that was touched, those above it, and the root.
    fn sync_folders(&self) -> Result<(), Trouble> {
        let mut folders: BTreeSet<&str> = BTreeSet::from([""]);
        for job in &self.jobs {
            folders.extend(ancestors(&job.folder).chain([job.folder.as_str()]));
            folders.extend(ancestors(job.artifact.path().as_str()));
        }
        folders.extend(self.emptied.iter().copied());
        let mut walk = Walk::new(self.root);
        for path in folders {
            // Stages are gone after the second phase, their folders are not there before it; an emptied folder may by
            // now be a file.
            match walk.folder(path) {
                Ok(folder) => self.hand.sync(folder).map_err(at_path(path))?,
                Err(stop) if stop.is_absent() || stop.is_no_folder() => {}
                Err(stop) => return Err(stop.trouble()),
            }
        }
        Ok(())
    }
}

/// A path and what the system said there.
type Trouble = (String, io::Error);

fn at_path(path: &str) -> impl FnOnce(io::Error) -> Trouble {
    move |error| (path.to_owned(), error)
}

impl Stop {
    fn trouble(self) -> Trouble {
        (self.at, self.error)
    }
}

/// The folders above a path, without the root.
fn ancestors(path: &str) -> impl Iterator<Item = &str> {
    path.match_indices('/').map(|(at, _)| &path[..at])
}

/// Does the same to each of a list; by several threads where it is long. Of several failures, the first in the order
/// of the list is told.
fn in_lots<T: Sync>(
    list: &[T],
    root: &Folder,
    act: impl Fn(&mut Walk<'_>, &T) -> Result<(), Trouble> + Sync,
) -> Result<(), Trouble> {
    let lot = |lot: &[T]| {
        let mut walk = Walk::new(root);
        lot.iter().try_for_each(|one| act(&mut walk, one))
    };
    if list.len() <= LOT {
        return lot(list);
    }
    let done: Vec<Result<(), Trouble>> = list.par_chunks(LOT).map(lot).collect();
    done.into_iter().collect()
}

/// The folder above the output folder.
pub(super) fn parent_of(out: &Utf8Path) -> Utf8PathBuf {
    out.parent().filter(|parent| !parent.as_str().is_empty()).unwrap_or(Utf8Path::new(".")).to_owned()
}
