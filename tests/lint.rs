//! `hacc lint` and `hacc explain` as processes: every format, every flag, every exit code.

#[path = "lint/allow.rs"]
mod allow;
#[path = "lint/explain.rs"]
mod explain;
#[path = "lint/fix.rs"]
mod fix;
#[path = "lint/flags.rs"]
mod flags;
#[path = "lint/folder.rs"]
mod folder;
#[path = "lint/formats.rs"]
mod formats;
#[path = "lint/github.rs"]
mod github;
#[path = "lint/inputs.rs"]
mod inputs;
#[path = "lint/schemas.rs"]
mod schemas;
