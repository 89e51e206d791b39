use rustc_hash::FxHashMap;

use crate::lint::members::place;
use crate::lint::proxies::{is_amqp, limit, next, process_of, program, proxies};
use crate::lint::{Check, Context, Level, Rule, Sink};
use crate::system::{ContainerClaim, Id, Program, Unit};

/// Each connection is an open file of a broker.
pub const RULE: Rule = Rule {
    name: "balancer-wider-than-brokers",
    level: Level::Warning,
    page: include_str!("../../../docs/rules/balancer-wider-than-brokers.md"),
    check: Check::Claims(check),
};

fn check(context: &Context<'_>, sink: &mut Sink) {
    let system = context.system;
    let processes = process_of(context);
    let containers: FxHashMap<Id<Unit>, &ContainerClaim> =
        system.containers.values().map(|claim| (claim.unit, claim)).collect();
    for proxy in proxies(context).filter(|proxy| program(system, proxy.unit) == Program::Haproxy) {
        let Some((_, listen)) = next(system, proxy).filter(|(_, listen)| is_amqp(system, listen)) else { continue };
        let Some((most, at)) = processes.get(&proxy.unit).and_then(|process| limit(process, proxy)) else { continue };
        let targets = system.forwards[proxy.forward].targets.iter();
        let files = targets
            .filter_map(|target| containers.get(&system.listens[target.listen].unit)?.open_files.known().copied());
        let room = files.fold(0_i64, |sum, files| sum.saturating_add(files.max(0)));
        // A server's own limit keeps the rest waiting.
        let limited = proxy.servers.iter().all(|server| server.maxconn.known().is_some());
        if most <= room || room == 0 || limited {
            continue;
        }
        let Some(broker) = containers.get(&listen.unit) else { continue };
        let name = &system.listens[proxy.listen].name;
        sink.finding(format!("`{name}` takes {most} connections, and its brokers can have {room} together"))
            .label(at, "of clients, at once")
            .label(
                place(&broker.open_files, broker.span),
                format!("open files of each of {} brokers", proxy.servers.len()),
            )
            .note("a broker without files accepts nothing more and cannot open those of its queues: it stops for all clients, not for the last ones")
            .help("write a maxconn= that fits at the balancer, or more open-files= at the brokers")
            .emit();
    }
}
