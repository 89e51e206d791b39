use std::fmt;

use super::document::{Document, EntryData, NONE, Tag};
use super::node::type_of;
use super::number;
use crate::source::{Span, Spanned};

/// An argument, or the value of a property: a handle of two words, cheap to copy.
#[derive(Clone, Copy)]
pub struct Value<'a> {
    pub(super) document: &'a Document,
    pub(super) index: u32,
}

/// A property.
#[derive(Clone, Copy)]
pub struct Prop<'a> {
    pub(super) value: Value<'a>,
}

/// What a value says.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Kind<'a> {
    /// A string, decoded.
    String(&'a str),
    /// A number written as an integer, in any radix.
    Integer(i128),
    /// A number written as an integer that no `i128` holds; as written.
    BigInteger(&'a str),
    /// A number written with a point or an exponent, or `#inf`, `#-inf`, `#nan`. Too large ones are infinite.
    Float(f64),
    /// `#true` or `#false`.
    Bool(bool),
    /// `#null`.
    Null,
}

impl<'a> Value<'a> {
    pub(super) fn data(self) -> &'a EntryData {
        &self.document.entries[self.index as usize]
    }

    /// What it says. Numbers are worked out at each call; strings cost nothing.
    #[must_use]
    pub fn kind(self) -> Kind<'a> {
        match self.data().tag {
            Tag::String => Kind::String(self.document.content(self.data().value)),
            Tag::Integer => number::integer(self.raw()).map_or_else(|| Kind::BigInteger(self.raw()), Kind::Integer),
            Tag::Float => Kind::Float(number::float(self.raw())),
            Tag::True => Kind::Bool(true),
            Tag::False => Kind::Bool(false),
            Tag::Null => Kind::Null,
            Tag::Inf => Kind::Float(f64::INFINITY),
            Tag::NegInf => Kind::Float(f64::NEG_INFINITY),
            Tag::Nan => Kind::Float(f64::NAN),
        }
    }

    /// The decoded string, if it is a string.
    #[must_use]
    pub fn as_str(self) -> Option<&'a str> {
        (self.data().tag == Tag::String).then(|| self.document.content(self.data().value))
    }

    /// The number, if it was written as an integer that an `i128` holds.
    #[must_use]
    pub fn as_integer(self) -> Option<i128> {
        (self.data().tag == Tag::Integer).then(|| number::integer(self.raw())).flatten()
    }

    /// The truth value, if it is `#true` or `#false`.
    #[must_use]
    pub fn as_bool(self) -> Option<bool> {
        match self.data().tag {
            Tag::True => Some(true),
            Tag::False => Some(false),
            _ => None,
        }
    }

    /// Whether it is `#null`.
    #[must_use]
    pub fn is_null(self) -> bool {
        self.data().tag == Tag::Null
    }

    /// Whether it was written as an integer: no point, no exponent; of any size and in any radix.
    #[must_use]
    pub fn is_integer(self) -> bool {
        self.data().tag == Tag::Integer
    }

    /// As it stands in the text, with quotes, without the type annotation.
    #[must_use]
    pub fn raw(self) -> &'a str {
        self.document.raw(self.data().value)
    }

    /// Where it stands, with quotes, without the type annotation.
    #[must_use]
    pub fn span(self) -> Span {
        self.document.span_of(self.data().value)
    }

    /// Where it stands, with its type annotation.
    #[must_use]
    pub fn typed_span(self) -> Span {
        self.ty().map_or(Span::NONE, |ty| ty.span).to(self.span())
    }

    /// The type annotation; its span includes the parentheses.
    #[must_use]
    pub fn ty(self) -> Option<Spanned<&'a str>> {
        type_of(self.document, self.data().ty)
    }

    pub(super) fn tag(self) -> Tag {
        self.data().tag
    }
}

impl<'a> Prop<'a> {
    /// The key, decoded.
    #[must_use]
    pub fn key(self) -> &'a str {
        self.value.document.content(self.value.data().key)
    }

    /// Where the key stands, with quotes if it has some.
    #[must_use]
    pub fn key_span(self) -> Span {
        self.value.document.span_of(self.value.data().key)
    }

    /// The value.
    #[must_use]
    pub const fn value(self) -> Value<'a> {
        self.value
    }

    /// From the first byte of the key to the last one of the value.
    #[must_use]
    pub fn span(self) -> Span {
        self.key_span().to(self.value.span())
    }
}

impl fmt::Debug for Value<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} at {:?}", self.kind(), self.span())
    }
}

impl fmt::Debug for Prop<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        debug_assert!(self.value.data().key.start != NONE);
        write!(f, "{:?}={:?}", self.key(), self.value)
    }
}
