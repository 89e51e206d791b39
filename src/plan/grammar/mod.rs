//! How a value is written in each target grammar, so that none breaks out of its place.
//!
//! The template engine asks [`Grammar::write`] for every interpolation, whatever the template says; an overriding
//! template cannot forget it. What a grammar cannot hold is refused.

mod env_file;
mod haproxy;
mod ini;
mod keepalived;
mod nginx;
mod plain;
mod shell;
mod yaml;

use std::fmt;

/// The grammar of an emitted file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Grammar {
    /// haproxy.cfg: words, quoted as in a shell ("Quoting and escaping" in the configuration manual).
    Haproxy,
    /// keepalived.conf: words; `"…"` holds `#` and `!`, which begin comments elsewhere (keepalived.conf(5)).
    Keepalived,
    /// nginx.conf: words; `"…"` with backslashes.
    Nginx,
    /// POSIX sh: words.
    Shell,
    /// rabbitmq.conf: the rest of a line; `#` ends a value in every release before 3.13.7 and nothing can quote it.
    Ini,
    /// Compose files: YAML scalars and flow collections, `$` doubled against Compose's own interpolation.
    Compose,
    /// JSON values.
    Json,
    /// `.env` of Compose: one plain word.
    Dotenv,
    /// A file of variables for Compose's `env_file:`: a word, or `'…'`.
    EnvFile,
    /// Dockerfiles: one plain word.
    Dockerfile,
    /// One word a line (hosts, host names, plugin lists).
    Word,
    /// Erlang atoms (plugins).
    Atom,
    /// The cookie: 1 to 255 printable ASCII characters.
    Cookie,
    /// Text for people.
    Text,
}

/// Why a grammar cannot hold a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// What the value contains, in words that fit "… cannot hold a value with …".
    pub with: String,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.with)
    }
}

impl Grammar {
    /// What files of this grammar are called.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Haproxy => "haproxy.cfg",
            Self::Keepalived => "keepalived.conf",
            Self::Nginx => "nginx.conf",
            Self::Shell => "a shell script",
            Self::Ini => "rabbitmq.conf",
            Self::Compose => "a compose file",
            Self::Json => "JSON",
            Self::Dotenv => "a .env file",
            Self::EnvFile => "a file of environment variables",
            Self::Dockerfile => "a Dockerfile",
            Self::Word => "a file of one word a line",
            Self::Atom => "a list of plugins",
            Self::Cookie => "an Erlang cookie",
            Self::Text => "a text",
        }
    }

    /// Writes `text` as one value.
    ///
    /// # Errors
    /// Where the grammar has no way to hold it.
    pub fn write(self, out: &mut String, text: &str) -> Result<(), Refusal> {
        match self {
            Self::Haproxy => haproxy::write(out, text),
            Self::Keepalived => keepalived::write(out, text),
            Self::Nginx => nginx::write(out, text),
            Self::Shell => shell::write(out, text),
            Self::Ini => ini::write(out, text),
            Self::Compose => yaml::write(out, text),
            Self::Json => plain::json(out, text),
            Self::EnvFile => env_file::write(out, text),
            Self::Dotenv | Self::Dockerfile | Self::Word => plain::word(out, text),
            Self::Atom => plain::atom(out, text),
            Self::Cookie => plain::cookie(out, text),
            Self::Text => plain::text(out, text),
        }
    }

    /// Whether `text` can be written at all.
    ///
    /// # Errors
    /// Where it cannot.
    pub fn check(self, text: &str) -> Result<(), Refusal> {
        self.write(&mut String::new(), text)
    }

    /// Whether lists and maps have a form in this grammar.
    pub const fn has_collections(self) -> bool {
        matches!(self, Self::Compose | Self::Json)
    }
}

/// A refusal because of one character.
fn refuse(c: char) -> Refusal {
    Refusal {
        with: match c {
            '\n' => "a line break".to_owned(),
            '\r' => "a carriage return".to_owned(),
            '\t' => "a tab".to_owned(),
            '\0' => "a NUL".to_owned(),
            ' ' => "a blank".to_owned(),
            c if c.is_control() => format!("the control character U+{:04X}", u32::from(c)),
            c => format!("`{c}`"),
        },
    }
}

/// Refuses the first character for which `bad` holds.
fn refuse_any(text: &str, bad: impl Fn(char) -> bool) -> Result<(), Refusal> {
    text.chars().find(|c| bad(*c)).map_or(Ok(()), |c| Err(refuse(c)))
}

fn refuse_empty(text: &str) -> Result<(), Refusal> {
    if text.is_empty() { Err(Refusal { with: "nothing in it".to_owned() }) } else { Ok(()) }
}

/// Characters that are plain in every one of these grammars.
fn is_plain(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '/' | ':' | '-' | '@' | ',' | '+')
}

#[cfg(test)]
mod tests;
