use crate::lint::members::place;
use crate::lint::proxies::{component, next, proxies};
use crate::lint::{Check, Context, Fix, Level, Rule, Sink};
use crate::system::Program;
use crate::topology::CheckKind;

/// A check that such a server cannot pass: only brokers have a membership gate, and what speaks AMQP answers no
/// request.
pub const RULE: Rule = Rule {
    name: "check-never-passes",
    level: Level::Error,
    page: include_str!("../../../docs/rules/check-never-passes.md"),
    check: Check::Claims(check),
};

fn check(context: &Context<'_>, sink: &mut Sink) {
    let system = context.system;
    for proxy in proxies(context) {
        let Some(probe) = &proxy.check else { continue };
        let Some((_, listen)) = next(system, proxy) else { continue };
        let of = component(system, listen.unit);
        let broker = of.program == Program::Rabbitmq;
        let (why, instead) = match probe.kind.known() {
            Some(CheckKind::Member) if !broker => ("asks the gate that only brokers have", "tcp"),
            Some(CheckKind::Http) if broker && ["amqp", "epmd", "dist"].contains(&listen.name.as_str()) => {
                ("makes a request, and AMQP knows none", "member")
            }
            _ => continue,
        };
        let name = &system.listens[proxy.listen].name;
        let fix = probe.kind.is_written().then(|| Fix {
            title: format!("check by kind=\"{instead}\""),
            safe: true,
            edits: vec![(probe.kind.span(), format!("\"{instead}\""))],
        });
        sink.finding(format!("no server of `{name}` can pass its check"))
            .label(place(&probe.kind, proxy.span), why)
            .label(
                system.forwards[proxy.forward].to.span,
                format!("goes to port `{}` of `{}`", listen.name, of.name.value),
            )
            .note("all servers count as down, and every client is turned away although all of them are well")
            .help(format!("write kind=\"{instead}\", or leave it out"))
            .fix(fix)
            .emit();
    }
}
