use std::collections::BTreeMap;

use crate::lint::members::list;
use crate::lint::settings::{Settings, text};
use crate::lint::{Check, Context, Fix, Level, Rule, Sink};
use crate::source::Span;
use crate::system::{Component, Id};

/// A port with TLS, and no certificate for it; or a client certificate that is demanded and never asked for.
pub const RULE: Rule = Rule {
    name: "tls-incomplete",
    level: Level::Error,
    page: include_str!("../../../docs/rules/tls-incomplete.md"),
    check: Check::Claims(check),
};

/// Measured with 4.0.5 and 4.3.6, for both mistakes.
const NOT_STARTED: &str = "the broker boots, healthy and reachable without TLS; its port with TLS does not open, which a crash \
                           report in the log alone tells: clients get `connection refused`";

fn check(context: &Context<'_>, sink: &mut Sink) {
    let system = context.system;
    let settings = Settings::of(system);
    let mut listeners: BTreeMap<Id<Component>, Span> = BTreeMap::new();
    for claim in system.settings.values() {
        if claim.key.value.starts_with("listeners.ssl.") && text(&claim.value.value) != "none" {
            listeners.entry(claim.cluster).or_insert(claim.key.span);
        }
    }
    for (cluster, at) in listeners {
        let missing = ["ssl_options.certfile", "ssl_options.keyfile"];
        let missing: Vec<_> = missing.into_iter().filter(|key| settings.get(cluster, key).is_none()).collect();
        if !missing.is_empty() {
            sink.finding("the broker listens for TLS, and has no certificate to show")
                .label(at, format!("without {}", list(&missing)))
                .note(NOT_STARTED)
                .help("set ssl_options.cacertfile, ssl_options.certfile and ssl_options.keyfile to files that the image holds")
                .emit();
        }
    }
    for claim in system.settings.values().filter(|claim| claim.key.value == "ssl_options.fail_if_no_peer_cert") {
        let verify = settings.get(claim.cluster, "ssl_options.verify");
        let asks = verify.is_some_and(|claim| text(&claim.value.value) == "verify_peer");
        if text(&claim.value.value) != "true" || asks {
            continue;
        }
        let draft = sink
            .finding("a client certificate is demanded, and never looked at")
            .label(claim.key.span, "needs ssl_options.verify = verify_peer");
        let (draft, edits) = match verify {
            Some(verify) => (
                draft.label(verify.value.span, "asks no client for one"),
                vec![(verify.value.span, "\"verify_peer\"".to_owned())],
            ),
            None => (draft, Vec::new()),
        };
        draft
            .note(NOT_STARTED)
            .help("set ssl_options.verify to \"verify_peer\", with ssl_options.cacertfile; or leave the demand out")
            .fix((!edits.is_empty()).then(|| Fix { title: "ask for the certificate".to_owned(), safe: false, edits }))
            .emit();
    }
}
