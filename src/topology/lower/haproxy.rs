use crate::schema::RefKind;

use super::super::{Check, CheckKind, Haproxy, Listen, Mode, Stats};
use super::common::{component, member, publishes, servers, timeouts};
use super::{At, Lowering};

impl Lowering<'_> {
    pub(super) fn haproxy(&mut self, at: At<'_>) -> Option<Haproxy> {
        let vips = at.children("vip").filter_map(|at| self.vip(at)).collect();
        let nodes = at.children("node").filter_map(member).collect();
        let declared = Haproxy {
            component: component(at, nodes)?,
            version: at.prop("version").version()?,
            maxconn: at.prop("maxconn").integer(),
            memory: at.prop("memory").size(),
            drain: at.prop("drain").duration(),
            listens: at.children("listen").filter_map(listen).collect(),
            stats: at.child("stats").and_then(stats),
            vips,
            timeouts: timeouts(at),
        };
        Some(declared)
    }
}

fn listen(at: At<'_>) -> Option<Listen> {
    let (balance, check) = (at.prop("balance").text(), at.child("check").map(check));
    let mode = at.prop("mode").choice(&[("tcp", Mode::Tcp), ("http", Mode::Http)]);
    Some(Listen {
        name: at.arg("name").name()?,
        port: at.prop("port").port()?,
        to: at.prop("to").reference(RefKind::Service)?,
        balance,
        mode,
        maxconn: at.prop("maxconn").integer(),
        accept_proxy: at.prop("accept-proxy").boolean(),
        send_proxy: at.prop("send-proxy").boolean(),
        servers: servers(at),
        check,
        timeouts: timeouts(at),
        publish: publishes(at),
        span: at.span(),
    })
}

fn check(at: At<'_>) -> Check {
    let kinds = [("member", CheckKind::Member), ("tcp", CheckKind::Tcp), ("http", CheckKind::Http)];
    Check {
        every: at.prop("every").duration(),
        fast: at.prop("fast").duration(),
        down: at.prop("down").duration(),
        rise: at.prop("rise").integer(),
        fall: at.prop("fall").integer(),
        timeout: at.prop("timeout").duration(),
        kind: at.prop("kind").choice(&kinds),
        path: at.prop("path").uri_path(),
        host: at.prop("host").text(),
        span: Some(at.span()),
    }
}

fn stats(at: At<'_>) -> Option<Stats> {
    let path = at.prop("path").uri_path();
    Some(Stats {
        port: at.prop("port").port()?,
        path,
        user: at.prop("user").text()?,
        password: at.prop("password").reference(RefKind::Secret)?,
        span: at.span(),
    })
}
