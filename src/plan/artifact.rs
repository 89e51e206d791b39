use std::fmt;
use std::sync::Arc;

use camino::{Utf8Path, Utf8PathBuf};

/// One file to be written, and everything the store must know about it.
#[derive(Clone, PartialEq, Eq)]
pub struct Artifact {
    path: Utf8PathBuf,
    /// The bytes; files with the same bytes may share them.
    pub body: Arc<[u8]>,
    /// Permission bits, exactly as they will be whatever the umask: 0o644, 0o755 or 0o600.
    pub mode: u32,
    /// Whether the body holds the value of a secret: the manifest then holds a keyed fingerprint instead of a hash,
    /// and nobody shows the body.
    pub secret: bool,
    /// Who owns the file once it is there.
    pub keep: Keep,
    /// What makes the program see a new version.
    pub apply: Apply,
    /// The node of the topology that the file comes from, such as `rabbitmq/mq/mq3`.
    pub from: String,
}

/// Who owns a file once it is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keep {
    /// hacc: written, replaced and removed by it.
    Managed,
    /// The program that reads it: written where there is none, then never touched again.
    Seeded,
    /// Somebody else: never written; it only has a place that must stay free for it.
    Foreign,
}

/// What makes the running program see a new version of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Apply {
    /// The program reads it again when told to (or by itself).
    Reload,
    /// The container must be restarted.
    Restart,
    /// The container must be made anew.
    Recreate,
}

/// Why a path cannot be one below the output folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PathError {
    /// It is empty, or has an empty component (`a//b`, `/a`, `a/`).
    Empty,
    /// It has a component `.` or `..`.
    Dots,
    /// It has a control character (NUL and newline among them) or a backslash.
    Character,
    /// A component has more than 255 bytes, or the whole more than 1024.
    TooLong,
    /// hacc keeps that name for itself: `manifest.json` at the top, `.hacc-…` anywhere.
    Reserved,
}

/// Bytes of a file, from whatever holds some.
pub struct Body(Arc<[u8]>);

impl From<Arc<[u8]>> for Body {
    fn from(bytes: Arc<[u8]>) -> Self {
        Self(bytes)
    }
}

impl From<Vec<u8>> for Body {
    fn from(bytes: Vec<u8>) -> Self {
        Self(bytes.into())
    }
}

impl From<&str> for Body {
    fn from(text: &str) -> Self {
        Self(text.as_bytes().into())
    }
}

impl From<String> for Body {
    fn from(text: String) -> Self {
        Self(text.into_bytes().into())
    }
}

impl Artifact {
    /// A managed file without secrets, mode 0644, that asks for a restart.
    ///
    /// # Errors
    /// Where `path` is not a relative path of normal components, so that nothing can leave the output folder.
    pub fn new(
        path: impl Into<Utf8PathBuf>,
        body: impl Into<Body>,
        from: impl Into<String>,
    ) -> Result<Self, PathError> {
        let path = path.into();
        check(&path)?;
        Ok(Self {
            path,
            body: body.into().0,
            mode: 0o644,
            secret: false,
            keep: Keep::Managed,
            apply: Apply::Restart,
            from: from.into(),
        })
    }

    /// The same with these permission bits.
    #[must_use]
    pub fn with_mode(mut self, mode: u32) -> Self {
        self.mode = mode;
        self
    }

    /// The same, holding a secret: mode 0600, a keyed fingerprint in the manifest.
    #[must_use]
    pub fn with_secret(mut self) -> Self {
        self.mode = 0o600;
        self.secret = true;
        self
    }

    /// The same with this owner.
    #[must_use]
    pub fn with_keep(mut self, keep: Keep) -> Self {
        self.keep = keep;
        self
    }

    /// The same with this way of being taken up.
    #[must_use]
    pub fn with_apply(mut self, apply: Apply) -> Self {
        self.apply = apply;
        self
    }

    /// Where it goes, relative to the output folder.
    pub fn path(&self) -> &Utf8Path {
        &self.path
    }
}

impl fmt::Debug for Artifact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = f.debug_struct("Artifact");
        out.field("path", &self.path).field("mode", &format_args!("{:04o}", self.mode));
        match std::str::from_utf8(&self.body) {
            _ if self.secret => out.field("body", &"(secret)"),
            Ok(text) => out.field("body", &text),
            Err(_) => out.field("body", &self.body),
        };
        out.field("keep", &self.keep).field("apply", &self.apply).field("from", &self.from).finish()
    }
}

impl Keep {
    /// The word for it in the manifest.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Managed => "managed",
            Self::Seeded => "seeded",
            Self::Foreign => "foreign",
        }
    }

    /// The value with this word.
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Managed, Self::Seeded, Self::Foreign].into_iter().find(|keep| keep.word() == word)
    }
}

impl Apply {
    /// The word for it in the manifest.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Reload => "reload",
            Self::Restart => "restart",
            Self::Recreate => "recreate",
        }
    }

    /// The value with this word.
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Reload, Self::Restart, Self::Recreate].into_iter().find(|apply| apply.word() == word)
    }
}

impl fmt::Display for PathError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Empty => "it is empty or has an empty component",
            Self::Dots => "it has a component `.` or `..`",
            Self::Character => "it holds a control character or a backslash",
            Self::TooLong => "it is too long (255 bytes a component, 1024 in all)",
            Self::Reserved => "hacc keeps that name for itself (`manifest.json` at the top, `.hacc-…` anywhere)",
        })
    }
}

impl std::error::Error for PathError {}

/// Whether `path` names a file below the output folder and nothing else. Checked on the text, not on
/// `Path::components`, which silently drops `.` and doubled slashes.
pub(crate) fn check(path: &Utf8Path) -> Result<(), PathError> {
    let path = path.as_str();
    if path.len() > 1024 {
        return Err(PathError::TooLong);
    }
    if path.eq_ignore_ascii_case("manifest.json") {
        return Err(PathError::Reserved);
    }
    path.split('/').try_for_each(|component| {
        if component.is_empty() {
            Err(PathError::Empty)
        } else if component == "." || component == ".." {
            Err(PathError::Dots)
        } else if component.chars().any(|c| c.is_control() || c == '\\') {
            Err(PathError::Character)
        } else if component.len() > 255 {
            Err(PathError::TooLong)
        } else if component.get(..6).is_some_and(|start| start.eq_ignore_ascii_case(".hacc-")) {
            Err(PathError::Reserved)
        } else {
            Ok(())
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_relative_paths_of_normal_components_are_taken() {
        let long = "x".repeat(256);
        let deep = "ab/".repeat(400) + "c";
        for (path, why) in [
            ("", PathError::Empty),
            ("/etc/passwd", PathError::Empty),
            ("vm//a", PathError::Empty),
            ("vm/", PathError::Empty),
            (".", PathError::Dots),
            ("..", PathError::Dots),
            ("vm/../../etc/passwd", PathError::Dots),
            ("vm/./a", PathError::Dots),
            ("vm/a\0b", PathError::Character),
            ("vm/a\nb", PathError::Character),
            ("vm\\a", PathError::Character),
            (long.as_str(), PathError::TooLong),
            (deep.as_str(), PathError::TooLong),
            ("manifest.json", PathError::Reserved),
            ("Manifest.JSON", PathError::Reserved),
            ("vm/.hacc-tmp-1", PathError::Reserved),
            (".HACC-stage-1/x", PathError::Reserved),
        ] {
            assert_eq!(Artifact::new(path, "", "x").unwrap_err(), why, "{path:?}");
        }
        for path in ["a", "vm/manifest.json", "vm/.erlang.cookie", "vm/...", "vm/a b", "vm/-rf", "hôte/x", ".hacc"] {
            assert!(Artifact::new(path, "", "x").is_ok(), "{path:?}");
        }
    }

    #[test]
    fn the_body_of_a_secret_is_never_shown() {
        let mut artifact = Artifact::new("vm/cookie", "XYZZY", "x").unwrap();
        assert!(format!("{artifact:?}").contains("XYZZY"));
        artifact.secret = true;
        assert!(!format!("{artifact:?}").contains("XYZZY"));
    }
}
