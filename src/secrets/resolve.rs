//! From the secrets that a topology declares to their values.

use std::io;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use camino::Utf8Path;

use super::{FingerprintKey, SecretValue, SecretValues, Secrets};
use crate::diagnostic::Diagnostic;
use crate::source::Spanned;
use crate::system::Lock;
use crate::topology::{Secret, SecretForm, SecretSource};
use crate::world::{World, why};

/// The most characters or bytes that are generated for one secret.
const LONGEST: i64 = 4096;

/// The largest secret that is read from a file, in bytes.
const LARGEST: usize = 64 << 10;

/// Letters and digits without those that are taken for each other: `0 O o`, `1 I l`.
const ALPHABET: &[u8; 56] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz";

/// Whose values are needed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// Nobody's: placeholders everywhere, nothing outside is asked (lint, graph).
    None,
    /// Those at hand; placeholders for the others (diff, dry run).
    AtHand,
    /// All; what is missing is generated or an error (build).
    All,
}

/// What [`resolve`] is asked for.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<'a> {
    /// The declared secrets.
    pub secrets: &'a [Secret],
    /// Names of the salts that the plan will ask for.
    pub salts: &'a [String],
    /// The folder of the topology: where the paths of `file=` begin.
    pub base: &'a Utf8Path,
    /// Whose values are needed.
    pub need: Need,
    /// Make new secrets in place of generated ones that the store lacks or has in another form. Those that it has as
    /// declared stay.
    pub new_secrets: bool,
}

/// Finds the value of every declared secret. What is generated goes into `secrets` and its name into `lock`; nothing is
/// written to disk here.
///
/// # Errors
/// All secrets that have no value although one is needed: a variable that is not set, a file that cannot be read, a
/// length that makes no sense, a generated secret that the store has lost.
pub fn resolve(
    wanted: &Wanted<'_>,
    secrets: &mut Secrets,
    lock: &mut Lock,
    world: &dyn World,
) -> Result<SecretValues, Vec<Diagnostic>> {
    let mut found = Vec::new();
    let mut values = SecretValues::default();
    for secret in wanted.secrets {
        let value = match &secret.source {
            SecretSource::Literal(text) => Ok(SecretValue { text: text.value.clone(), known: true }),
            SecretSource::Generate(length) => generated(wanted, secret, *length, secrets, lock, world),
            SecretSource::Env(_) | SecretSource::File(_) if wanted.need == Need::None => Ok(placeholder()),
            SecretSource::Env(name) => outside(wanted, from_env(secret, name, world)),
            SecretSource::File(path) => outside(wanted, from_file(wanted, secret, path, world)),
        };
        match value {
            Ok(value) => drop(values.values.insert(secret.name.value.clone(), value)),
            Err(error) => found.push(*error),
        }
    }
    if !found.is_empty() {
        return Err(found);
    }
    let fresh = wanted.need == Need::All;
    for name in wanted.salts {
        let salt = match secrets.salts.get(name) {
            Some(salt) => *salt,
            None if fresh => {
                let mut salt = [0; 4];
                world.random(&mut salt).map_err(|error| vec![no_random(&error)])?;
                *secrets.salts.entry(name.clone()).or_insert(salt)
            }
            None => [0; 4],
        };
        values.salts.insert(name.clone(), salt);
    }
    if fresh && secrets.key.is_none() && !wanted.secrets.is_empty() {
        let mut key = [0; 32];
        world.random(&mut key).map_err(|error| vec![no_random(&error)])?;
        secrets.key = Some(FingerprintKey::new(key));
    }
    values.key.clone_from(&secrets.key);
    Ok(values)
}

fn generated(
    wanted: &Wanted<'_>,
    secret: &Secret,
    length: Spanned<i64>,
    secrets: &mut Secrets,
    lock: &mut Lock,
    world: &dyn World,
) -> Result<SecretValue, Box<Diagnostic>> {
    let name = &secret.name.value;
    let count = match usize::try_from(length.value) {
        Ok(count) if (1..=LONGEST).contains(&length.value) => count,
        _ => {
            let message = format!("a secret of {} {} cannot be generated", length.value, unit(secret.form.value));
            return Err(Box::new(
                Diagnostic::new("secret-length", message)
                    .label(length.span, "")
                    .help(format!("write a length from 1 to {LONGEST}")),
            ));
        }
    };
    let stored = secrets.values.get(name);
    let fits = stored.is_some_and(|text| match secret.form.value {
        SecretForm::Text => text.chars().count() == count,
        SecretForm::Base64 => STANDARD.decode(text).is_ok_and(|bytes| bytes.len() == count),
    });
    if let (Some(text), true) = (stored, fits) {
        if wanted.need == Need::All {
            lock.secrets.insert(name.clone());
        }
        return Ok(SecretValue { text: text.clone(), known: true });
    }
    if wanted.need != Need::All {
        let text = match secret.form.value {
            SecretForm::Text => "x".repeat(count),
            SecretForm::Base64 => STANDARD.encode(vec![0; count]),
        };
        return Ok(SecretValue { text, known: false });
    }
    if stored.is_some() && !wanted.new_secrets {
        let message = format!("the stored secret `{name}` is not one of {count} {}", unit(secret.form.value));
        return Err(Box::new(
            Diagnostic::new("secret-form", message)
                .label(length.span, "asked for here")
                .note("it was generated with another length or form, and the machines use it as it is")
                .help(
                    "write the old length again, or build with `--new-secrets` and bring the new one to all machines",
                ),
        ));
    }
    if stored.is_none() && lock.secrets.contains(name) && !wanted.new_secrets {
        let message = format!("the secret `{name}` was generated before, but the secret store does not have it");
        return Err(Box::new(
            Diagnostic::new("secret-lost", message)
                .label(secret.span, "")
                .note("a new value would differ from the one that the machines use: nodes would not join, logins would fail")
                .help(
                    "restore the secret store (the file beside the topology that ends in `.secrets`) from a backup, or \
                     build with `--new-secrets` and bring the new one to all machines",
                ),
        ));
    }
    let text = match secret.form.value {
        SecretForm::Text => letters(count, world),
        SecretForm::Base64 => random(count, world).map(|bytes| STANDARD.encode(bytes)),
    };
    let text = text.map_err(|error| no_random(&error))?;
    secrets.values.insert(name.clone(), text.clone());
    lock.secrets.insert(name.clone());
    Ok(SecretValue { text, known: true })
}

fn from_env(secret: &Secret, name: &Spanned<String>, world: &dyn World) -> Result<String, Box<Diagnostic>> {
    match world.env(&name.value) {
        Some(text) if !text.is_empty() => Ok(text),
        value => {
            let how = if value.is_some() { "is empty" } else { "is not set (or is not valid UTF-8)" };
            let message = format!(
                "the secret `{}` has no value: the variable `{}` {how}",
                secret.name.value,
                name.value.escape_debug()
            );
            let help = format!("set `{}` in the environment of the build", name.value.escape_debug());
            Err(Box::new(Diagnostic::new("secret-missing", message).label(name.span, "").help(help)))
        }
    }
}

fn from_file(
    wanted: &Wanted<'_>,
    secret: &Secret,
    path: &Spanned<String>,
    world: &dyn World,
) -> Result<String, Box<Diagnostic>> {
    let place = wanted.base.join(&path.value);
    let wrong = |what: &str| {
        let message = format!("the secret `{}` has no value: `{place}` {what}", secret.name.value);
        let help = "put the secret into that file, as text; paths begin at the folder of the topology";
        Box::new(Diagnostic::new("secret-missing", message).label(path.span, "").help(help))
    };
    let bytes = world.read(&place).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => wrong("does not exist"),
        _ => wrong(&format!("cannot be read: {}", why(&error))),
    })?;
    if bytes.len() > LARGEST {
        return Err(wrong("has more than 64 KiB"));
    }
    let mut text = String::from_utf8(bytes).map_err(|_| wrong("is not a text (it is not valid UTF-8)"))?;
    if text.ends_with('\n') {
        text.pop();
        if text.ends_with('\r') {
            text.pop();
        }
    }
    if text.is_empty() { Err(wrong("is empty")) } else { Ok(text) }
}

/// A value from outside is missed only by those who need it.
fn outside(wanted: &Wanted<'_>, value: Result<String, Box<Diagnostic>>) -> Result<SecretValue, Box<Diagnostic>> {
    match value {
        Ok(text) => Ok(SecretValue { text, known: true }),
        Err(_) if wanted.need != Need::All => Ok(placeholder()),
        Err(error) => Err(error),
    }
}

fn placeholder() -> SecretValue {
    SecretValue { text: "placeholder".to_owned(), known: false }
}

fn unit(form: SecretForm) -> &'static str {
    match form {
        SecretForm::Text => "characters",
        SecretForm::Base64 => "bytes",
    }
}

fn random(count: usize, world: &dyn World) -> io::Result<Vec<u8>> {
    let mut bytes = vec![0; count];
    world.random(&mut bytes)?;
    Ok(bytes)
}

/// `count` characters of the alphabet, each as likely as the others: bytes beyond the last whole round are thrown away.
fn letters(count: usize, world: &dyn World) -> io::Result<String> {
    let rounds = u8::MAX / 56 * 56;
    let mut text = String::with_capacity(count);
    // One byte in eight is thrown away, so a few rounds do. A source that never gives a usable one is broken.
    for _ in 0..64 {
        let bytes = random(count * 2, world)?;
        let usable = bytes.into_iter().filter(|byte| *byte < rounds).take(count - text.len());
        text.extend(usable.map(|byte| char::from(ALPHABET[usize::from(byte % 56)])));
        if text.len() == count {
            return Ok(text);
        }
    }
    Err(io::Error::other("the source of randomness gives nothing that can be used"))
}

fn no_random(error: &io::Error) -> Diagnostic {
    let message = format!("the system gives no randomness for a secret: {}", why(error));
    Diagnostic::new("no-randomness", message).help("build on a machine whose `getrandom` works")
}
