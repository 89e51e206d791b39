use crate::lint::members::names;
use crate::lint::secrets::used_as_cookie;
use crate::lint::{Check, Context, Level, Rule, Sink};
use crate::topology::SecretSource;

/// What Erlang does not take for a cookie: 1 to 255 characters from blank to tilde (measured with OTP 23 and 29).
pub const RULE: Rule = Rule {
    name: "cookie-form",
    level: Level::Error,
    page: include_str!("../../../docs/rules/cookie-form.md"),
    check: Check::Claims(check),
};

fn check(context: &Context<'_>, sink: &mut Sink) {
    for (secret, brokers) in used_as_cookie(context) {
        let (span, is) = match &secret.source {
            SecretSource::Literal(value) => {
                let text = &value.value;
                let is = if text.is_empty() {
                    "empty"
                } else if text.len() > 255 {
                    "longer than 255 characters"
                } else if !text.bytes().all(|byte| (b' '..=b'~').contains(&byte)) {
                    "has a character that is no plain ASCII"
                } else {
                    continue;
                };
                (value.span, is)
            }
            // What cannot be generated at all is an error of its own.
            SecretSource::Generate(length) if (256..=4_096).contains(&length.value) => (length.span, "longer than 255 characters"),
            SecretSource::Generate(_) | SecretSource::Env(_) | SecretSource::File(_) => continue,
        };
        sink.finding(format!("secret `{}` is no Erlang cookie", secret.name.value))
            .label(span, is)
            .labels(brokers.labels(|who| format!("the cookie of {}", names(who))))
            .note("Erlang refuses the file, and no broker of the cluster boots")
            .help("let it be made: generate=32")
            .emit();
    }
}
