use crate::lint::proxies::{program, proxies, written};
use crate::lint::{Check, Context, Level, Rule, Sink};
use crate::system::Program;

/// HAProxy takes weights of 0 to 256, nginx of 1 and more (seen with HAProxy 2.2.9 and 3.2.26, nginx 1.18 and 1.30).
pub const RULE: Rule = Rule {
    name: "server-weight-out-of-range",
    level: Level::Error,
    page: include_str!("../../../docs/rules/server-weight-out-of-range.md"),
    check: Check::Claims(check),
};

fn check(context: &Context<'_>, sink: &mut Sink) {
    let system = context.system;
    for proxy in proxies(context) {
        let nginx = program(system, proxy.unit) == Program::Nginx;
        let (range, words, zero) = if nginx {
            (1..=65_535, "1 to 65535", "a server that is to get nothing is left out of the component")
        } else {
            (0..=256, "0 to 256", "weight=0 gives a server nothing new")
        };
        let weights =
            || proxy.servers.iter().filter_map(|server| Some((written(&server.weight)?, *server.weight.known()?)));
        for (span, weight) in weights().filter(|(_, weight)| !range.contains(weight)) {
            sink.finding(format!("a server cannot have weight {weight}"))
                .label(span, words)
                .note("the program refuses its whole file and does not start")
                .help(format!("write a number of {words}; {zero}"))
                .emit();
        }
        let nothing: Vec<_> = weights().filter(|(_, weight)| *weight == 0 && !nginx).collect();
        if !nothing.is_empty() && nothing.len() == proxy.servers.len() {
            sink.finding(format!("no server of `{}` gets a connection", system.listens[proxy.listen].name))
                .labels(nothing.into_iter().map(|(span, _)| (span, "no share".to_owned())))
                .note("every client is turned away, although all servers are up")
                .help("leave weight= out at those that are to serve")
                .emit();
        }
    }
}
