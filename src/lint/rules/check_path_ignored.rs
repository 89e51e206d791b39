use crate::lint::members::place;
use crate::lint::proxies::{proxies, written};
use crate::lint::{Check, Context, Level, Rule, Sink};
use crate::topology::CheckKind;

/// A path or host name for a check that asks for none.
pub const RULE: Rule = Rule {
    name: "check-path-ignored",
    level: Level::Advice,
    page: include_str!("../../../docs/rules/check-path-ignored.md"),
    check: Check::Claims(check),
};

fn check(context: &Context<'_>, sink: &mut Sink) {
    for proxy in proxies(context) {
        let Some(probe) = &proxy.check else { continue };
        let Some(kind) = probe.kind.known().filter(|kind| **kind != CheckKind::Http) else { continue };
        let places: Vec<_> = [("path", written(&probe.path)), ("host", written(&probe.host))]
            .into_iter()
            .filter_map(|(key, span)| Some((span?, format!("`{key}` is asked for by kind=\"http\" alone"))))
            .collect();
        if places.is_empty() {
            continue;
        }
        let asked = if *kind == CheckKind::Tcp {
            "a connection is opened, and nothing asked"
        } else {
            "the broker's gate is asked"
        };
        sink.finding("what is to be asked for is not asked for")
            .labels(places)
            .label(place(&probe.kind, proxy.span), asked)
            .note("a page that shows that the program is ill is never looked at: the server counts as well while its port is open")
            .help("add kind=\"http\", or remove it")
            .emit();
    }
}
