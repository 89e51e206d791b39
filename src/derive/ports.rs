use std::collections::BTreeMap;
use std::net::Ipv4Addr;

use rustc_hash::FxHashMap;

use crate::system::{Host, Id, ListenClaim, PublishClaim, System, Unit};

/// Who uses a port of a host.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct PortUse {
    /// Whose port.
    pub unit: Id<Unit>,
    /// Which of its ports.
    pub listen: Id<ListenClaim>,
    /// The publish that takes it; `None`: the unit runs on the host's own network, and its port is the host's.
    pub publish: Option<Id<PublishClaim>>,
    /// On which of the host's addresses; `0.0.0.0` is all of them.
    pub bind: Ipv4Addr,
}

/// The port space of each host: what is published there, and what listens on the host's own network: one use an
/// address. (Docker ignores
/// what is published of a container that is on the host's network.)
pub(super) fn space(
    system: &System,
    binds: &FxHashMap<Id<ListenClaim>, Vec<Ipv4Addr>>,
) -> BTreeMap<(Id<Host>, i64), Vec<PortUse>> {
    let mut space: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for (id, publish) in system.publishes.iter() {
        let (Some(port), Some(bind)) = (publish.port.known(), publish.bind.known()) else { continue };
        if !system.units[publish.unit].on_host_network {
            let (unit, listen) = (publish.unit, publish.listen);
            let used = PortUse { unit, listen, publish: Some(id), bind: *bind };
            space.entry((publish.host, *port)).or_default().push(used);
        }
    }
    for (listen, claim) in system.listens.iter() {
        let unit = &system.units[claim.unit];
        let (Some(port), Some(binds)) = (claim.port.known(), binds.get(&listen)) else { continue };
        for bind in binds {
            let used = PortUse { unit: claim.unit, listen, publish: None, bind: *bind };
            space.entry((unit.host, *port)).or_default().push(used);
        }
    }
    space
}
