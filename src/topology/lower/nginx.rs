use crate::schema::RefKind;
use crate::source::Spanned;

use super::super::{Balance, Follow, Followed, Http, Nginx, Stream, Timeouts, Via};
use super::At;
use super::common::{component, member, publishes, servers};

pub(super) fn nginx(at: At<'_>) -> Option<Nginx> {
    let nodes = at.children("node").filter_map(member).collect();
    let (streams, https) = (at.children("stream"), at.children("http"));
    let (streams, https) = (streams.filter_map(stream).collect(), https.filter_map(http).collect());
    Some(Nginx {
        component: component(at, nodes)?,
        version: at.prop("version").version()?,
        workers: at.prop("workers").integer(),
        connections: at.prop("connections").integer(),
        memory: at.prop("memory").size(),
        streams,
        https,
    })
}

fn stream(at: At<'_>) -> Option<Stream> {
    let timeouts = at.child("timeout").map_or_else(Timeouts::default, |at| Timeouts {
        connect: at.prop("connect").duration(),
        client: at.prop("client").duration(),
        ..Timeouts::default()
    });
    let (via, followed, balance) = (via(at), followed(at), balance(at));
    Some(Stream {
        name: at.arg("name").name()?,
        port: at.prop("port").port()?,
        to: at.prop("to").reference(RefKind::Service)?,
        via,
        balance,
        servers: servers(at),
        followed,
        accept_proxy: at.prop("accept-proxy").boolean(),
        send_proxy: at.prop("send-proxy").boolean(),
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
    let (via, followed, balance) = (via(at), followed(at), balance(at));
    let server_name = at.prop("server-name").text();
    Some(Http {
        name: at.arg("name").name()?,
        port: at.prop("port").port()?,
        to: at.prop("to").reference(RefKind::Service)?,
        via,
        server_name,
        balance,
        servers: servers(at),
        followed,
        timeouts,
        publish: publishes(at),
        span: at.span(),
    })
}

fn balance(at: At<'_>) -> Option<Spanned<Balance>> {
    let all = [Balance::Leastconn, Balance::Roundrobin, Balance::Source, Balance::Random];
    at.prop("balance").choice(&all.map(|balance| (balance.word(), balance)))
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
