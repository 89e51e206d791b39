use crate::lint::members::place;
use crate::lint::proxies::{Hops, proxies, time};
use crate::lint::{Check, Confidence, Context, Level, Rule, Sink};
use crate::topology::Mode;

/// The outer proxy gives a request up that the inner one still waits for.
pub const RULE: Rule = Rule {
    name: "outer-timeout-shorter",
    level: Level::Warning,
    page: include_str!("../../../docs/rules/outer-timeout-shorter.md"),
    check: Check::Claims(check),
};

fn check(context: &Context<'_>, sink: &mut Sink) {
    let system = context.system;
    let hops = Hops::of(context);
    for outer in proxies(context) {
        let Some(inner) = hops.after(outer) else { continue };
        if outer.mode.known() != Some(&Mode::Http) || inner.mode.known() != Some(&Mode::Http) {
            continue;
        }
        let (before, behind) = (&outer.timeouts.server, &inner.timeouts.server);
        let (Some(short), Some(long)) = (before.known().copied(), behind.known().copied()) else { continue };
        // Both left open: nobody said how long a request may take. Zero is `timeout-zero`.
        if short == 0 || short >= long || !(before.is_written() || behind.is_written()) {
            continue;
        }
        let (name, target) = (&system.listens[outer.listen].name, &system.listens[inner.listen].name);
        sink.finding(format!(
            "`{name}` gives a request up after {}, and `{target}` behind it waits {}",
            time(short),
            time(long)
        ))
        .label(place(before, outer.span), format!("504 after {}", time(short)))
        .label(place(behind, inner.span), format!("{} for the answer of a server", time(long)))
        .confidence(Confidence::Likely)
        .note("clients of slow requests get 504 while the server goes on working for nobody, and those who try again make it work twice")
        .help(format!("write timeout server=\"{}\" or more in front as well", time(long)))
        .emit();
    }
}
