use std::collections::BTreeSet;

use crate::lint::proxies::{processes, program, proxies, time};
use crate::lint::{Check, Context, Fix, Level, Rule, Sink};
use crate::source::Span;
use crate::system::{Fact, Program};

/// HAProxy holds times of at most 2147483647 ms (seen with 2.2.9 and 3.2.26: "timer overflow"). nginx has no such
/// limit.
pub const RULE: Rule = Rule {
    name: "timeout-too-long",
    level: Level::Error,
    page: include_str!("../../../docs/rules/timeout-too-long.md"),
    check: Check::Claims(check),
};

/// Milliseconds, 24.8 days.
const MOST: u64 = 2_147_483_647;

fn check(context: &Context<'_>, sink: &mut Sink) {
    let mut long: BTreeSet<(Span, u64)> = BTreeSet::new();
    let mut take = |facts: &[&Fact<u64>]| {
        let known = facts.iter().filter_map(|fact| Some((fact.span(), *fact.known()?)));
        long.extend(known.filter(|(_, ms)| *ms > MOST));
    };
    for proxy in proxies(context).filter(|proxy| program(context.system, proxy.unit) == Program::Haproxy) {
        let times = &proxy.timeouts;
        take(&[&times.connect, &times.client, &times.server, &times.idle]);
        if let Some(probe) = &proxy.check {
            take(&[&probe.fast, &probe.down, &probe.timeout]);
        }
    }
    for process in processes(context) {
        take(&[&process.drain]);
    }
    for (span, ms) in long {
        sink.finding(format!("HAProxy cannot wait {}", time(ms)))
            .label(span, "24d at most")
            .note("it refuses its file (timer overflow) and does not start")
            .help("write \"24d\" or less")
            .fix(Some(Fix { title: "write 24d".to_owned(), safe: true, edits: vec![(span, "\"24d\"".to_owned())] }))
            .emit();
    }
}
