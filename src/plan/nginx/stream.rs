use serde::Serialize;

use crate::system::{Id, Unit};
use crate::topology::Stream;

use super::super::{Planner, milliseconds};
use super::connect_timeout;
use super::relay::Relay;
use super::upstream::Upstream;

/// A TCP service of nginx.conf.
#[derive(Serialize)]
pub(super) struct StreamEntry {
    name: String,
    #[serde(flatten)]
    upstream: Upstream,
    listens: Vec<i64>,
    connect_timeout: String,
    idle_timeout: String,
}

impl Planner<'_> {
    pub(super) fn stream(&self, stream: &Stream, unit: Id<Unit>, relays: &[Relay]) -> StreamEntry {
        StreamEntry {
            upstream: self.upstream(unit, &stream.name.value, relays),
            listens: vec![stream.port.value],
            connect_timeout: connect_timeout(&stream.timeouts),
            idle_timeout: milliseconds(stream.timeouts.client.as_ref().map_or(10_800_000, |written| written.value)),
            name: stream.name.value.clone(),
        }
    }
}
