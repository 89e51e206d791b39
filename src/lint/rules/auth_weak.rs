use std::collections::BTreeSet;

use crate::lint::secrets::declaration;
use crate::lint::{Check, Context, Level, Rule, Sink};
use crate::source::Span;
use crate::system::{AuthClaim, SecretId};
use crate::topology::{Secret, SecretSource};

/// A VRRP password that everybody chooses.
pub const RULE: Rule = Rule {
    name: "auth-weak",
    level: Level::Warning,
    page: include_str!("../../../docs/rules/auth-weak.md"),
    check: Check::Claims(check),
};

/// What stands in examples and tutorials. (Those of one character, and short ones, are found without a list.)
const COMMON: [&str; 14] = [
    "1234", "12345", "123456", "1234567", "12345678", "abcd", "admin", "keepaliv", "pass", "passwd", "password", "secret",
    "test", "vrrp",
];

fn check(context: &Context<'_>, sink: &mut Sink) {
    let mut judged: BTreeSet<SecretId> = BTreeSet::new();
    for claim in context.system.vrrps.values().filter(|claim| claim.version.known() == Some(&2)) {
        let AuthClaim::Pass(secret) = &claim.auth else { continue };
        let Some(id) = secret.secret().filter(|id| judged.insert(*id)) else { continue };
        let Some((span, why)) = declaration(context, id).and_then(weak) else { continue };
        sink.finding(format!("secret `{}` is no password: a neighbour may well have the same", context.system.secrets[id].name.value))
            .label(span, why)
            .label(secret.span(), "used as `auth_pass` here")
            .note(
                "a VRRP password goes over the wire as it is and keeps nobody out; all it does is to keep another group with \
                 the same VRID apart, and one that everybody chooses does not even that",
            )
            .help("write generate=8")
            .emit();
    }
}

fn weak(secret: &Secret) -> Option<(Span, &'static str)> {
    match &secret.source {
        SecretSource::Generate(length) => (length.value < 4).then_some((length.span, "fewer than 4 characters")),
        SecretSource::Literal(value) => {
            let mut bytes = value.value.bytes().take(8);
            let first = bytes.next();
            let why = if value.value.len() < 4 {
                "fewer than 4 characters"
            } else if bytes.all(|byte| Some(byte) == first) {
                "one character, again and again"
            } else if COMMON.iter().any(|common| value.value.eq_ignore_ascii_case(common)) {
                "it stands in every example"
            } else {
                return None;
            };
            Some((value.span, why))
        }
        SecretSource::Env(_) | SecretSource::File(_) => None,
    }
}
