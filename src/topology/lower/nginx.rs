use crate::schema::RefKind;
use crate::source::Spanned;

use super::super::{Follow, Followed, Http, Nginx, Stream, Timeouts, Via};
use super::At;
use super::common::{component, member, publishes};

pub(super) fn nginx(at: At<'_>) -> Option<Nginx> {
    let nodes = at.children("node").filter_map(member).collect();
    let (streams, https) = (at.children("stream"), at.children("http"));
    let (streams, https) = (streams.filter_map(stream).collect(), https.filter_map(http).collect());
    Some(Nginx { component: component(at, nodes)?, version: at.prop("version").version()?, streams, https })
}

fn stream(at: At<'_>) -> Option<Stream> {
    let timeouts = at.child("timeout").map_or_else(Timeouts::default, |at| Timeouts {
        connect: at.prop("connect").duration(),
        client: at.prop("client").duration(),
        ..Timeouts::default()
    });
    let (via, followed) = (via(at), followed(at));
    Some(Stream {
        name: at.arg("name").name()?,
        port: at.prop("port").port()?,
        to: at.prop("to").reference(RefKind::Service)?,
        via,
        followed,
        timeouts,
        publish: publishes(at),
        span: at.span(),
    })
}

fn http(at: At<'_>) -> Option<Http> {
    let timeouts = at.child("timeout").map_or_else(Timeouts::default, |at| Timeouts {
        connect: at.prop("connect").duration(),
        client: at.prop("client").duration(),
        server: at.prop("server").duration(),
        ..Timeouts::default()
    });
    let (via, followed, server_name) = (via(at), followed(at), at.prop("server-name").text());
    Some(Http {
        name: at.arg("name").name()?,
        port: at.prop("port").port()?,
        to: at.prop("to").reference(RefKind::Service)?,
        via,
        server_name,
        followed,
        timeouts,
        publish: publishes(at),
        span: at.span(),
    })
}

fn via(at: At<'_>) -> Option<Spanned<Via>> {
    let via = at.prop("via").reference(RefKind::Vip)?;
    Some(via.map(|name| if name == "nodes" { Via::Nodes } else { Via::Vip(name) }))
}

fn followed(at: At<'_>) -> Option<Followed> {
    let method = at.prop("follow").choice(&[("upsync", Follow::Upsync), ("dns", Follow::Dns)]);
    let (key, interval, wait) = (at.prop("key").text(), at.prop("interval").duration(), at.prop("wait").duration());
    Some(Followed { through: at.prop("through").reference(RefKind::Component)?, method, key, interval, wait })
}
