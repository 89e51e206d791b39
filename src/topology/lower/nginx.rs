use crate::schema::RefKind;

use super::super::{Nginx, Stream, Timeouts, Via};
use super::At;
use super::common::{attach, member, publishes};

pub(super) fn nginx(at: At<'_>) -> Option<Nginx> {
    let component = Nginx {
        name: at.arg("name").name()?,
        version: at.prop("version").version()?,
        image: at.prop("image").image(),
        open_files: at.prop("open-files").integer(),
        on: at.prop("on").reference(RefKind::Host)?,
        attach: attach(at),
        nodes: at.children("node").filter_map(member).collect(),
        streams: at.children("stream").filter_map(stream).collect(),
        span: at.span(),
    };
    Some(component)
}

fn stream(at: At<'_>) -> Option<Stream> {
    let via = at.prop("via").reference(RefKind::Vip);
    let timeouts = at.child("timeout").map_or_else(Timeouts::default, |at| Timeouts {
        connect: at.prop("connect").duration(),
        client: at.prop("client").duration(),
        ..Timeouts::default()
    });
    Some(Stream {
        name: at.arg("name").name()?,
        port: at.prop("port").port()?,
        to: at.prop("to").reference(RefKind::Service)?,
        via: via.map(|via| via.map(|name| if name == "nodes" { Via::Nodes } else { Via::Vip(name) })),
        timeouts,
        publish: publishes(at),
        span: at.span(),
    })
}
