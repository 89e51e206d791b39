use rustc_hash::FxHashSet;

use crate::lint::proxies::{component, proxies};
use crate::lint::{Check, Confidence, Context, Level, Rule, Sink};
use crate::system::{Component, Id};

/// A port that nothing of the topology uses.
pub const RULE: Rule = Rule {
    name: "port-unused",
    level: Level::Advice,
    page: include_str!("../../../docs/rules/port-unused.md"),
    check: Check::Claims(check),
};

fn check(context: &Context<'_>, sink: &mut Sink) {
    let system = context.system;
    let of = |listen| {
        let listen: &crate::system::ListenClaim = &system.listens[listen];
        (system.units[listen.unit].component, listen.name.as_str())
    };
    let mut used: FxHashSet<(Id<Component>, &str)> =
        system.forwards.values().flat_map(|forward| &forward.targets).map(|target| of(target.listen)).collect();
    used.extend(system.publishes.values().map(|publish| of(publish.listen)));
    let vips: FxHashSet<Id<Component>> =
        system.vrrps.values().map(|claim| system.units[claim.unit].component).collect();
    for proxy in proxies(context) {
        let here = of(proxy.listen);
        // On the host's own network everybody reaches it; to a VIP clients come.
        if used.contains(&here) || vips.contains(&here.0) || system.units[proxy.unit].on_host_network {
            continue;
        }
        let at = proxy.timeouts.connect.span();
        let at = if proxy.timeouts.connect.is_written() { proxy.span } else { at };
        sink.finding(format!("nothing reaches port `{}` of `{}`", here.1, component(system, proxy.unit).name.value))
            .label(at, "not published, and nobody here hands on to it")
            .confidence(Confidence::Possible)
            .note("only containers on the same network that are declared elsewhere could use it; for all others it is not there")
            .help("add publish inside it, hand on to it, or remove it")
            .emit();
    }
}
