use crate::lint::members::place;
use crate::lint::proxies::{Hops, heartbeats, is_amqp, proxies, time};
use crate::lint::{Check, Context, Fix, Level, Rule, Sink};
use crate::topology::Mode;

/// A proxy that gives up silent connections sooner than the heartbeat breaks the silence. Both sides send a frame
/// every half heartbeat (RabbitMQ's page on heartbeats); HAProxy counts `timeout tunnel` alone once a TCP connection
/// stands (seen with 2.2.9 and 3.2.26), nginx `proxy_timeout`.
pub const RULE: Rule = Rule {
    name: "timeout-below-heartbeat",
    level: Level::Error,
    page: include_str!("../../../docs/rules/timeout-below-heartbeat.md"),
    check: Check::Claims(check),
};

fn check(context: &Context<'_>, sink: &mut Sink) {
    let system = context.system;
    let heartbeats = heartbeats(system);
    let mut hops = Hops::of(context);
    for proxy in proxies(context).filter(|proxy| proxy.mode.known() == Some(&Mode::Tcp)) {
        // Zero is `timeout-zero`.
        let Some(idle) = proxy.timeouts.idle.known().copied().filter(|idle| *idle > 0) else { continue };
        let Some(end) = hops.end(proxy).filter(|end| is_amqp(system, end)) else { continue };
        let Some(heartbeat) = heartbeats.get(&system.units[end.unit].component) else { continue };
        // Without heartbeats every silence counts: `heartbeat-disabled`.
        let Ok(beat) = u64::try_from(heartbeat.seconds.max(0)) else { continue };
        if beat == 0 || idle >= beat.saturating_mul(2_000) {
            continue;
        }
        let cut = idle <= beat.saturating_mul(500);
        let name = &system.listens[proxy.listen].name;
        let note = if cut {
            "every consumer that waits for messages is cut off again and again, and what it had not confirmed is delivered twice"
        } else {
            "one late frame (a busy client, a lost packet) is enough, and the connection is cut though both sides are well"
        };
        let at = &proxy.timeouts.idle;
        let fix = at.is_written().then(|| Fix {
            title: "wait for 3h".to_owned(),
            safe: false,
            edits: vec![(at.span(), "\"3h\"".to_owned())],
        });
        sink.finding(format!(
            "`{name}` gives up a silent connection after {}, and heartbeats come every {}",
            time(idle),
            time(beat * 500)
        ))
        .level(if cut { Level::Error } else { Level::Warning })
        .label(place(at, proxy.span), format!("silent for {} at most", time(idle)))
        .label(heartbeat.span, format!("a heartbeat of {beat}s: each side sends one every {}", time(beat * 500)))
        .note(note)
        .help("wait at least two heartbeats, best hours (\"3h\", the default): a peer that is gone is found by the heartbeat")
        .fix(fix)
        .emit();
    }
}
