use rustc_hash::FxHashMap;

use crate::lint::members::place;
use crate::lint::proxies::{containers, processes, program};
use crate::lint::{Check, Confidence, Context, Level, Rule, Sink};
use crate::system::{Component, ContainerClaim, Id, Program};

/// HAProxy has two buffers of 16 KiB for each session that moves bytes (its manual, `tune.bufsize`).
pub const RULE: Rule = Rule {
    name: "memory-below-connections",
    level: Level::Warning,
    page: include_str!("../../../docs/rules/memory-below-connections.md"),
    check: Check::Claims(check),
};

/// Bytes of a session.
const SESSION: u64 = 32 << 10;

fn check(context: &Context<'_>, sink: &mut Sink) {
    let system = context.system;
    let containers: FxHashMap<Id<Component>, &ContainerClaim> =
        containers(context).map(|claim| (system.units[claim.unit].component, claim)).collect();
    for process in processes(context).filter(|process| program(system, process.unit) == Program::Haproxy) {
        let Some(container) = containers.get(&system.units[process.unit].component) else { continue };
        let (Some(memory), Some(maxconn)) = (container.memory.known(), process.connections.known()) else { continue };
        let needed = u64::try_from(*maxconn).unwrap_or(0).saturating_mul(SESSION);
        // Below 6 MiB it is `limit-out-of-range`.
        if needed <= *memory || *memory < 6 << 20 {
            continue;
        }
        let (needed, fits) = (needed.div_ceil(1 << 20), memory / SESSION);
        sink.finding(format!("{maxconn} sessions need {needed} MiB, and HAProxy may have {} MiB", memory >> 20))
            .label(container.memory.span(), "the container's limit")
            .label(place(&process.connections, container.span), "two buffers of 16 KiB each")
            .confidence(Confidence::Likely)
            .note("when all of them move bytes, the kernel kills HAProxy, and every session with it")
            .help(format!("write memory=\"{needed}MiB\" or more, or maxconn={fits} or less"))
            .emit();
    }
}
