use crate::lint::members::list;
use crate::lint::{Check, Context, Level, Rule, Sink};
use crate::releases::{rabbitmq_has, rabbitmq_stops};

/// An upgrade in place that leaves out a release through which it has to go, or goes backwards.
pub const RULE: Rule = Rule {
    name: "upgrade-skips-release",
    level: Level::Error,
    page: include_str!("../../../docs/rules/upgrade-skips-release.md"),
    check: Check::Claims(check),
};

fn check(context: &Context<'_>, sink: &mut Sink) {
    for declared in context.topology.map_or(&[][..], |topology| &topology.rabbitmqs) {
        let Some(old) = &declared.upgrade_from else { continue };
        let (from, to) = (old.value, declared.version.value);
        if to < from {
            sink.finding(format!("`{}` goes back from {from} to {to}", declared.name.value))
                .label(declared.version.span, "older")
                .label(old.span, "what it runs now")
                .note("no release reads the disk of a newer one for certain: a broker that has been upgraded may not boot any more")
                .help("restore what was saved before the upgrade, or build a new cluster and move the messages over")
                .emit();
            continue;
        }
        let Some(stops) = rabbitmq_stops(from, to).filter(|stops| !stops.is_empty()) else { continue };
        let way = list(stops.iter().rev().map(|stop| format!("{stop} (or a later one of its series)")));
        let flags = rabbitmq_has("feature-flags", from);
        sink.finding(format!("no upgrade leads from {from} to {to} in one step"))
            .label(declared.version.span, "refuses the disk of the old one")
            .label(old.span, "what it runs now")
            .note("the first broker that is upgraded does not boot: it misses feature flags, or finds metadata in a form that it never learned to read")
            .help(format!(
                "go through {way}{}",
                if flags { ", and enable all feature flags at each stop" } else { "" }
            ))
            .emit();
    }
}
