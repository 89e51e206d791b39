use std::collections::{BTreeMap, BTreeSet};
use std::net::Ipv4Addr;

use ipnet::Ipv4Net;

/// What hacc chose where the topology left something open, so that it stays chosen when the topology changes.
///
/// Keys name the declaration: `HOST` for subnets, `NETWORK/NODE` for addresses, `COMPONENT/VIP` for VRIDs, `NODE/PORT`
/// for ports.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lock {
    /// Subnets of the networks that hacc makes for hosts.
    pub subnets: BTreeMap<String, Ipv4Net>,
    /// Addresses of nodes that declare none.
    pub addresses: BTreeMap<String, Ipv4Addr>,
    /// VRIDs of VIPs that declare none.
    pub vrids: BTreeMap<String, i64>,
    /// Host ports of publishes that declare none.
    pub ports: BTreeMap<String, i64>,
    /// Secrets that were generated.
    pub secrets: BTreeSet<String>,
}
