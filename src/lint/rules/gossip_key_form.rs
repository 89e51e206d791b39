use std::collections::BTreeMap;

use crate::lint::members::{Places, names};
use crate::lint::secrets::declaration;
use crate::lint::{Check, Context, Fix, Level, Rule, Sink};
use crate::secrets::{GOSSIP_KEY_BYTES, gossip_key_bytes};
use crate::source::Span;
use crate::system::SecretId;
use crate::topology::{Secret, SecretForm, SecretSource};

/// A gossip key is 16, 24 or 32 bytes in base64.
pub const RULE: Rule = Rule {
    name: "gossip-key-form",
    level: Level::Error,
    page: include_str!("../../../docs/rules/gossip-key-form.md"),
    check: Check::Claims(check),
};

fn check(context: &Context<'_>, sink: &mut Sink) {
    let mut keys: BTreeMap<SecretId, Places<'_>> = BTreeMap::new();
    for claim in context.system.consuls.values() {
        if let Some(secret) = claim.gossip.secret() {
            let unit = &context.system.units[claim.unit].name;
            keys.entry(secret).or_insert_with(Places::new).add(claim.gossip.span(), &unit.value);
        }
    }
    for (id, places) in keys {
        let Some(secret) = declaration(context, id) else { continue };
        let Some((span, is)) = wrong(secret) else { continue };
        let fix = match &secret.source {
            SecretSource::Generate(length) if secret.form.value == SecretForm::Base64 => {
                Some(Fix { title: "make 32 bytes".to_owned(), safe: true, edits: vec![(length.span, "32".to_owned())] })
            }
            _ => None,
        };
        sink.finding(format!("secret `{}` is no gossip key", secret.name.value))
            .label(span, is)
            .labels(places.labels(|who| format!("the gossip key of {}", names(who))))
            .note("Consul takes 16, 24 or 32 bytes in base64; a server with anything else does not start")
            .help("let it be made: generate=32 as=\"base64\"")
            .fix(fix)
            .emit();
    }
}

/// What is certainly wrong with the value of a secret, and where. What comes from outside is seen when it is there, by
/// the build.
fn wrong(secret: &Secret) -> Option<(Span, String)> {
    match &secret.source {
        SecretSource::Generate(length) => {
            let is = length.value;
            match secret.form.value {
                SecretForm::Base64 => {
                    let fits = usize::try_from(is).is_ok_and(|bytes| GOSSIP_KEY_BYTES.contains(&bytes));
                    (!fits).then(|| (length.span, format!("{is} bytes")))
                }
                // As many letters and digits are the base64 of 24 bytes, whichever they are; no other number is.
                SecretForm::Text => {
                    (is != 32).then(|| (length.span, format!("{is} letters and digits")))
                }
            }
        }
        SecretSource::Literal(value) => match gossip_key_bytes(&value.value) {
            Some(bytes) if GOSSIP_KEY_BYTES.contains(&bytes) => None,
            Some(bytes) => Some((value.span, format!("{bytes} bytes"))),
            None => Some((value.span, "not base64".to_owned())),
        },
        SecretSource::Env(_) | SecretSource::File(_) => None,
    }
}
