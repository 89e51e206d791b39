use std::collections::BTreeSet;

use crate::lint::members::place;
use crate::lint::{Check, Context, Level, Rule, Sink};
use crate::source::{Span, Spanned};
use crate::topology;

/// A check needs a second try sooner or later, and at least one result to go by. Ranges as seen with HAProxy 2.6 to 3.2
/// (which wraps larger counts round) and keepalived 2.1.5 to 2.3.4 (a fraction of a second from 2.3 on only).
pub const RULE: Rule = Rule {
    name: "check-out-of-range",
    level: Level::Error,
    page: include_str!("../../../docs/rules/check-out-of-range.md"),
    check: Check::Claims(check),
};

/// More makes no sense, and every program reads it.
const MOST: i64 = 65_535;

/// What keepalived reads as the time of a check.
const WHOLE_SECONDS: &str = "whole seconds, 1s to 4294s";

fn check(context: &Context<'_>, sink: &mut Sink) {
    let mut seen = BTreeSet::new();
    for claim in context.system.vrrps.values() {
        for check in claim.commands() {
            for (name, count) in [("fall", &check.fall), ("rise", &check.rise)] {
                if let Some(count_is) = count.known() {
                    judge_count(name, *count_is, place(count, claim.span), &mut seen, sink);
                }
            }
            let wrong = |millis: &&u64| !(1000..=4_294_000).contains(*millis) || !millis.is_multiple_of(1000);
            if let Some(every) = check.every.known().filter(wrong) {
                judge_every(*every, WHOLE_SECONDS, place(&check.every, claim.span), &mut seen, sink);
            }
            if let Some(timeout) = check.timeout.known().filter(wrong).filter(|_| check.timeout.is_written()) {
                judge_timeout(*timeout, place(&check.timeout, claim.span), &mut seen, sink);
            }
        }
    }
    let listens = context.topology.into_iter().flat_map(|topology| &topology.haproxies).flat_map(|lb| &lb.listens);
    for check in listens.filter_map(|listen| listen.check.as_ref()) {
        judge_listen(check, &mut seen, sink);
    }
}

fn judge_listen(check: &topology::Check, seen: &mut BTreeSet<Span>, sink: &mut Sink) {
    for (name, count) in [("fall", &check.fall), ("rise", &check.rise)] {
        if let Some(Spanned { value, span }) = count {
            judge_count(name, *value, *span, seen, sink);
        }
    }
    if let Some(every) = check.every.as_ref().filter(|every| !(1..=2_147_483_647).contains(&every.value)) {
        judge_every(every.value, "1ms to 24d", every.span, seen, sink);
    }
    // What is too long is `timeout-too-long`.
    for pace in [&check.fast, &check.down].into_iter().flatten().filter(|pace| pace.value == 0) {
        judge_every(0, "1ms to 24d", pace.span, seen, sink);
    }
}

fn judge_count(name: &str, count: i64, at: Span, seen: &mut BTreeSet<Span>, sink: &mut Sink) {
    if (1..=MOST).contains(&count) || !seen.insert(at) {
        return;
    }
    sink.finding(format!("a check cannot have {name}={count}"))
        .label(at, format!("1 to {MOST}"))
        .note("the program refuses its whole file, or goes on with another number than is written")
        .help(format!("write {name}=2, or leave it out"))
        .emit();
}

fn judge_every(millis: u64, range: &str, at: Span, seen: &mut BTreeSet<Span>, sink: &mut Sink) {
    if !seen.insert(at) {
        return;
    }
    sink.finding(format!("a check cannot run every {millis}ms"))
        .label(at, range)
        .note("the program refuses its whole file, or goes on with another interval than is written")
        .help("write every=\"2s\", or leave it out")
        .emit();
}

fn judge_timeout(millis: u64, at: Span, seen: &mut BTreeSet<Span>, sink: &mut Sink) {
    if !seen.insert(at) {
        return;
    }
    sink.finding(format!("a check cannot be given up after {millis}ms"))
        .label(at, WHOLE_SECONDS)
        .note("keepalived before 2.3 ignores it with a line in its log, and a check that hangs is waited for until the next one is due")
        .help("write timeout=\"1s\", or leave it out: then it is the time between two checks")
        .emit();
}
