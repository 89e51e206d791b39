use crate::schema::RefKind;

use super::super::{Consul, ConsulServer, ConsulSettings, Node};
use super::At;
use super::common::{component, member};

pub(super) fn consul(at: At<'_>) -> Option<Consul> {
    let nodes = at.children("node").filter_map(server).collect();
    let settings = settings(at);
    Some(Consul { component: component(at, nodes)?, version: at.prop("version").version()?, settings })
}

fn server(at: At<'_>) -> Option<Node> {
    let server = ConsulServer { bootstrap_expect: at.prop("bootstrap-expect").integer(), settings: settings(at) };
    member(at).map(|node| Node { server, ..node })
}

fn settings(at: At<'_>) -> ConsulSettings {
    ConsulSettings { encrypt: at.prop("encrypt").reference(RefKind::Secret), datacenter: at.prop("datacenter").name() }
}
