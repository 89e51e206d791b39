use crate::lint::proxies::{is_amqp, next, program, proxies};
use crate::lint::{Check, Confidence, Context, Level, Rule, Sink};
use crate::system::Program;

/// nginx has no health checks of its own: it learns from connections that fail, and a broker that runs alone fails
/// none.
pub const RULE: Rule = Rule {
    name: "brokers-unwatched",
    level: Level::Warning,
    page: include_str!("../../../docs/rules/brokers-unwatched.md"),
    check: Check::Claims(check),
};

fn check(context: &Context<'_>, sink: &mut Sink) {
    let system = context.system;
    for proxy in proxies(context).filter(|proxy| program(system, proxy.unit) == Program::Nginx) {
        if !next(system, proxy).is_some_and(|(_, listen)| is_amqp(system, listen)) || proxy.servers.len() < 2 {
            continue;
        }
        let name = &system.listens[proxy.listen].name;
        sink.finding(format!("`{name}` hands on to brokers that nobody asks whether they are members"))
            .label(system.forwards[proxy.forward].to.span, "straight to the brokers")
            .confidence(Confidence::Likely)
            .note("nginx takes a broker out only after connections to it failed: one that runs alone, is paused or out of memory gets its \
                 part of the clients")
            .help("put a haproxy between them, and write to=\"COMPONENT/LISTEN\" of it: it asks every broker's gate")
            .emit();
    }
}
