use crate::lint::members::names;
use crate::lint::secrets::used_as_cookie;
use crate::lint::{Check, Context, Fix, Level, Rule, Sink};
use crate::topology::SecretSource;

/// A cookie that somebody can guess.
pub const RULE: Rule = Rule {
    name: "cookie-guessable",
    level: Level::Error,
    page: include_str!("../../../docs/rules/cookie-guessable.md"),
    check: Check::Claims(check),
};

/// Cookies of tutorials, documentation and images, which everybody has; letters in lower case.
const PUBLISHED: [&str; 12] = [
    "cookie",
    "erlang-cookie",
    "erlangcookie",
    "mycookie",
    "rabbit",
    "rabbitmq",
    "secret",
    "secretcookie",
    "secret-cookie",
    "secret_cookie",
    "swqokodsqalrpclnmeqg",
    "xxgqzi0goiuetcejiqdm",
];

/// Letters and digits below which a cookie can be tried out: sixteen are 95 bits.
const LEAST: usize = 16;

fn check(context: &Context<'_>, sink: &mut Sink) {
    for (secret, brokers) in used_as_cookie(context) {
        let (span, is, fix) = match &secret.source {
            SecretSource::Literal(value) if PUBLISHED.contains(&value.value.to_ascii_lowercase().as_str()) => {
                (value.span, "known from documentation that everybody reads", None)
            }
            SecretSource::Literal(value) if (1..LEAST).contains(&value.value.len()) => {
                (value.span, "too short", None)
            }
            SecretSource::Generate(length) if usize::try_from(length.value).is_ok_and(|length| (1..LEAST).contains(&length)) => {
                let edits = vec![(length.span, "32".to_owned())];
                (length.span, "too short", Some(Fix { title: "make 32 characters".to_owned(), safe: true, edits }))
            }
            _ => continue,
        };
        sink.finding(format!("secret `{}` is a cookie that can be guessed", secret.name.value))
            .label(span, is)
            .labels(brokers.labels(|who| format!("the cookie of {}", names(who))))
            .note(
                "the cookie is all that Erlang asks for: whoever has it and reaches port 25672 of a broker runs programs of \
                 their choice there, as often as they like to try",
            )
            .help("let it be made: generate=32")
            .fix(fix)
            .emit();
    }
}
