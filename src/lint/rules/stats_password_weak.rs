use rustc_hash::FxHashMap;

use crate::lint::{Check, Context, Level, Rule, Sink};
use crate::topology::{Secret, SecretSource};

/// The statistics page of HAProxy behind a password that can be guessed. Twelve letters and digits are 71 bits.
pub const RULE: Rule = Rule {
    name: "stats-password-weak",
    level: Level::Warning,
    page: include_str!("../../../docs/rules/stats-password-weak.md"),
    check: Check::Claims(check),
};

/// Characters below which a password that somebody chose is found by trying.
const SHORTEST: i64 = 12;

/// The same where chance chose: eight letters and digits are 47 bits.
const GENERATED: i64 = 8;

fn check(context: &Context<'_>, sink: &mut Sink) {
    let Some(topology) = context.topology else { return };
    let secrets: FxHashMap<&str, &Secret> =
        topology.secrets.iter().map(|secret| (secret.name.value.as_str(), secret)).collect();
    for stats in topology.haproxies.iter().filter_map(|haproxy| haproxy.stats.as_ref()) {
        let Some(secret) = secrets.get(stats.password.value.as_str()) else { continue };
        let (span, why) = match &secret.source {
            SecretSource::Generate(length) if length.value < GENERATED => {
                (length.span, format!("{} characters", length.value.max(0)))
            }
            SecretSource::Literal(text) if text.value == stats.user.value => {
                (text.span, "the user's own name".to_owned())
            }
            SecretSource::Literal(text) if is_short(&text.value) => {
                (text.span, format!("fewer than {SHORTEST} different enough characters"))
            }
            _ => continue,
        };
        sink.finding("the password of the statistics page can be guessed")
            .label(stats.password.span, "who has it sees every server and address")
            .label(span, why)
            .note("HAProxy answers as many tries a second as somebody makes, and tells nobody")
            .help("write generate=24 at the secret: nobody has to remember it")
            .emit();
    }
}

/// Whether a text is short, or one character again and again.
fn is_short(text: &str) -> bool {
    let mut chars = text.chars();
    let first = chars.next();
    let many = i64::try_from(text.chars().count()).unwrap_or(i64::MAX);
    many < SHORTEST || chars.all(|c| Some(c) == first)
}
