use crate::lint::brokers::clusters;
use crate::lint::settings::{Settings, whole};
use crate::lint::{Check, Confidence, Context, Level, Rule, Sink};

/// Brokers that take each other for dead too early, or too late.
pub const RULE: Rule = Rule {
    name: "net-ticktime-out-of-range",
    level: Level::Warning,
    page: include_str!("../../../docs/rules/net-ticktime-out-of-range.md"),
    check: Check::Claims(check),
};

/// Seconds: the default of Erlang is 60; a neighbour is given up after 0.75 to 1.25 of it (kernel's manual).
const GOOD: std::ops::RangeInclusive<i64> = 10..=120;

fn check(context: &Context<'_>, sink: &mut Sink) {
    let system = context.system;
    let settings = Settings::of(system);
    for cluster in clusters(system).iter().filter(|cluster| cluster.size() > 1) {
        let Some(claim) = settings.get(cluster.id, "net_ticktime") else { continue };
        let Some(seconds) = whole(&claim.value.value).filter(|seconds| *seconds > 0 && !GOOD.contains(seconds)) else { continue };
        let draft = sink.finding(format!("the brokers of `{}` give each other up after {seconds} s", cluster.name));
        if seconds < *GOOD.start() {
            draft
                .label(claim.value.span, "shorter than a busy broker is silent")
                .note(
                    "a broker that writes a large queue to disk answers late: the others take it for dead, and what was a \
                     slow minute is a partition",
                )
                .help("write 30 to 60, or leave it out: 60 is the default")
                .emit();
        } else {
            draft
                .confidence(Confidence::Likely)
                .label(claim.value.span, "so long nobody is missed")
                .note(
                    "a machine that lost its power stays a member meanwhile: declarations and publishes that wait for it \
                     hang, and nobody takes over its queues",
                )
                .help("write 30 to 60, or leave it out: 60 is the default")
                .emit();
        }
    }
}
