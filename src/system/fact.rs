use crate::source::Span;

use super::SecretId;

/// What is known of one value. Never a guess: where nothing certain can be said, the variant says why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value<T> {
    /// The value itself.
    Known(T),
    /// Nobody says it and the program has no default for it.
    Absent,
    /// An expression that only the running program resolves (a shell variable, say); its text.
    Unresolved(String),
    /// Written, but not a value of this type; its text.
    Invalid(String),
    /// A secret: comparable by identity, never shown.
    Opaque(SecretId),
}

/// Where a value comes from. Only `Written` can be edited by a fix; a certain finding rests on `Written`, `Default`
/// and `Allocated` values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Somebody wrote it, here.
    Written(Span),
    /// The program's own default: `owner` is the program, `row` the row of the table that says so.
    Default {
        /// The program (`keepalived`, …).
        owner: &'static str,
        /// What the default belongs to (`priority`, …).
        row: &'static str,
    },
    /// hacc's own choice where a careful operator would choose the same.
    Chosen {
        /// The component or phase that chose.
        owner: &'static str,
        /// Why, in a few words.
        why: &'static str,
        /// The declaration for which it was chosen.
        at: Span,
    },
    /// Chosen once and kept in the lock.
    Allocated {
        /// Key of the entry in the lock.
        key: String,
        /// The declaration for which it was allocated.
        at: Span,
    },
    /// Read off something else (adopted files).
    Inferred {
        /// What it was read off.
        from: Span,
        /// Whether anything else could be meant.
        certain: bool,
    },
}

/// One value that one member claims, and its origin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact<T> {
    /// What is known.
    pub value: Value<T>,
    /// From where.
    pub origin: Origin,
}

impl<T> Fact<T> {
    /// A value that somebody wrote.
    pub const fn written(value: T, span: Span) -> Self {
        Self { value: Value::Known(value), origin: Origin::Written(span) }
    }

    /// hacc's choice for the declaration at `at`.
    pub const fn chosen(value: T, owner: &'static str, why: &'static str, at: Span) -> Self {
        Self { value: Value::Known(value), origin: Origin::Chosen { owner, why, at } }
    }

    /// A value kept in the lock under `key`.
    pub const fn allocated(value: T, key: String, at: Span) -> Self {
        Self { value: Value::Known(value), origin: Origin::Allocated { key, at } }
    }

    /// Nothing is said, and nothing is assumed.
    pub const fn absent(owner: &'static str, row: &'static str) -> Self {
        Self { value: Value::Absent, origin: Origin::Default { owner, row } }
    }

    /// The value, where it is known.
    pub const fn known(&self) -> Option<&T> {
        match &self.value {
            Value::Known(value) => Some(value),
            _ => None,
        }
    }

    /// The secret, where the value is one.
    pub const fn secret(&self) -> Option<SecretId> {
        match &self.value {
            Value::Opaque(id) => Some(*id),
            _ => None,
        }
    }

    /// The best place to show for this value: where it was written, else the declaration it was made for.
    pub const fn span(&self) -> Span {
        match &self.origin {
            Origin::Written(span) => *span,
            Origin::Chosen { at, .. } | Origin::Allocated { at, .. } => *at,
            Origin::Inferred { from, .. } => *from,
            Origin::Default { .. } => Span::NONE,
        }
    }

    /// Whether somebody wrote it.
    pub const fn is_written(&self) -> bool {
        matches!(self.origin, Origin::Written(_))
    }
}
