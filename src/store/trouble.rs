//! What the store says when it cannot do its work: what, where, what follows, and the way out.

use std::io;

use camino::Utf8Path;
use rustix::io::Errno;

use super::commit::{Failure, parent_of};
use super::judge::Problem;
use crate::diagnostic::Diagnostic;
use crate::world::why;

/// How many paths a message names before it only counts.
const SHOWN: usize = 10;

/// What to do about a cause that has nothing to do with hacc.
fn remedy(error: &io::Error) -> Option<&'static str> {
    match Errno::from_io_error(error)? {
        Errno::NOSPC | Errno::DQUOT => Some("make room there, or build into a folder on another disk with `-o`"),
        Errno::ROFS => Some("mount it writable, or build into another folder with `-o`"),
        Errno::ACCESS | Errno::PERM => Some("build as the user who owns the folder, or into another folder with `-o`"),
        _ => None,
    }
}

pub(super) fn cannot_open(out: &Utf8Path, error: &io::Error) -> Diagnostic {
    let kind = out.symlink_metadata().map(|meta| meta.file_type());
    let link = kind.as_ref().is_ok_and(std::fs::FileType::is_symlink);
    let message = match error.kind() {
        io::ErrorKind::NotFound if link => format!("the output folder `{out}` is a link to nothing"),
        io::ErrorKind::NotADirectory if link => {
            format!("the output folder `{out}` is a link to something that is no folder")
        }
        io::ErrorKind::NotADirectory if kind.is_ok() => format!("`{out}` is a file, not a folder to write into"),
        _ => format!("the output folder `{out}` cannot be opened: {}", why(error)),
    };
    Diagnostic::new("out-unusable", message)
        .note("nothing was written")
        .help(remedy(error).unwrap_or("name another folder with `-o`, or move away what is there"))
}

pub(super) fn cannot_make(out: &Utf8Path, error: &io::Error) -> Diagnostic {
    let parent = parent_of(out);
    let absent = error.kind() == io::ErrorKind::NotFound && parent.symlink_metadata().is_err();
    let message = if absent {
        format!("the output folder `{out}` cannot be made: `{parent}` does not exist")
    } else {
        format!("the output folder `{out}` cannot be made in `{parent}`: {}", why(error))
    };
    let help = if absent {
        format!("make it first (`mkdir -p {parent}`), if it is not misspelt: only the last folder of `-o` is made")
    } else {
        remedy(error).unwrap_or("name another folder with `-o`").to_owned()
    };
    Diagnostic::new("out-unusable", message).note("nothing was written").help(help)
}

pub(super) fn busy(out: &Utf8Path) -> Diagnostic {
    Diagnostic::new("out-busy", format!("another build is writing to `{out}` right now"))
        .note("two builds at once would mix their files; this one wrote nothing")
        .help("wait until it is done, or build into another folder with `-o`")
}

pub(super) fn manifest_unread(path: &Utf8Path, error: &io::Error) -> Diagnostic {
    Diagnostic::new("out-manifest", format!("`{path}` cannot be read: {}", why(error)))
        .note("without it nobody can tell which files are hacc's, so nothing was written")
        .help(remedy(error).unwrap_or("move it away, or build into another folder with `-o`"))
}

pub(super) fn manifest_version(path: &Utf8Path, version: u32) -> Diagnostic {
    Diagnostic::new("out-manifest", format!("`{path}` has the format {version}, which this hacc does not know"))
        .note("another version of hacc wrote it; nothing was written")
        .help("build with that version, or into another folder with `-o`")
}

pub(super) fn manifest_broken(path: &Utf8Path, why: &str) -> Diagnostic {
    Diagnostic::new("out-manifest", format!("`{path}` is not a manifest of hacc: {why}"))
        .note("without it nobody can tell which files are hacc's, so nothing was written")
        .help(
            "restore it if it was edited; if another program owns it, build into another folder with `-o`. Without \
                 the manifest, a build takes only those files for its own that are exactly as planned",
        )
}

pub(super) fn other_topology(out: &Utf8Path, theirs: &str, ours: &str) -> Diagnostic {
    Diagnostic::new("out-other-topology", format!("`{out}` holds the topology `{theirs}`, not `{ours}`"))
        .note("a folder holds one topology: the files of the other would be removed. Nothing was written")
        .help(format!("build into another folder with `-o`; if `{theirs}` was renamed, remove `{out}` first"))
}

pub(super) fn no_key() -> Diagnostic {
    Diagnostic::new("no-fingerprint-key", "files with secrets cannot be written without a fingerprint key")
        .note("nothing was written")
        .help("this is a defect of hacc: please report it")
}

pub(super) fn in_the_way(out: &Utf8Path, problems: Vec<Problem>) -> Vec<Diagnostic> {
    let mut foreign = Vec::new();
    let mut folders = Vec::new();
    let mut links = Vec::new();
    let mut found = Vec::new();
    for problem in problems {
        match problem {
            Problem::Foreign(path) => foreign.push(path),
            Problem::Folder(path) => folders.push(path),
            Problem::NoFolder(path) => links.push(path),
            Problem::Io(path, error) => found.push(
                Diagnostic::new("out-unreadable", format!("`{}` cannot be looked at: {}", out.join(path), why(&error)))
                    .note("nothing was written")
                    .help(remedy(&error).unwrap_or("build into another folder with `-o`")),
            ),
        }
    }
    let groups = [
        (
            foreign,
            "hacc would have to write over",
            "hacc did not write what stands there, so it is left alone, and nothing was written",
            "move it away or remove it, or build into another folder with `-o`",
        ),
        (
            folders,
            "a folder stands where a file is to be written:",
            "what is in it may not be hacc's, so it is left alone, and nothing was written",
            "move the folder away, or build into another folder with `-o`",
        ),
        (
            links,
            "a link or a file stands where a folder is to be:",
            "hacc never writes through a link inside the output folder: it could lead anywhere. Nothing was written",
            "remove it, or build into another folder with `-o`",
        ),
    ];
    for (mut paths, message, note, help) in groups {
        paths.sort_unstable();
        paths.dedup();
        if !paths.is_empty() {
            let message = format!("{message} {}", list(out, &paths));
            found.push(Diagnostic::new("out-in-the-way", message).note(note).help(help));
        }
    }
    found
}

pub(super) fn failed(out: &Utf8Path, failure: &Failure) -> Diagnostic {
    let path = out.join(&failure.path);
    let path = path.as_str().trim_end_matches('/');
    let note = if failure.undone {
        "the output folder is as it was before this build"
    } else {
        "some files may be new and others old, but each is whole; the next build repairs the tree"
    };
    let help = remedy(&failure.error).unwrap_or("remove the cause and build again");
    let message = format!("`{path}` cannot be written: {}", why(&failure.error));
    Diagnostic::new("out-unwritable", message).note(note).help(help)
}

fn list(out: &Utf8Path, paths: &[String]) -> String {
    let shown: Vec<String> = paths.iter().take(SHOWN).map(|path| format!("`{}`", out.join(path))).collect();
    let more = paths.len().saturating_sub(SHOWN);
    if more == 0 { shown.join(", ") } else { format!("{} and {more} more", shown.join(", ")) }
}
