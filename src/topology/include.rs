//! `include "path.kdl"`: several files as one text.

use std::collections::BTreeMap;

use camino::{Utf8Path, Utf8PathBuf};

use crate::diagnostic::Diagnostic;
use crate::schema::value;
use crate::source::{SourceMap, Span};
use crate::syntax::{self, Document, Node, NodeId};
use crate::world::{World, plain};

/// Larger files are refused: 64 MiB.
const LARGEST: usize = 64 << 20;
/// More files are refused.
const MOST: usize = 4096;
/// Files that include files that include files …
const DEEPEST: usize = 64;

/// Every file of a topology, the first one being the one that was asked for.
pub(super) struct Files {
    files: Vec<File>,
    /// Which file an `include` stands for: by the number of the file it stands in, and of the node there.
    targets: BTreeMap<(usize, NodeId), usize>,
}

pub(super) struct File {
    path: Utf8PathBuf,
    pub document: Document,
    /// Whether the document says all that the text says.
    pub whole: bool,
    /// The file that includes it, and where.
    included: Option<(usize, Span)>,
    depth: usize,
}

/// An `include` that waits to be followed.
struct Wanted {
    path: Utf8PathBuf,
    span: Span,
    from: usize,
    node: NodeId,
}

impl Files {
    /// Reads a file and all that it includes. Problems go to `found`; a file that cannot be read is left out.
    pub fn read(world: &dyn World, path: &Utf8Path, sources: &mut SourceMap, found: &mut Vec<Diagnostic>) -> Self {
        let mut files = Self { files: Vec::new(), targets: BTreeMap::new() };
        let mut known: BTreeMap<Utf8PathBuf, usize> = BTreeMap::new();
        let root = match text(world, path) {
            Ok(text) => text,
            Err(why) => {
                let help = match why.as_str() {
                    _ if why.starts_with(NOT_TEXT) => "save it as text in UTF-8",
                    ABSENT => "name a topology that is there; `hacc init` writes one to start from",
                    FOLDER => "name the topology itself",
                    NOT_ALLOWED => "make it readable for the user who builds",
                    STORE => "name the topology beside it",
                    _ => "name a file of text",
                };
                found.push(Diagnostic::new("unreadable", format!("cannot read {path}: {why}")).help(help));
                return files;
            }
        };
        let mut wanted = files.add(path.to_owned(), root, None, sources, found);
        known.insert(plain(path), 0);
        // The last one is the next one: a file is followed to its end before the include behind it.
        while let Some(next) = wanted.pop() {
            let key = plain(&next.path);
            if let Some(&before) = known.get(&key) {
                found.push(files.again(&next, before));
                continue;
            }
            let limit = if files.files.len() >= MOST {
                Some(format!("more than {MOST} files are included"))
            } else if files.files[next.from].depth >= DEEPEST {
                Some(format!("more than {DEEPEST} files include each other in a row"))
            } else {
                None
            };
            if let Some(limit) = limit {
                let diagnostic = Diagnostic::new("include-limit", limit).label(next.span, "this one is not read");
                found.push(diagnostic.help("put the text of some of them into one file"));
                // Those that wait would only say the same.
                break;
            }
            match text(world, &next.path) {
                Ok(text) => {
                    let index = files.files.len();
                    known.insert(key, index);
                    let from = Some((next.from, next.span));
                    wanted.extend(files.add(next.path, text, from, sources, found));
                    if files.files.len() > index {
                        files.targets.insert((next.from, next.node), index);
                    }
                }
                Err(why) => {
                    let absent = why == ABSENT;
                    let diagnostic = Diagnostic::new("unreadable", format!("cannot include {}: {why}", next.path))
                        .label(next.span, if absent { "not found" } else { "not readable" });
                    let hint = match why.as_str() {
                        _ if why.starts_with(NOT_TEXT) => Some("save it as text in UTF-8"),
                        ABSENT if next.path.as_str().contains('*') => Some("name each file with an include of its own"),
                        ABSENT => Some("the path is relative to the file that includes it"),
                        FOLDER => Some("name each file of the folder with an include of its own"),
                        NOT_ALLOWED => Some("make it readable for the user who builds"),
                        STORE => Some("remove the include: hacc finds it by itself, beside the topology"),
                        _ => None,
                    };
                    found.push(diagnostic.maybe_help(hint.map(str::to_owned)));
                }
            }
        }
        files
    }

    /// All files, in the order in which they were read.
    pub fn iter(&self) -> impl Iterator<Item = &File> {
        self.files.iter()
    }

    /// The nodes of the top level, those of an included file behind the `include`.
    pub fn nodes(&self) -> Vec<Node<'_>> {
        let mut out = Vec::new();
        let mut open: Vec<_> = self.files.first().map(|file| (0, file.document.nodes())).into_iter().collect();
        while let Some((file, nodes)) = open.last_mut() {
            let Some(node) = nodes.next() else {
                open.pop();
                continue;
            };
            out.push(node);
            let key = (*file, node.id());
            if let Some(&target) = self.targets.get(&key) {
                open.push((target, self.files[target].document.nodes()));
            }
        }
        out
    }

    /// Adds a file; returns its includes, the last one first.
    fn add(
        &mut self,
        path: Utf8PathBuf,
        text: String,
        included: Option<(usize, Span)>,
        sources: &mut SourceMap,
        found: &mut Vec<Diagnostic>,
    ) -> Vec<Wanted> {
        let Some(id) = sources.add(path.clone(), text) else {
            let diagnostic = Diagnostic::new("include-limit", format!("{path} is one too many: 4 GiB of text at most"));
            found.push(diagnostic.label(included.map_or(Span::NONE, |(_, span)| span), "not read"));
            return Vec::new();
        };
        let (document, problems) = syntax::read(sources.get(id));
        let from = self.files.len();
        let followed = document.nodes().filter(|node| node.name() == "include");
        let mut wanted: Vec<_> = followed
            .filter_map(|node| {
                // Whatever else is wrong with the node is found by the check.
                let value = node.arg(0)?;
                let target = value::path(value).ok()?;
                let dir = path.parent().unwrap_or(Utf8Path::new(""));
                Some(Wanted { path: joined(dir, target), span: value.span(), from, node: node.id() })
            })
            .collect();
        wanted.reverse();
        let depth = included.map_or(0, |(file, _)| self.files[file].depth + 1);
        self.files.push(File { path, document, whole: problems.is_empty(), included, depth });
        found.extend(problems);
        wanted
    }

    /// What to say of an `include` of a file that was read before.
    fn again(&self, next: &Wanted, before: usize) -> Diagnostic {
        let mut chain = Vec::new();
        let mut at = next.from;
        while at != before {
            let Some((parent, span)) = self.files[at].included else { break };
            chain.push((span, at));
            at = parent;
        }
        let path = &self.files[before].path;
        if at == before {
            let mut words: Vec<&str> = vec![path.as_str()];
            words.extend(chain.iter().rev().map(|(_, file)| self.files[*file].path.as_str()));
            words.push(path.as_str());
            let mut diagnostic = Diagnostic::new("include-cycle", format!("{path} includes itself"))
                .label(next.span, format!("includes {path} again"));
            for (span, file) in chain.iter().rev() {
                diagnostic = diagnostic.label(*span, format!("includes {}", self.files[*file].path));
            }
            return diagnostic
                .note(format!("the way round: {}", words.join(" → ")))
                .help("remove one of these includes");
        }
        Diagnostic::new("include-twice", format!("{path} is included twice"))
            .label(next.span, "again")
            .label(self.files[before].included.map_or(Span::NONE, |(_, span)| span), "first here")
            .note("everything in it would be declared twice")
            .help("remove one of them")
    }
}

const ABSENT: &str = "there is no such file";
const NOT_TEXT: &str = "it is not UTF-8";
const FOLDER: &str = "it is a folder";
const NOT_ALLOWED: &str = "you may not read it";
/// Reading on would print the secrets: whoever shows an error shows the lines around it.
const STORE: &str = "it is a secret store of hacc, not a topology";

/// The text of a file, or why there is none.
fn text(world: &dyn World, path: &Utf8Path) -> Result<String, String> {
    let bytes = world.read(path).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => ABSENT.to_owned(),
        std::io::ErrorKind::IsADirectory => FOLDER.to_owned(),
        std::io::ErrorKind::PermissionDenied => NOT_ALLOWED.to_owned(),
        _ => error.to_string(),
    })?;
    if bytes.len() > LARGEST {
        return Err(format!("it has {} bytes; at most {} MiB are read", bytes.len(), LARGEST >> 20));
    }
    let text = String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        let bytes = error.as_bytes();
        let line = memchr::memchr_iter(b'\n', &bytes[..at]).count() + 1;
        format!("{NOT_TEXT}: byte {at} (line {line}) is 0x{:02x}", bytes.get(at).copied().unwrap_or(0))
    })?;
    if is_secret_store(&text) { Err(STORE.to_owned()) } else { Ok(text) }
}

/// Whether a text is what hacc keeps generated secrets in: nothing shows a line of it.
#[must_use]
pub fn is_secret_store(text: &str) -> bool {
    // The word stands on the first line that is no comment.
    text.lines().take(16).any(|line| line.trim_start().starts_with("hacc-secrets"))
}

fn joined(dir: &Utf8Path, target: &str) -> Utf8PathBuf {
    if dir.as_str().is_empty() { Utf8PathBuf::from(target) } else { dir.join(target) }
}
