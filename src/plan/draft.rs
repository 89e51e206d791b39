use minijinja::Value;
use serde::Serialize;

use crate::source::Span;

use super::{Apply, Keep};

/// A file before its text is made: the template, what it is filled with, and what becomes of it.
pub(super) struct Draft {
    /// Where it goes, below the output folder.
    pub path: String,
    /// Name of the template.
    pub template: &'static str,
    /// What the template is filled with.
    pub context: Value,
    /// Permission bits.
    pub mode: u32,
    /// Whether the text holds the value of a secret.
    pub secret: bool,
    /// Who owns it once it is there.
    pub keep: Keep,
    /// What makes the program see a new version.
    pub apply: Apply,
    /// The node of the topology it comes from.
    pub from: String,
    /// The place of that node.
    pub span: Span,
}

impl Draft {
    /// A managed file, mode 0644, that asks for a restart.
    pub(super) fn new(path: String, template: &'static str, context: &impl Serialize, from: &From) -> Self {
        Self {
            path,
            template,
            context: Value::from(minijinja::value::Serde(context)),
            mode: 0o644,
            secret: false,
            keep: Keep::Managed,
            apply: Apply::Restart,
            from: from.path.clone(),
            span: from.span,
        }
    }

    /// A script, mode 0755.
    pub(super) fn script(mut self) -> Self {
        self.mode = 0o755;
        self
    }

    /// A file that holds a secret, mode 0600.
    pub(super) fn secret(self) -> Self {
        self.secret_if(true)
    }

    /// A file that holds a secret where `holds` says so.
    pub(super) fn secret_if(mut self, holds: bool) -> Self {
        if holds {
            self.mode = 0o600;
            self.secret = true;
        }
        self
    }

    /// A file that the running program reads again when told to.
    pub(super) fn reload(mut self) -> Self {
        self.apply = Apply::Reload;
        self
    }

    /// A file that is written where there is none, and then left to the program that reads it.
    pub(super) fn seeded(mut self) -> Self {
        self.keep = Keep::Seeded;
        self
    }

    /// A file that takes effect with a new container.
    pub(super) fn recreate(mut self) -> Self {
        self.apply = Apply::Recreate;
        self
    }
}

/// The declaration that a file comes from.
pub(super) struct From {
    /// As in the manifest: `rabbitmq/mq/mq3`.
    pub path: String,
    /// Its place in the topology.
    pub span: Span,
}
