use crate::lint::settings::{Settings, whole};
use crate::lint::{Check, Confidence, Context, Level, Rule, Sink};
use crate::lint::brokers::clusters;

/// A heartbeat that kills healthy connections, or finds no dead one. None at all is `heartbeat-disabled`'s.
pub const RULE: Rule = Rule {
    name: "heartbeat-out-of-range",
    level: Level::Warning,
    page: include_str!("../../../docs/rules/heartbeat-out-of-range.md"),
    check: Check::Claims(check),
};

/// Seconds below which one slow answer ends a connection (rabbitmq.com/docs/heartbeats, "Heartbeats Can Be Too Low").
const LEAST: i64 = 5;

/// Seconds above which nobody calls it detection any more: the default of the releases before 3.5 was 580.
const MOST: i64 = 600;

fn check(context: &Context<'_>, sink: &mut Sink) {
    let system = context.system;
    let settings = Settings::of(system);
    for cluster in clusters(system) {
        let Some(claim) = settings.get(cluster.id, "heartbeat") else { continue };
        let Some(seconds) = whole(&claim.value.value).filter(|seconds| *seconds > 0 && !(LEAST..=MOST).contains(seconds)) else { continue };
        let at = claim.value.span;
        if seconds < LEAST {
            sink.finding(format!("a heartbeat of {seconds} s takes healthy connections for dead"))
                .label(at, "less than 5 s")
                .note(
                    "one collection of garbage, one full queue of a switch, and the broker closes the connection; all clients \
                     come back at once, and the next heartbeats are late for that reason",
                )
                .help("write 10s to 60s, or leave it out: 30s is the default here")
                .emit();
        } else {
            sink.finding(format!("a heartbeat of {seconds} s finds a dead client after {} minutes", seconds.saturating_mul(2) / 60))
                .confidence(Confidence::Likely)
                .label(at, "two of them have to be missed")
                .note("until then its unacknowledged messages wait, and balancers cut the connection first for its silence")
                .help("write 10s to 60s, or leave it out: 30s is the default here")
                .emit();
        }
    }
}
