use crate::lint::members::place;
use crate::lint::proxies::{proxies, time, written};
use crate::lint::{Check, Confidence, Context, Level, Rule, Sink};

/// How long a server that is gone still gets connections: until the first check after its death fails, and `fall - 1`
/// more at the faster pace, each of which waits for its time-out.
pub const RULE: Rule = Rule {
    name: "check-too-slow",
    level: Level::Warning,
    page: include_str!("../../../docs/rules/check-too-slow.md"),
    check: Check::Claims(check),
};

/// Milliseconds. Clients give up or try again after half a minute at the latest.
const LONGEST: u64 = 30_000;

fn check(context: &Context<'_>, sink: &mut Sink) {
    for proxy in proxies(context) {
        let Some(probe) = &proxy.check else { continue };
        let known = (probe.every.known(), probe.fast.known(), probe.timeout.known(), probe.fall.known());
        let (Some(every), Some(fast), Some(timeout), Some(fall)) = known else { continue };
        let fall = u64::try_from((*fall).clamp(1, 65_535)).unwrap_or(1);
        let found = every.saturating_add(fast.saturating_mul(fall - 1)).saturating_add(timeout.saturating_mul(fall));
        let name = &context.system.listens[proxy.listen].name;
        if found > LONGEST && *every > 0 {
            let parts = [
                (written(&probe.every), format!("up to {} until the next check", time(*every))),
                (written(&probe.fast), format!("{} until each further one", time(*fast))),
                (written(&probe.timeout), format!("each waits {} for an answer", time(*timeout))),
                (written(&probe.fall), format!("{fall} have to fail")),
            ];
            sink.finding(format!("a server of `{name}` that is gone gets connections for up to {}", time(found)))
                .labels(parts.into_iter().filter_map(|(span, text)| Some((span?, text))))
                .confidence(Confidence::Likely)
                .note("each client that is sent there waits and fails, while the other servers are well")
                .help("write check every=\"5s\" fall=2, or leave them out: then it is some ten seconds")
                .emit();
        } else if let Some(span) = written(&probe.fast).filter(|_| fast > every) {
            sink.finding(format!("a server of `{name}` is asked less often when something is wrong"))
                .label(span, format!("{} between two checks after a failure", time(*fast)))
                .label(place(&probe.every, proxy.span), format!("{} while all is well", time(*every)))
                .note("the doubt lasts longer than it has to: connections still go to a server that has already failed once")
                .help("leave fast= out: at most a second")
                .emit();
        }
    }
}
