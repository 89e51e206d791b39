use std::io;

use camino::{Utf8Path, Utf8PathBuf};
use rayon::prelude::*;
use rustc_hash::FxHashSet;

use super::commit::{self, Commit};
use super::folder::{Folder, Hand, Look, Watch};
use super::judge::{Bench, Judgement};
use super::manifest::{Entry, Manifest, Unfit};
use super::walk::{Walk, split};
use super::{Facts, Options, Outcome, Run, foreign, trouble};
use crate::diagnostic::Diagnostic;
use crate::plan::{Keep, Tree};
use crate::secrets::FingerprintKey;

/// The name of the manifest at the top of the output folder.
const MANIFEST: &str = "manifest.json";

/// Files a thread looks at before it takes the next lot; below this, threads are not worth their start.
pub(super) const LOT: usize = 512;

/// An output folder as it stands, locked against other builds until this is dropped.
#[derive(Debug)]
pub struct Standing {
    pub(super) out: Utf8PathBuf,
    pub(super) key: Option<FingerprintKey>,
    /// `None`: it does not exist yet.
    root: Option<Folder>,
    pub(super) past: Past,
}

/// What earlier builds left.
#[derive(Debug, Default)]
pub(super) struct Past {
    /// The manifest of the last build that came to its end.
    pub(super) manifest: Option<Written>,
    /// The manifests-to-be of builds that did not, in their order.
    pub(super) pending: Vec<Manifest>,
    /// Names at the top that such builds left behind, among them those of the pending manifests.
    pub(super) leftovers: Vec<String>,
}

/// A manifest and its file.
#[derive(Debug)]
pub(super) struct Written {
    pub(super) manifest: Manifest,
    pub(super) bytes: Vec<u8>,
    ctime: (i64, i64),
}

impl Standing {
    /// Locks the folder `out` for a build and reads what hacc wrote there last. It need not exist yet. A link to a
    /// folder is followed: the user named it. Links inside it never are.
    ///
    /// # Errors
    /// Where `out` is no folder or cannot be read, where another build is at work in it, and where its `manifest.json`
    /// is not one of this hacc.
    pub fn open(out: &Utf8Path, key: Option<FingerprintKey>) -> Result<Self, Vec<Diagnostic>> {
        Self::stand(out, key, true).map_err(|diagnostic| vec![*diagnostic])
    }

    /// The same without a lock, for a dry run.
    ///
    /// # Errors
    /// As for [`Standing::open`].
    pub fn look(out: &Utf8Path, key: Option<FingerprintKey>) -> Result<Self, Vec<Diagnostic>> {
        Self::stand(out, key, false).map_err(|diagnostic| vec![*diagnostic])
    }

    fn stand(out: &Utf8Path, key: Option<FingerprintKey>, lock: bool) -> Result<Self, Box<Diagnostic>> {
        let mut standing = Self { out: out.to_owned(), key, root: None, past: Past::default() };
        let root = match Folder::open(out) {
            Ok(root) => root,
            Err(error) if error.kind() == io::ErrorKind::NotFound && out.symlink_metadata().is_err() => {
                // Said before anybody makes a secret for a build that cannot be written.
                let parent = out.parent().filter(|parent| !parent.as_str().is_empty()).unwrap_or(Utf8Path::new("."));
                let access = rustix::fs::Access::WRITE_OK | rustix::fs::Access::EXEC_OK;
                return match rustix::fs::access(parent.as_std_path(), access) {
                    Err(error) if lock => Err(trouble::cannot_make(out, &error.into()).into()),
                    _ => Ok(standing),
                };
            }
            Err(error) => return Err(trouble::cannot_open(out, &error).into()),
        };
        if lock && !root.lock().map_err(|error| trouble::cannot_open(out, &error))? {
            return Err(trouble::busy(out).into());
        }
        standing.past = Past::read(&root, out)?;
        standing.root = Some(root);
        Ok(standing)
    }

    /// Whether the folder holds exactly what a build from this input would write.
    ///
    /// A file is taken to be untouched if its size and permissions are those of the manifest and its inode was last changed
    /// before the manifest was put in place; every other file is read. (An inode's time of change
    /// cannot be set by a program; a clock that was set back between the build and an edit that keeps the size can
    /// hide that edit.) Files that are not hacc's are not looked for.
    pub fn is_current(&self, facts: &Facts) -> bool {
        let (Some(root), Some(written)) = (&self.root, &self.past.manifest) else { return false };
        if written.manifest.facts != *facts || !self.past.leftovers.is_empty() {
            return false;
        }
        let lot_stands = |lot: &[Entry]| {
            let mut walk = Walk::new(root);
            lot.iter().all(|entry| self.stands(&mut walk, written, entry).unwrap_or(false))
        };
        let entries = &written.manifest.entries;
        if entries.len() <= LOT { lot_stands(entries) } else { entries.par_chunks(LOT).all(lot_stands) }
    }

    /// What [`Standing::write`] would say after [`Standing::is_current`] said yes; files that are not hacc's only where
    /// they are asked for, since every folder has to be listed for them.
    pub fn outcome(&self, with_foreign: bool) -> Outcome {
        let mut outcome = Outcome::default();
        if let (Some(root), Some(written)) = (&self.root, &self.past.manifest) {
            let entries = &written.manifest.entries;
            outcome.files = entries.iter().map(foreign::standing).collect();
            if with_foreign {
                let ours: Vec<&str> = entries.iter().map(|entry| entry.path.as_str()).collect();
                outcome.foreign = foreign::list(root, &ours, &FxHashSet::default());
            }
        }
        outcome
    }

    fn stands(&self, walk: &mut Walk<'_>, written: &Written, entry: &Entry) -> Option<bool> {
        if entry.edited {
            return Some(false);
        }
        let (at, name) = split(&entry.path);
        let folder = walk.folder(at).ok()?;
        let look = folder.look(name).ok()??;
        if entry.keep == Keep::Seeded {
            return Some(!look.is_folder());
        }
        if !look.is_file() || look.size != entry.size || look.mode != entry.mode {
            return Some(false);
        }
        if written.is_older(&look) {
            return Some(true);
        }
        entry.print.fits(&folder.read(name).ok()?, self.key_of(&written.manifest))
    }

    /// The key at hand, if it is the one of this manifest.
    pub(super) fn key_of(&self, manifest: &Manifest) -> Option<&FingerprintKey> {
        self.key.as_ref().filter(|key| manifest.key.as_deref() == Some(key.id().as_str()))
    }

    /// Makes the folder hold this tree.
    ///
    /// # Errors
    /// Where files that are not hacc's stand in the way, or the disk does not let itself be written. Unless the message
    /// says otherwise, nothing was changed then.
    pub fn write(self, tree: &Tree, facts: &Facts, options: Options) -> Result<Outcome, Vec<Diagnostic>> {
        self.write_watched(tree, facts, options, || Ok(()), None)
    }

    /// The same with something that has to be kept before anything is written, and only if nothing is in the way:
    /// [`save`](super::save), as a rule. A dry run does not call it.
    ///
    /// # Errors
    /// As for [`Standing::write`], and those of `keep`.
    pub fn write_after(
        self,
        keep: impl FnOnce() -> Result<(), Vec<Diagnostic>>,
        tree: &Tree,
        facts: &Facts,
        options: Options,
    ) -> Result<Outcome, Vec<Diagnostic>> {
        self.write_watched(tree, facts, options, keep, None)
    }

    pub(super) fn write_watched(
        mut self,
        tree: &Tree,
        facts: &Facts,
        options: Options,
        keep: impl FnOnce() -> Result<(), Vec<Diagnostic>>,
        watch: Option<&Watch<'_>>,
    ) -> Result<Outcome, Vec<Diagnostic>> {
        if let Some(other) = self.past.states().find(|state| state.facts.topology != facts.topology) {
            return Err(vec![trouble::other_topology(&self.out, &other.facts.topology, &facts.topology)]);
        }
        let secret = tree.iter().any(|artifact| artifact.secret);
        if secret && self.key.is_none() && options.run == Run::Real {
            return Err(vec![trouble::no_key()]);
        }
        let there = self.root.take();
        let made;
        let mut judgement = Judgement::of(&Bench::new(there.as_ref(), &self, tree, options))
            .map_err(|problems| trouble::in_the_way(&self.out, problems))?;
        let manifest = Manifest {
            facts: facts.clone(),
            key: self.key.as_ref().filter(|_| secret).map(FingerprintKey::id),
            entries: judgement.take_entries(),
        };
        let bytes = manifest.render();
        let same = self.past.manifest.as_ref().is_some_and(|written| written.bytes == bytes.as_bytes());
        let changed = judgement.acts() || !self.past.leftovers.is_empty() || !(same || options.run != Run::Real);
        let mut outcome = Outcome { files: judgement.files(), foreign: Vec::new(), changed, manifest: !same };
        let ours = judgement.ours();
        if options.run != Run::Real || !changed {
            if options.run == Run::Real {
                keep()?;
            }
            outcome.foreign =
                there.as_ref().map_or_else(Vec::new, |root| foreign::list(root, &ours, &FxHashSet::default()));
            return Ok(outcome);
        }
        let hand = Hand { watch, durable: options.durable };
        let root = if let Some(root) = &there {
            root
        } else {
            // Before anything is kept: a folder that cannot be made leaves nothing behind.
            made = commit::make_root(hand, &self.out).map_err(|diagnostic| vec![*diagnostic])?;
            &made
        };
        keep()?;
        let commit = Commit::new(root, hand, &judgement, &self.past, bytes.as_bytes());
        if let Err(failure) = commit.run() {
            if there.is_none() && failure.undone {
                // Not more than an empty folder is left if that fails.
                let _ = std::fs::remove_dir(&self.out);
            }
            return Err(vec![trouble::failed(&self.out, &failure)]);
        }
        outcome.foreign = foreign::list(root, &ours, &commit.fresh().collect());
        Ok(outcome)
    }
}

impl Past {
    fn read(root: &Folder, out: &Utf8Path) -> Result<Self, Box<Diagnostic>> {
        let mut past = Self::default();
        let names = root.names().map_err(|error| trouble::cannot_open(out, &error))?;
        past.leftovers = names.into_iter().map(|(name, _)| name).filter(|name| commit::is_leftover(name)).collect();
        let mut pending: Vec<(u32, &String)> =
            past.leftovers.iter().filter_map(|name| Some((commit::pending_number(name)?, name))).collect();
        pending.sort_unstable();
        for (_, name) in pending {
            // One that cannot be read was cut short by more than a kill; then it tells nothing.
            let manifest = root.read(name).ok().and_then(|bytes| Manifest::parse(&bytes).ok());
            past.pending.extend(manifest);
        }
        let path = out.join(MANIFEST);
        let look = root.look(MANIFEST).map_err(|error| trouble::manifest_unread(&path, &error))?;
        let Some(look) = look else { return Ok(past) };
        let bytes = root.read(MANIFEST).map_err(|error| trouble::manifest_unread(&path, &error))?;
        match Manifest::parse(&bytes) {
            Ok(manifest) => past.manifest = Some(Written { manifest, bytes, ctime: look.ctime }),
            Err(Unfit::Version(version)) => return Err(trouble::manifest_version(&path, version).into()),
            Err(Unfit::Broken(why)) => return Err(trouble::manifest_broken(&path, &why).into()),
        }
        Ok(past)
    }

    /// Everything that may be the text of a file of hacc's, oldest first.
    pub(super) fn states(&self) -> impl Iterator<Item = &Manifest> {
        self.manifest.iter().map(|written| &written.manifest).chain(&self.pending)
    }
}

impl Written {
    /// Whether an inode was last changed before the manifest was put in place. In the same instant is not before: the
    /// clock of a file system ticks slowly.
    pub(super) fn is_older(&self, look: &Look) -> bool {
        look.ctime < self.ctime
    }

    /// Whether an inode was last changed in the instant in which the manifest was put in place, or before: the best
    /// that can be said where the text cannot be compared.
    pub(super) fn is_no_younger(&self, look: &Look) -> bool {
        look.ctime <= self.ctime
    }
}
