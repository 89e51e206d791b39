use crate::lint::members::place;
use crate::lint::proxies::{Hops, limit, process_of, program, proxies};
use crate::lint::{Check, Confidence, Context, Level, Rule, Sink};
use crate::system::Program;

/// What an entry lets in and the balancer behind it does not take waits in the kernel, where nobody answers.
pub const RULE: Rule = Rule {
    name: "entry-wider-than-balancer",
    level: Level::Advice,
    page: include_str!("../../../docs/rules/entry-wider-than-balancer.md"),
    check: Check::Claims(check),
};

fn check(context: &Context<'_>, sink: &mut Sink) {
    let system = context.system;
    let (hops, processes) = (Hops::of(context), process_of(context));
    for outer in proxies(context).filter(|proxy| program(system, proxy.unit) == Program::Nginx) {
        let Some(inner) = hops.after(outer).filter(|inner| program(system, inner.unit) == Program::Haproxy) else {
            continue;
        };
        let (Some(entry), Some(balancer)) = (processes.get(&outer.unit), processes.get(&inner.unit)) else { continue };
        let (Some(connections), Some((most, at))) = (entry.connections.known(), limit(balancer, inner)) else {
            continue;
        };
        // One worker at least; two connections a session.
        let workers = entry.workers.known().copied().unwrap_or(1).max(1);
        let sessions = connections.saturating_mul(workers) / 2;
        let said = entry.connections.is_written() || entry.workers.is_written();
        if sessions <= most || most < 1 || !(said || inner.maxconn.is_written() || balancer.connections.is_written()) {
            continue;
        }
        let (name, target) = (&system.listens[outer.listen].name, &system.listens[inner.listen].name);
        sink.finding(format!("`{name}` takes {sessions} sessions, and `{target}` behind it {most}"))
            .label(place(&entry.connections, outer.span), format!("{connections} connections a worker, two a session"))
            .label(entry.workers.span(), format!("{workers} workers"))
            .label(at, format!("{most} at once"))
            // How wide nginx is by itself, nobody chose.
            .confidence(if said { Confidence::Likely } else { Confidence::Possible })
            .note("clients above that are connected to nginx and get no answer: they wait until their own time is over, instead of being \
                 turned away at once")
            .help("write a maxconn= at the balancer that fits, or fewer connections= at nginx")
            .emit();
    }
}
