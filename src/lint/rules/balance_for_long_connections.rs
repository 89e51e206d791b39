use crate::lint::proxies::{Hops, is_amqp, proxies, written};
use crate::lint::{Check, Confidence, Context, Fix, Level, Rule, Sink};

/// Dealing connections out in turn evens out requests, not sessions that last for weeks.
pub const RULE: Rule = Rule {
    name: "balance-for-long-connections",
    level: Level::Warning,
    page: include_str!("../../../docs/rules/balance-for-long-connections.md"),
    check: Check::Claims(check),
};

fn check(context: &Context<'_>, sink: &mut Sink) {
    let system = context.system;
    let mut hops = Hops::of(context);
    for proxy in proxies(context).filter(|proxy| proxy.servers.len() > 1) {
        let Some(span) = written(&proxy.balance) else { continue };
        let turn = proxy.balance.known().is_some_and(|balance| ["roundrobin", "static-rr"].contains(&balance.as_str()));
        if !turn || !hops.end(proxy).is_some_and(|end| is_amqp(system, end)) {
            continue;
        }
        let name = &system.listens[proxy.listen].name;
        sink.finding(format!("`{name}` deals connections out in turn, and AMQP connections stay"))
            .label(span, "counts connections that come, not those that are there")
            .confidence(Confidence::Likely)
            .note("a broker that comes back gets its turn of new connections alone: the others keep all that fled to them, for days")
            .help("write balance=\"leastconn\", or leave it out")
            .fix(Some(Fix {
                title: "choose the server with the fewest connections".to_owned(),
                safe: false,
                edits: vec![(span, "\"leastconn\"".to_owned())],
            }))
            .emit();
    }
}
