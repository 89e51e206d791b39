use std::collections::BTreeMap;

use crate::lint::members::{Places, names};
use crate::lint::secrets::declaration;
use crate::lint::{Check, Context, Fix, Level, Rule, Sink};
use crate::system::SecretId;
use crate::topology::SecretSource;

/// A password of a broker's user that somebody can guess.
pub const RULE: Rule = Rule {
    name: "password-guessable",
    level: Level::Error,
    page: include_str!("../../../docs/rules/password-guessable.md"),
    check: Check::Claims(check),
};

/// What is tried first; letters in lower case.
const FIRST_TRIED: [&str; 14] = [
    "123456", "12345678", "admin", "changeme", "default", "guest", "letmein", "pass", "passw0rd", "password", "rabbit",
    "rabbitmq", "root", "secret",
];

/// Letters and digits below which a password can be tried out against the broker, or against its hash.
const LEAST: usize = 12;

fn check(context: &Context<'_>, sink: &mut Sink) {
    let mut used: BTreeMap<SecretId, Places<'_>> = BTreeMap::new();
    for claim in context.system.users.values() {
        if let Some(secret) = claim.password.secret() {
            used.entry(secret).or_insert_with(Places::new).add(claim.password.span(), &claim.name.value);
        }
    }
    for (id, users) in used {
        let Some(secret) = declaration(context, id) else { continue };
        let (span, is, fix) = match &secret.source {
            SecretSource::Literal(value) => {
                let lower = value.value.to_ascii_lowercase();
                let is = if FIRST_TRIED.contains(&lower.as_str()) {
                    "tried first by everybody"
                } else if users.names().any(|name| name.eq_ignore_ascii_case(&lower)) {
                    "the name of the user"
                } else if value.value.len() < LEAST {
                    "too short"
                } else {
                    continue;
                };
                (value.span, is, None)
            }
            SecretSource::Generate(length) if usize::try_from(length.value).is_ok_and(|length| (1..LEAST).contains(&length)) => {
                let edits = vec![(length.span, "24".to_owned())];
                (length.span, "too short", Some(Fix { title: "make 24 characters".to_owned(), safe: true, edits }))
            }
            _ => continue,
        };
        sink.finding(format!("secret `{}` is a password that can be guessed", secret.name.value))
            .label(span, is)
            .labels(users.labels(|who| format!("the password of {}", names(who))))
            .note("RabbitMQ lets anybody try as often as they like: it is a matter of hours until somebody reads and deletes queues")
            .help("let it be made: generate=24")
            .fix(fix)
            .emit();
    }
}
