use std::collections::BTreeSet;

use crate::lint::secrets::declaration;
use crate::lint::{Check, Context, Level, Rule, Sink};
use crate::source::Span;
use crate::system::{AuthClaim, SecretId};
use crate::topology::{Secret, SecretForm, SecretSource};

/// VRRP looks at eight bytes of `auth_pass`.
pub const RULE: Rule = Rule {
    name: "auth-truncated",
    level: Level::Warning,
    page: include_str!("../../../docs/rules/auth-truncated.md"),
    check: Check::Claims(check),
};

fn check(context: &Context<'_>, sink: &mut Sink) {
    let mut judged: BTreeSet<SecretId> = BTreeSet::new();
    for claim in context.system.vrrps.values().filter(|claim| claim.version.known() == Some(&2)) {
        let AuthClaim::Pass(secret) = &claim.auth else { continue };
        let Some(id) = secret.secret().filter(|id| judged.insert(*id)) else { continue };
        let Some((length, span)) = declaration(context, id).and_then(length).filter(|(length, _)| *length > 8) else {
            continue;
        };
        let name = &context.system.secrets[id].name.value;
        sink.finding(format!("secret `{name}` has {length} characters, and VRRP looks at 8"))
            .label(span, "longer than 8")
            .label(secret.span(), "used as `auth_pass` here")
            .note("keepalived cuts it with a warning; two secrets that begin alike are one")
            .help("write generate=8, and do not use this secret for anything else")
            .emit();
    }
}

/// How many bytes a secret will have, where its declaration says so, and where that stands.
fn length(secret: &Secret) -> Option<(i64, Span)> {
    match &secret.source {
        SecretSource::Generate(length) => Some(match secret.form.value {
            SecretForm::Text => (length.value, length.span),
            SecretForm::Base64 => (length.value.checked_add(2)?.checked_div(3)?.checked_mul(4)?, length.span),
        }),
        SecretSource::Literal(value) => Some((i64::try_from(value.value.len()).ok()?, value.span)),
        SecretSource::Env(_) | SecretSource::File(_) => None,
    }
}
