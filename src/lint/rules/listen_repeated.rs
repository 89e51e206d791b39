use rustc_hash::FxHashMap;

use crate::lint::proxies::{component, program, proxies};
use crate::lint::{Check, Confidence, Context, Level, Rule, Sink};
use crate::system::{Program, ProxyClaim};

/// Two ports of one balancer that do the same, with the checks of both.
pub const RULE: Rule = Rule {
    name: "listen-repeated",
    level: Level::Advice,
    page: include_str!("../../../docs/rules/listen-repeated.md"),
    check: Check::Claims(check),
};

fn check(context: &Context<'_>, sink: &mut Sink) {
    let system = context.system;
    let mut first: FxHashMap<String, &ProxyClaim> = FxHashMap::default();
    for proxy in proxies(context).filter(|proxy| program(system, proxy.unit) == Program::Haproxy) {
        let forward = &system.forwards[proxy.forward];
        let times = &proxy.timeouts;
        let servers =
            proxy.servers.iter().map(|server| (server.weight.known(), server.backup.known(), server.maxconn.known()));
        let key = format!(
            "{:?}",
            (
                system.units[proxy.unit].component,
                (&forward.to.value, forward.targets.first().and_then(|target| target.vip).map(|(ip, _)| ip)),
                (proxy.mode.known(), proxy.balance.known(), proxy.maxconn.known()),
                (proxy.accept_proxy.known(), proxy.send_proxy.known()),
                (times.connect.known(), times.client.known(), times.server.known(), times.idle.known()),
                proxy.check.as_ref().map(|probe| (probe.kind.known(), probe.path.known())),
                servers.collect::<Vec<_>>(),
            )
        );
        let Some(before) = first.insert(key, proxy) else { continue };
        let (one, other) = (&system.listens[proxy.listen].name, &system.listens[before.listen].name);
        sink.finding(format!("`{other}` and `{one}` of `{}` do the same", component(system, proxy.unit).name.value))
            .label(forward.to.span, format!("`{one}`"))
            .label(system.forwards[before.forward].to.span, format!("`{other}`"))
            .confidence(Confidence::Likely)
            .note("servers are checked twice as often, and whoever changes one of them believes that it counts for all clients")
            .help("keep one of them; one port can be published under several numbers")
            .emit();
    }
}
