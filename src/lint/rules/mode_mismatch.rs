use crate::lint::members::place;
use crate::lint::proxies::{Hops, program, proxies, written};
use crate::lint::{Check, Context, Fix, Level, Rule, Sink};
use crate::system::Program;
use crate::topology::Mode;

/// HTTP in front of what speaks AMQP: the proxy waits for a request that never comes (seen: `haproxy -c` accepts it).
pub const RULE: Rule = Rule {
    name: "mode-mismatch",
    level: Level::Error,
    page: include_str!("../../../docs/rules/mode-mismatch.md"),
    check: Check::Claims(check),
};

fn check(context: &Context<'_>, sink: &mut Sink) {
    let system = context.system;
    let mut hops = Hops::of(context);
    for proxy in proxies(context).filter(|proxy| proxy.mode.known() == Some(&Mode::Http)) {
        let Some(end) = hops.end(proxy) else { continue };
        let broker = program(system, end.unit) == Program::Rabbitmq;
        if !broker || !["amqp", "epmd", "dist"].contains(&end.name.as_str()) {
            continue;
        }
        let name = &system.listens[proxy.listen].name;
        let haproxy = program(system, proxy.unit) == Program::Haproxy;
        let fix = written(&proxy.mode).map(|span| Fix {
            title: "hand on bytes".to_owned(),
            safe: true,
            edits: vec![(span, "\"tcp\"".to_owned())],
        });
        sink.finding(format!("`{name}` waits for HTTP, and brokers speak another protocol there"))
            .label(place(&proxy.mode, proxy.span), "understands requests only")
            .label(system.forwards[proxy.forward].to.span, format!("ends at port `{}` of brokers", end.name))
            .note("the first bytes of a client are no request: it gets 400 and is cut off, every time")
            .help(if haproxy { "leave mode= out: bytes are handed on" } else { "write `stream` instead of `http`" })
            .fix(fix)
            .emit();
    }
}
