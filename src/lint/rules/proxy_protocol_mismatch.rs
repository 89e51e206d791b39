use rustc_hash::FxHashMap;

use crate::lint::members::place;
use crate::lint::proxies::{Hops, component, is_amqp, next, program, proxies};
use crate::lint::{Check, Context, Level, Rule, Sink};
use crate::source::Span;
use crate::system::{Component, Id, Program, System};
use crate::topology::PolicyValue;

/// Who is to read a line in front of each connection, or is not.
struct Reader {
    expects: bool,
    span: Span,
    name: String,
}

/// The PROXY protocol is agreed in advance or not at all (haproxy.org, "The PROXY protocol", 2): who expects its line
/// and gets none drops the connection, who gets one and expects none takes it for data.
pub const RULE: Rule = Rule {
    name: "proxy-protocol-mismatch",
    level: Level::Error,
    page: include_str!("../../../docs/rules/proxy-protocol-mismatch.md"),
    check: Check::Claims(check),
};

fn check(context: &Context<'_>, sink: &mut Sink) {
    let system = context.system;
    let hops = Hops::of(context);
    let brokers = brokers(system);
    for proxy in proxies(context) {
        let Some((_, listen)) = next(system, proxy) else { continue };
        let of = component(system, listen.unit);
        let reader = match program(system, listen.unit) {
            Program::Haproxy | Program::Nginx => match hops.after(proxy) {
                Some(inner) => Reader {
                    expects: inner.accept_proxy.known() == Some(&true),
                    span: place(&inner.accept_proxy, inner.span),
                    name: format!("`{}` of `{}`", listen.name, of.name.value),
                },
                None => continue,
            },
            Program::Rabbitmq => {
                let said = brokers.get(&system.units[listen.unit].component).filter(|_| is_amqp(system, listen));
                Reader {
                    expects: said.is_some_and(|(on, _)| *on),
                    span: said.map_or(of.name.span, |(_, span)| *span),
                    name: format!("port `{}` of `{}`", listen.name, of.name.value),
                }
            }
            // What it understands nobody knows here.
            Program::Application => continue,
            Program::Consul => Reader { expects: false, span: of.name.span, name: format!("`{}`", of.name.value) },
        };
        let sends = proxy.send_proxy.known() == Some(&true);
        if sends == reader.expects {
            continue;
        }
        let name = &system.listens[proxy.listen].name;
        let at = place(&proxy.send_proxy, proxy.span);
        if sends {
            sink.finding(format!("{} does not expect the line that `{name}` sends", reader.name))
                .label(at, "a line of the PROXY protocol in front of every connection")
                .label(reader.span, "takes it for the client's first bytes")
                .note("it is no frame and no request: every connection is refused as soon as it is made")
                .help("write accept-proxy=#true there (set \"proxy_protocol\" #true for brokers), or remove send-proxy=")
                .emit();
        } else {
            sink.finding(format!("{} expects a line that `{name}` does not send", reader.name))
                .label(at, "sends what the client sends")
                .label(reader.span, "expects a line of the PROXY protocol first")
                .note("it waits for the line, gets something else, and drops every connection")
                .help("write send-proxy=#true here, or let the other side expect nothing")
                .emit();
        }
    }
}

/// What clusters say of `proxy_protocol`; of several lines the last one counts.
fn brokers(system: &System) -> FxHashMap<Id<Component>, (bool, Span)> {
    let lines = system.settings.values().filter(|claim| claim.key.value == "proxy_protocol");
    let on = |value: &PolicyValue| match value {
        PolicyValue::Bool(on) => *on,
        PolicyValue::Text(text) => text == "true",
        _ => false,
    };
    lines.map(|claim| (claim.cluster, (on(&claim.value.value), claim.key.span))).collect()
}
