//! `<topology>.secrets`: generated secrets, salts, and the fingerprint key. No text of this file is ever shown: its
//! errors tell a line, and it is no source that a diagnostic could print.

use std::fmt::{self, Write as _};
use std::io;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use camino::Utf8Path;

use super::beside::Beside;
use super::lock::plain;
use crate::diagnostic::Diagnostic;
use crate::schema::quoted;
use crate::secrets::{FingerprintKey, Secrets};
use crate::source::SourceMap;
use crate::syntax::{self, Node};
use crate::world::World;

const HEAD: &str = "\
// Written by hacc: the secrets that it generated. Back this file up and keep it out of version control (or encrypt it):
// without it, a build cannot write the secrets that the machines already use.
hacc-secrets 1
";

const RESTORE: &str = "restore the file from a backup. Without one, remove it and build with `--new-secrets`: every \
                       generated secret is then a new one, and must be brought to all machines at once";

/// The secret store of a topology, and the file that it came from.
#[derive(Clone)]
pub struct SecretsFile {
    /// What it holds; [`resolve`](super::resolve) adds to it, then [save](super::save) it.
    pub secrets: Secrets,
    before: Secrets,
    file: Beside,
}

impl SecretsFile {
    /// Reads the secret store beside a topology; an empty one where there is none.
    ///
    /// # Errors
    /// Where others than its owner can read it, or where it is something else than a store of this version. All
    /// problems, each with its line, none with a text of the file.
    pub fn read(world: &dyn World, topology: &Utf8Path) -> Result<Self, Vec<Diagnostic>> {
        let file = Beside::read(world, topology, "secrets").map_err(|diagnostic| vec![*diagnostic])?;
        let secrets = match &file.text {
            None => Secrets::default(),
            Some(text) => {
                check_mode(world, &file)?;
                if let Some((_, found)) =
                    file.conflict("keep the lines that the machines use; a secret that is there twice has two values")
                {
                    return Err(vec![found]);
                }
                parse(&file, text)?
            }
        };
        Ok(Self { before: secrets.clone(), secrets, file })
    }

    /// Where the file is.
    pub fn path(&self) -> &Utf8Path {
        &self.file.path
    }

    /// Whether it must be written.
    pub fn is_changed(&self) -> bool {
        self.secrets != self.before
    }

    pub(super) fn save(&self) -> Result<(), Box<Diagnostic>> {
        if self.is_changed() { self.file.write(&render(&self.secrets), 0o600) } else { Ok(()) }
    }
}

impl fmt::Debug for SecretsFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SecretsFile")
            .field("path", &self.file.path)
            .field("secrets", &self.secrets)
            .finish_non_exhaustive()
    }
}

fn check_mode(world: &dyn World, file: &Beside) -> Result<(), Vec<Diagnostic>> {
    let mode = match world.mode(&file.path) {
        Ok(mode) => mode,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(_) => return Err(vec![file.trouble("unreadable", "cannot be looked at").help(RESTORE)]),
    };
    let exposed = mode & 0o077;
    if exposed == 0 {
        return Ok(());
    }
    let found = file
        .trouble("secrets-exposed", &format!("can be read or written by others than its owner (mode {mode:04o})"))
        .note("it holds the generated secrets of the whole cluster; nothing was read from it or written")
        .help(format!("run `chmod 600 {}`; if others may have read it, make new secrets", file.path));
    Err(vec![found])
}

fn render(secrets: &Secrets) -> String {
    let mut out = HEAD.to_owned();
    // Writing into a String cannot fail.
    if let Some(key) = &secrets.key {
        let _ = writeln!(out, "fingerprint-key \"{}\"", STANDARD.encode(key.bytes()));
    }
    for (name, value) in &secrets.values {
        let _ = writeln!(out, "secret {} {}", quoted(name), quoted(value));
    }
    for (name, salt) in &secrets.salts {
        let _ = writeln!(out, "salt {} \"{}\"", quoted(name), STANDARD.encode(salt));
    }
    out
}

fn parse(file: &Beside, text: &str) -> Result<Secrets, Vec<Diagnostic>> {
    // A map of its own, dropped here: nobody else can look the text up.
    let mut sources = SourceMap::new();
    let Some(id) = sources.add(file.path.clone(), text) else {
        return Err(vec![file.trouble("secrets", "is too large").help(RESTORE)]);
    };
    let (document, errors) = syntax::read(sources.get(id));
    let mut flaws: Vec<(u32, &str)> = Vec::new();
    let line = |span: crate::source::Span| sources.place_of(span).map_or(1, |place| place.line);
    for error in &errors {
        flaws.push((error.labels.first().map_or(1, |label| line(label.span)), "is not valid KDL"));
    }
    let mut secrets = Secrets::default();
    if errors.is_empty() && document.node_count() == 0 {
        flaws.push((1, "should begin with `hacc-secrets`"));
    }
    if errors.is_empty() {
        for (index, node) in document.nodes().enumerate() {
            let done = if index == 0 { version(node) } else { entry(node, &mut secrets) };
            if let Err(what) = done {
                flaws.push((line(node.span()), what));
                if index == 0 {
                    break;
                }
            }
        }
    }
    flaws.dedup();
    if flaws.is_empty() {
        return Ok(secrets);
    }
    let found = flaws.into_iter().map(|(line, what)| {
        let message = format!("`{}` is not a secret store that hacc can use: line {line} {what}", file.path);
        Diagnostic::new("secrets", message).note("nothing was written, and the file was left as it is").help(RESTORE)
    });
    Err(found.collect())
}

fn version(node: Node<'_>) -> Result<(), &'static str> {
    if node.name() != "hacc-secrets" {
        return Err("should begin with `hacc-secrets`");
    }
    match plain(node, 1).map(|args| args[0].as_integer()) {
        Ok(Some(1)) => Ok(()),
        _ => Err("tells a version that this hacc does not know; it knows 1"),
    }
}

fn entry(node: Node<'_>, secrets: &mut Secrets) -> Result<(), &'static str> {
    let strings = |count| -> Result<Vec<&str>, &'static str> {
        let args = plain(node, count).map_err(|_| "has too many or too few values")?;
        args.into_iter().map(|arg| arg.as_str().ok_or("has a value that is not a string")).collect()
    };
    let fresh = match node.name() {
        "secret" => {
            let args = strings(2)?;
            secrets.values.insert(args[0].to_owned(), args[1].to_owned()).is_none()
        }
        "salt" => {
            let args = strings(2)?;
            let salt = STANDARD.decode(args[1]).ok().and_then(|bytes| bytes.try_into().ok());
            secrets.salts.insert(args[0].to_owned(), salt.ok_or("has a salt that is not 4 bytes in base64")?).is_none()
        }
        "fingerprint-key" => {
            let args = strings(1)?;
            let key = STANDARD.decode(args[0]).ok().and_then(|bytes| <[u8; 32]>::try_from(bytes).ok());
            secrets.key.replace(FingerprintKey::new(key.ok_or("has a key that is not 32 bytes in base64")?)).is_none()
        }
        _ => return Err("is an entry of an unknown kind"),
    };
    if fresh { Ok(()) } else { Err("says again what another line said before") }
}
