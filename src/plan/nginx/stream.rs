use serde::Serialize;

use crate::system::{Id, Unit, waits};
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
    accept_proxy: bool,
    send_proxy: bool,
    connect_timeout: String,
    idle_timeout: String,
}

impl Planner<'_> {
    pub(super) fn stream(&self, stream: &Stream, unit: Id<Unit>, relays: &[Relay]) -> StreamEntry {
        StreamEntry {
            upstream: self.upstream(unit, &stream.name.value, relays),
            listens: vec![stream.port.value],
            accept_proxy: stream.accept_proxy.as_ref().is_some_and(|accept| accept.value),
            send_proxy: stream.send_proxy.as_ref().is_some_and(|send| send.value),
            connect_timeout: connect_timeout(&stream.timeouts),
            idle_timeout: milliseconds(stream.timeouts.client.as_ref().map_or(waits::IDLE, |written| written.value)),
            name: stream.name.value.clone(),
        }
    }
}
