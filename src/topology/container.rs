use crate::source::{Span, Spanned};

/// How the containers of a component are kept.
#[derive(Clone, Debug, Default)]
pub struct Container {
    /// When Docker starts one again that ended.
    pub restart: Option<Spanned<Restart>>,
    /// Milliseconds that one gets to end before it is killed.
    pub stop_grace: Option<Spanned<u64>>,
    /// Its log.
    pub log: Option<Log>,
}

/// When Docker starts a container again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Restart {
    /// Always, and with the machine, unless somebody stopped it.
    UnlessStopped,
    /// Always, and with the machine, even if somebody stopped it before.
    Always,
    /// When it failed; not with the machine.
    OnFailure,
    /// Never.
    No,
}

impl Restart {
    /// Its word, in Compose as well.
    pub const fn word(self) -> &'static str {
        match self {
            Self::UnlessStopped => "unless-stopped",
            Self::Always => "always",
            Self::OnFailure => "on-failure",
            Self::No => "no",
        }
    }
}

/// `log size=… files=…`: what Docker keeps of a container's output.
#[derive(Clone, Debug)]
pub struct Log {
    /// Bytes of one file.
    pub size: Option<Spanned<u64>>,
    /// How many files.
    pub files: Option<Spanned<i64>>,
    /// The whole node.
    pub span: Span,
}
