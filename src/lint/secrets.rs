//! What rules may know of secrets: which one it is, how it is made, and whether two of them can be equal. Never shown.

use std::collections::BTreeMap;

use crate::system::{Fact, SecretId, Value};
use crate::topology::{Secret, SecretSource};

use super::Context;
use super::members::Places;

/// What tells one secret from another.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Identity {
    /// By declaration.
    Declared(SecretId),
    /// By value: literals, and what adopted files say. The value is for comparing, and only as much as counts.
    Value(String),
}

impl Identity {
    /// The identity of a fact; `counts`: how many bytes of the value the program looks at.
    pub(super) fn of(context: &Context<'_>, fact: &Fact<String>, counts: Option<usize>) -> Option<Self> {
        let cut = |value: &str| {
            let bytes = counts.unwrap_or(value.len()).min(value.len());
            let end = (bytes..=value.len()).find(|end| value.is_char_boundary(*end)).unwrap_or(value.len());
            Self::Value(value.get(..end).unwrap_or(value).to_owned())
        };
        match &fact.value {
            Value::Known(value) => Some(cut(value)),
            Value::Opaque(id) => Some(match declaration(context, *id).map(|secret| &secret.source) {
                Some(SecretSource::Literal(value)) => cut(&value.value),
                _ => Self::Declared(*id),
            }),
            Value::Absent | Value::Unresolved(_) | Value::Invalid(_) => None,
        }
    }

    /// What may be said of it.
    pub(super) fn words(&self, context: &Context<'_>) -> String {
        match self {
            Self::Declared(id) => format!("secret `{}`", context.system.secrets[*id].name.value),
            Self::Value(_) => "a value of its own".to_owned(),
        }
    }

    /// How a topology refers to it.
    pub(super) fn reference(&self, context: &Context<'_>) -> Option<String> {
        let Self::Declared(id) = self else { return None };
        let name = &context.system.secrets[*id].name.value;
        let plain = name.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c));
        plain.then(|| format!("\"{name}\""))
    }
}

/// Whether at least two of these, each another one, surely have different values: what is generated equals nothing
/// else. Two environment variables or files may hold the same.
pub(super) fn certainly_differ(context: &Context<'_>, identities: &[&Identity]) -> bool {
    let open = identities.iter().filter(|identity| match identity {
        Identity::Value(_) => false,
        Identity::Declared(id) => declaration(context, *id)
            .is_none_or(|secret| matches!(secret.source, SecretSource::Env(_) | SecretSource::File(_))),
    });
    // If all are open, all can be equal; as soon as two are made or written out, they differ; one that is generated
    // differs from whatever the open ones hold.
    let open = open.count();
    let written = identities.iter().filter(|identity| matches!(identity, Identity::Value(_))).count();
    let generated = identities.len() - open - written;
    generated + written >= 2 || (generated >= 1 && identities.len() >= 2)
}

/// The declaration of a secret, where there is a topology. Secrets of a system stand in the order of its topology.
pub(super) fn declaration<'a>(context: &Context<'a>, id: SecretId) -> Option<&'a Secret> {
    let secret = context.topology?.secrets.get(id.index())?;
    (secret.name.value == context.system.secrets[id].name.value).then_some(secret)
}

/// The declarations of secrets that brokers have for their cookie, each with where and whose.
pub(super) fn used_as_cookie<'a>(context: &Context<'a>) -> impl Iterator<Item = (&'a Secret, Places<'a>)> + use<'a> {
    let context = *context;
    let mut used: BTreeMap<SecretId, Places<'a>> = BTreeMap::new();
    for claim in context.system.cookies.values() {
        if let Some(secret) = claim.cookie.secret() {
            let name = &context.system.units[claim.unit].name.value;
            used.entry(secret).or_insert_with(Places::new).add(claim.cookie.span(), name);
        }
    }
    used.into_iter().filter_map(move |(id, places)| Some((declaration(&context, id)?, places)))
}
