//! What rules about the commands that keepalived runs share.

use crate::system::{Fact, VrrpClaim};

/// The commands that a member names, and what each is for.
pub(super) fn commands(claim: &VrrpClaim) -> impl Iterator<Item = (&Fact<String>, &'static str)> {
    let tracked = claim.commands().map(|check| (&check.script, "check"));
    tracked.chain(std::iter::once((&claim.notify, "notify program"))).filter(|(script, _)| script.known().is_some())
}

/// The program of a command: its first word.
pub(super) fn program(command: &Fact<String>) -> Option<&str> {
    command.known()?.split_whitespace().next()
}

/// The last part of a path.
pub(super) fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}
