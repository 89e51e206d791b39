use crate::lint::proxies::{component, next, proxies};
use crate::lint::{Check, Confidence, Context, Level, Rule, Sink};

/// One server behind a balancer.
pub const RULE: Rule = Rule {
    name: "single-server",
    level: Level::Advice,
    page: include_str!("../../../docs/rules/single-server.md"),
    check: Check::Claims(check),
};

fn check(context: &Context<'_>, sink: &mut Sink) {
    let system = context.system;
    for proxy in proxies(context).filter(|proxy| proxy.servers.len() == 1) {
        let forward = &system.forwards[proxy.forward];
        let Some((_, listen)) = next(system, proxy) else { continue };
        if forward.targets.iter().any(|target| target.vip.is_some()) {
            continue;
        }
        let of = component(system, listen.unit);
        let name = &system.listens[proxy.listen].name;
        sink.finding(format!("`{name}` has a single server"))
            .label(forward.to.span, "everything goes there")
            .label(of.name.span, "one node")
            .confidence(Confidence::Possible)
            .note("when it is restarted or dies, nobody is served: what stands in front of it only adds something that can fail")
            .help("add a second node, or let clients go there by themselves")
            .emit();
    }
}
