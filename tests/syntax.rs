//! The KDL reader: what it accepts, what it says, and that nothing brings it down.

#[path = "syntax/accepts.rs"]
mod accepts;
#[path = "syntax/api.rs"]
mod api;
#[path = "syntax/errors.rs"]
mod errors;
#[path = "syntax/hostile.rs"]
mod hostile;
#[path = "syntax/layout.rs"]
mod layout;
#[path = "syntax/oracle.rs"]
mod oracle;
#[path = "syntax/print.rs"]
mod print;
#[path = "syntax/rejects.rs"]
mod rejects;
#[path = "syntax/removal.rs"]
mod removal;
#[path = "syntax/support.rs"]
mod support;
