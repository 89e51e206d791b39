use crate::source::Span;
use crate::topology::Restart;

use super::{Fact, Id, Unit};

/// How the container of a unit is kept.
#[derive(Clone, Debug)]
pub struct ContainerClaim {
    /// Whose.
    pub unit: Id<Unit>,
    /// Files and connections that it may have open.
    pub open_files: Fact<i64>,
    /// Its memory limit in bytes; absent: none.
    pub memory: Fact<u64>,
    /// When Docker starts it again.
    pub restart: Fact<Restart>,
    /// Milliseconds that it gets to end.
    pub stop_grace: Fact<u64>,
    /// Bytes of one file of its log.
    pub log_size: Fact<u64>,
    /// Files of its log.
    pub log_files: Fact<i64>,
    /// The declaration of the component.
    pub span: Span,
}

/// Files that a container may have open: as much as every Docker allows (`open-files=` says more).
pub const OPEN_FILES: i64 = 16_384;

/// Files of HAProxy beside those of connections: its own and its checks'. It refuses to start with less than
/// `2 * maxconn` and these.
pub const SPARE_FILES: i64 = 384;
