use std::collections::BTreeSet;

use crate::lint::members::place;
use crate::lint::{Check, Context, Level, Rule, Sink};
use crate::source::Span;

/// What Consul and the readers of a registration take. TTL as seen with Consul 1.8.7, which refuses a session of less than
/// 10 s or more than 24 h; weights and counts as nginx reads them, with times in whole seconds in the JSON value.
pub const RULE: Rule = Rule {
    name: "registration-out-of-range",
    level: Level::Error,
    page: include_str!("../../../docs/rules/registration-out-of-range.md"),
    check: Check::Claims(check),
};

const TTL: std::ops::RangeInclusive<u64> = 10_000..=86_400_000;

/// Two processes a look.
const SHORTEST_LOOK: u64 = 100;

fn check(context: &Context<'_>, sink: &mut Sink) {
    let mut judge = Judge { seen: BTreeSet::new(), sink };
    for claim in context.system.registers.values() {
        if let Some(ttl) = claim.ttl.known().filter(|ttl| !TTL.contains(*ttl)) {
            let help = if *ttl < *TTL.start() { "write ttl=\"10s\" or more" } else { "write ttl=\"24h\" or less" };
            let note = "Consul refuses the session: no instance is registered, ever";
            judge.say("ttl=", "10s to 24h", note, help, place(&claim.ttl, claim.span));
        }
        if claim.weight.known().is_some_and(|weight| !(1..=65_535).contains(weight)) {
            let note = "its readers refuse the value or go on with a weight of 1";
            let help = "write a weight of 1 or more; to take an instance out, stop its register";
            judge.say("weight=", "1 to 65535", note, help, place(&claim.weight, claim.span));
        }
        if claim.max_fails.known().is_some_and(|fails| !(0..=65_535).contains(fails)) {
            let note = "its readers refuse the value or go on with a number of their own";
            judge.say("max-fails=", "0 to 65535", note, "write max-fails=2", place(&claim.max_fails, claim.span));
        }
        if claim.fail_timeout.known().is_some_and(|ms| ms % 1000 != 0 || *ms > 86_400_000) {
            let note = "the value of a key holds whole seconds: what is written would be rounded up";
            judge.say("fail-timeout=", "whole seconds", note, "write fail-timeout=\"10s\"", place(&claim.fail_timeout, claim.span));
        }
        if claim.check_every.known().is_some_and(|ms| *ms < SHORTEST_LOOK || *ms > 3_600_000) {
            let note = "every look starts two processes; a dead instance is noticed after two of them";
            judge.say("check-every=", "100ms to 1h", note, "write check-every=\"2s\"", place(&claim.check_every, claim.span));
        }
    }
}

struct Judge<'s> {
    seen: BTreeSet<Span>,
    sink: &'s mut Sink,
}

impl Judge<'_> {
    fn say(&mut self, property: &str, range: &str, note: &str, help: &str, at: Span) {
        if self.seen.insert(at) {
            self.sink
                .finding(format!("{property} of a registration is out of range"))
                .label(at, range)
                .note(note)
                .help(help)
                .emit();
        }
    }
}
