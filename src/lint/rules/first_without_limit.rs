use crate::lint::proxies::{proxies, written};
use crate::lint::{Check, Context, Level, Rule, Sink};

/// `balance first` fills the first server before it uses the second; without a limit it is never full (HAProxy's
/// manual, "balance").
pub const RULE: Rule = Rule {
    name: "first-without-limit",
    level: Level::Warning,
    page: include_str!("../../../docs/rules/first-without-limit.md"),
    check: Check::Claims(check),
};

fn check(context: &Context<'_>, sink: &mut Sink) {
    let system = context.system;
    for proxy in proxies(context).filter(|proxy| proxy.balance.known().is_some_and(|balance| balance == "first")) {
        let serving: Vec<_> = proxy.servers.iter().filter(|server| server.backup.known() != Some(&true)).collect();
        let first = serving.first().filter(|_| serving.len() > 1);
        let (Some(first), Some(span)) = (first, written(&proxy.balance)) else { continue };
        if first.maxconn.known().is_some_and(|most| *most > 0) {
            continue;
        }
        let forward = &system.forwards[proxy.forward];
        let name = &system.listens[proxy.listen].name;
        sink.finding(format!("`{name}` gives everything to its first server"))
            .label(span, "the next one is used when the first is full")
            .label(forward.to.span, "no server has a maxconn=: the first is never full")
            .note("one server carries all clients, the others stand idle until it breaks down")
            .help("write balance=\"leastconn\", or server \"…\" maxconn= for each of them")
            .emit();
    }
}
