use camino::Utf8PathBuf;

/// What became of every file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// Every planned file, and every file of an earlier build that is no longer planned, sorted by path.
    pub files: Vec<FileOutcome>,
    /// Files in the folders of this build that hacc did not write, sorted; left alone. Names that are not Unicode
    /// are shown as far as they are.
    pub foreign: Vec<String>,
    /// Whether anything was written (in a dry run: would be).
    pub changed: bool,
    /// Whether the manifest is (in a dry run: would be) another one. It can be where no file is: what is written in the
    /// topology changed, and nothing that follows from it.
    pub manifest: bool,
}

/// What became of one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileOutcome {
    /// Relative to the output folder.
    pub path: Utf8PathBuf,
    /// What became of it.
    pub change: Change,
}

/// What became of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Change {
    /// There was none; it was written.
    Created,
    /// It held an older version; it was replaced.
    Replaced,
    /// Only its permissions were set right.
    Mode,
    /// It is as planned.
    Unchanged,
    /// It is no longer planned, and was as hacc had left it; it was removed.
    Removed,
    /// hacc wrote it and somebody edited it since; it was kept, though the plan has another text or none.
    Edited,
    /// It was seeded once and is the program's own; it was left alone.
    Seeded,
    /// It is planned as somebody else's; it was left alone.
    Foreign,
    /// A dry run without the values of secrets cannot tell.
    Unknown,
}

impl Change {
    /// The word for it in machine-readable output.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Replaced => "replaced",
            Self::Mode => "mode",
            Self::Unchanged => "unchanged",
            Self::Removed => "removed",
            Self::Edited => "edited",
            Self::Seeded => "seeded",
            Self::Foreign => "foreign",
            Self::Unknown => "unknown",
        }
    }
}

impl Outcome {
    /// How many files had this fate.
    pub fn count(&self, change: Change) -> usize {
        self.files.iter().filter(|file| file.change == change).count()
    }

    /// The paths of the files with this fate.
    pub fn with(&self, change: Change) -> impl Iterator<Item = &camino::Utf8Path> {
        self.files.iter().filter(move |file| file.change == change).map(|file| file.path.as_path())
    }
}
