//! The only writer: puts a [`Tree`](crate::plan::Tree) into a folder, and keeps the few files beside the topology.
//!
//! A build goes through an output folder in three steps.
//!
//! 1. [`Standing::open`] locks the folder and reads `manifest.json`: what hacc wrote there last.
//! 2. [`Standing::is_current`] tells, from one look at each file's inode, whether all of it still stands and was made
//!    from the same input. Then there is nothing to plan and nothing to write, not even to a read-only folder.
//! 3. [`Standing::write`] judges every path before it touches one. A file that somebody edited is kept; a file that
//!    hacc never wrote is left alone, and where it stands in the way nothing is written at all.
//!
//! Writing is done in two phases. First the manifest-to-be is put down as `.hacc-pending-N`, and every new file is
//! written in full beside its place (a folder of the top that is not there yet: as a whole, beside its place). If that
//! fails, on a full disk say, all of it is taken back. Then everything is renamed into place, what is no longer planned
//! is removed, and last of all the pending manifest becomes the manifest. After a kill at any moment, the next
//! build knows from the two manifests which bytes are hacc's, and repairs the tree.
//!
//! Linux is what this is made for and tested on. A file system that folds case is safe against two names of one
//! build meeting there, but not against a name whose case changed since the last build.

mod beside;
mod commit;
mod folder;
mod foreign;
mod judge;
mod lock;
mod manifest;
mod outcome;
mod print;
mod replace;
mod rewrite;
mod secrets;
mod standing;
mod trouble;
mod walk;

#[cfg(test)]
mod faults;

pub use lock::LockFile;
pub use outcome::{Change, FileOutcome, Outcome};
pub use rewrite::Rewrite;
pub use secrets::SecretsFile;
pub use standing::Standing;

/// What the manifest says of the input as a whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facts {
    /// Name and version of the program, such as `hacc 0.1.0`.
    pub generator: String,
    /// Name of the topology. A folder holds one topology.
    pub topology: String,
    /// Hash of all that decides the output and is no secret: the checked model, the lock, overriding templates.
    pub model: String,
    /// Keyed fingerprint of the values of all secrets; `None` where there are none.
    pub secrets: Option<String>,
}

/// How to write.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// Whether to write at all.
    pub run: Run,
    /// Replace (or remove) managed files although they were edited by hand.
    pub overwrite_edited: bool,
    /// Sync files and folders, so that the tree also survives a power cut.
    pub durable: bool,
}

/// Whether to write at all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Run {
    /// Write.
    #[default]
    Real,
    /// Only tell what would be done.
    Dry,
    /// The same, where secrets are placeholders, so that the files that hold them cannot be compared.
    DryWithoutSecrets,
}

/// Writes the files beside the topology where they changed: the secrets first, then the lock, so that a kill between
/// the two loses no secret. Hand it to [`Standing::write_after`]: what the output uses is then kept already, and where the
/// output cannot be written nothing is.
///
/// # Errors
/// Where a file cannot be written or was changed by somebody else meanwhile; it is then as it was.
pub fn save(secrets: &SecretsFile, lock: &LockFile) -> Result<(), Vec<crate::diagnostic::Diagnostic>> {
    secrets.save().and_then(|()| lock.save()).map_err(|diagnostic| vec![*diagnostic])
}
