//! Line comments that speak to hacc: `// hacc: …`. Every other comment is for people and is not kept.

/// Whether a comment, from its `//` on, speaks to hacc.
pub(super) fn speaks_to_hacc(comment: &str) -> bool {
    body(comment).is_some()
}

/// What such a comment says behind `hacc:`.
#[must_use]
pub fn body(comment: &str) -> Option<&str> {
    comment.strip_prefix("//")?.trim_start().strip_prefix("hacc:")
}
