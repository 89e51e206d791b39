use crate::lint::proxies::{limit, process_of, proxies};
use crate::lint::{Check, Confidence, Context, Level, Rule, Sink};
use crate::topology::Mode;

/// Above the servers' own limits HAProxy keeps connections waiting (`timeout queue`, 30 s here), in TCP mode with
/// nothing said to them.
pub const RULE: Rule = Rule {
    name: "connections-wait-in-queue",
    level: Level::Advice,
    page: include_str!("../../../docs/rules/connections-wait-in-queue.md"),
    check: Check::Claims(check),
};

fn check(context: &Context<'_>, sink: &mut Sink) {
    let system = context.system;
    let processes = process_of(context);
    for proxy in proxies(context).filter(|proxy| proxy.mode.known() == Some(&Mode::Tcp)) {
        let serving = || proxy.servers.iter().filter(|server| server.backup.known() != Some(&true));
        // Zero is no limit.
        let limits: Vec<_> =
            serving().filter_map(|server| Some((*server.maxconn.known()?, server.maxconn.span()))).collect();
        if limits.is_empty() || limits.len() < serving().count() || limits.iter().any(|(most, _)| *most < 1) {
            continue;
        }
        let Some((most, at)) = processes.get(&proxy.unit).and_then(|process| limit(process, proxy)) else { continue };
        let room = limits.iter().fold(0_i64, |sum, (most, _)| sum.saturating_add(*most));
        if most <= room {
            continue;
        }
        let name = &system.listens[proxy.listen].name;
        sink.finding(format!("`{name}` accepts {most} connections, and its servers take {room}"))
            .label(at, "accepted")
            .labels(limits.into_iter().take(5).map(|(most, span)| (span, format!("{most} here"))))
            .confidence(Confidence::Likely)
            .note("the rest is connected and gets no answer for 30 s, then it is cut off: clients take that for a dead broker")
            .help(format!("write maxconn={room} at the listen, so that the kernel turns the rest away"))
            .emit();
    }
}
