use crate::lint::proxies::{process_of, proxies, written};
use crate::lint::{Check, Context, Level, Rule, Sink};

/// HAProxy's own limit is reached first (seen: `haproxy -c` accepts it without a word).
pub const RULE: Rule = Rule {
    name: "listen-maxconn-without-effect",
    level: Level::Advice,
    page: include_str!("../../../docs/rules/listen-maxconn-without-effect.md"),
    check: Check::Claims(check),
};

fn check(context: &Context<'_>, sink: &mut Sink) {
    let system = context.system;
    let processes = process_of(context);
    for proxy in proxies(context) {
        let (Some(span), Some(own)) = (written(&proxy.maxconn), proxy.maxconn.known()) else { continue };
        let Some(process) = processes.get(&proxy.unit) else { continue };
        let Some(whole) = process.connections.known().filter(|whole| *whole < own && **whole > 0) else { continue };
        let name = &system.listens[proxy.listen].name;
        sink.finding(format!("`{name}` never has {own} connections: the whole process has {whole}"))
            .label(span, "never reached")
            .label(process.connections.span(), format!("{whole} for all ports together"))
            .note("clients are held back earlier than is written, and those of other ports with them")
            .help(format!("raise maxconn= of the component above {own}, or write less than {whole} here"))
            .emit();
    }
}
