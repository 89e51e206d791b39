use rustc_hash::FxHashMap;

use crate::lint::members::{names, place};
use crate::lint::proxies::{next, program, proxies};
use crate::lint::{Check, Context, Level, Rule, Sink};
use crate::system::{Id, Program, ProxyClaim, Unit};
use crate::topology::{CheckKind, Mode};

/// hacc's nginx answers 404 to names that no service of the port has, and a check by HTTP asks with a name as well.
pub const RULE: Rule = Rule {
    name: "check-host-unknown",
    level: Level::Error,
    page: include_str!("../../../docs/rules/check-host-unknown.md"),
    check: Check::Claims(check),
};

fn check(context: &Context<'_>, sink: &mut Sink) {
    let system = context.system;
    // Web services of one port of one nginx.
    let mut services: FxHashMap<(Id<Unit>, i64), Vec<&ProxyClaim>> = FxHashMap::default();
    for proxy in system.proxies.values().filter(|proxy| program(system, proxy.unit) == Program::Nginx) {
        if let Some(port) =
            system.listens[proxy.listen].port.known().filter(|_| proxy.mode.known() == Some(&Mode::Http))
        {
            services.entry((proxy.unit, *port)).or_default().push(proxy);
        }
    }
    for proxy in proxies(context) {
        let Some(probe) = proxy.check.as_ref().filter(|probe| probe.kind.known() == Some(&CheckKind::Http)) else {
            continue;
        };
        let Some((_, listen)) = next(system, proxy) else { continue };
        let Some(here) = listen.port.known().and_then(|port| services.get(&(listen.unit, *port))) else { continue };
        let known: Vec<&str> =
            here.iter().filter_map(|service| service.server_name.known().map(String::as_str)).collect();
        let Some(host) = probe.host.known() else { continue };
        // Who has no name answers for all; one name may be a pattern.
        let answered =
            |name: &&str| name.eq_ignore_ascii_case(host) || name.contains(['*', '~', ' ']) || name.starts_with('.');
        if known.len() < here.len() || known.iter().any(answered) {
            continue;
        }
        let name = &system.listens[proxy.listen].name;
        let mut finding = sink
            .finding(format!("`{name}` checks its servers for `{host}`, which no service of theirs is called"))
            .label(place(&probe.host, proxy.span), format!("asks for `{host}`"));
        for service in here.iter().take(4) {
            finding = finding.label(place(&service.server_name, service.span), "answers to this name alone");
        }
        finding
            .note("nginx answers 404 to other names, HAProxy takes that for a failure: all servers count as down")
            .help(format!("write check host= with one of {}", names(&known)))
            .emit();
    }
}
