use std::net::Ipv4Addr;

use ipnet::Ipv4Net;

use crate::schema::{Problem, RefKind, Schema, Shape, Slot, Type, value};
use crate::source::{Span, Spanned};
use crate::syntax::{Node, Prop, Value};

use super::super::{Ref, Version};

/// A node together with what the schema says of it: where typed values come from.
#[derive(Clone, Copy)]
pub(super) struct At<'a> {
    pub schema: &'a Schema,
    pub shape: &'a Shape,
    pub node: Node<'a>,
}

/// An argument or property, perhaps not written.
#[derive(Clone, Copy)]
pub(super) struct Field<'a> {
    slot: Option<&'a Slot>,
    value: Option<Value<'a>>,
}

impl<'a> At<'a> {
    /// The whole node.
    pub fn span(self) -> Span {
        self.node.span()
    }

    /// The argument that the schema calls so.
    pub fn arg(self, name: &str) -> Field<'a> {
        let found = self.shape.arg(name);
        debug_assert!(found.is_some(), "no argument {name} of {}", self.shape.path);
        used::slot(&self.shape.path, name);
        Field { slot: found.map(|(_, slot)| slot), value: found.and_then(|(index, _)| self.node.arg(index)) }
    }

    /// All values of the last argument, which may come many times.
    pub fn rest(self, name: &str) -> impl Iterator<Item = Field<'a>> + use<'a> {
        let found = self.shape.arg(name);
        debug_assert!(found.is_some_and(|(_, slot)| slot.many), "no repeated argument {name} of {}", self.shape.path);
        used::slot(&self.shape.path, name);
        let (first, slot) = found.map_or((usize::MAX, None), |(index, slot)| (index, Some(slot)));
        self.node.args().skip(first).map(move |value| Field { slot, value: Some(value) })
    }

    /// The property with this key.
    pub fn prop(self, key: &str) -> Field<'a> {
        let slot = self.shape.prop(key);
        debug_assert!(slot.is_some(), "no property {key} of {}", self.shape.path);
        used::slot(&self.shape.path, key);
        Field { slot, value: self.node.prop(key).map(Prop::value) }
    }

    /// The children with this word, in order.
    pub fn children(self, word: &'a str) -> impl Iterator<Item = Self> + use<'a> {
        let shape = self.schema.child(self.shape, word);
        debug_assert!(shape.is_some_and(|shape| shape.word == word), "no child {word} of {}", self.shape.path);
        shape.into_iter().flat_map(move |shape| {
            let same = move |node: &Node<'a>| {
                node.name() == word
                    || (word == "*" && self.schema.child(self.shape, node.name()).is_some_and(|of| of.id == shape.id))
            };
            self.node.children().filter(same).map(move |node| Self { schema: self.schema, shape, node })
        })
    }

    /// The child with this word; the first one, where there are several in spite of the schema.
    pub fn child(self, word: &'a str) -> Option<Self> {
        self.children(word).next()
    }
}

impl<'a> Field<'a> {
    /// Where it is written; nowhere, if it is not.
    pub fn span(self) -> Span {
        self.value.map_or(Span::NONE, Value::span)
    }

    /// Whether it is written, sound or not.
    pub fn is_written(self) -> bool {
        self.value.is_some()
    }

    fn read<T>(self, ty: Type, parse: impl FnOnce(Value<'a>) -> Result<T, Problem>) -> Option<Spanned<T>> {
        debug_assert_eq!(self.slot.map(|slot| slot.ty), Some(ty));
        let value = self.value?;
        // What is wrong with the value has been reported by the check.
        parse(value).ok().map(|read| Spanned::new(read, value.span()))
    }

    fn owned(self, ty: Type, parse: fn(Value<'a>) -> Result<&'a str, Problem>) -> Option<Spanned<String>> {
        self.read(ty, |value| parse(value).map(str::to_owned))
    }

    pub fn name(self) -> Option<Spanned<String>> {
        self.owned(Type::Name, value::name)
    }

    pub fn text(self) -> Option<Spanned<String>> {
        self.owned(Type::Text, value::text)
    }

    pub fn regex(self) -> Option<Spanned<String>> {
        self.owned(Type::Regex, value::text)
    }

    pub fn path(self) -> Option<Spanned<String>> {
        self.owned(Type::Path, value::path)
    }

    pub fn uri_path(self) -> Option<Spanned<String>> {
        self.owned(Type::UriPath, value::uri_path)
    }

    pub fn env(self) -> Option<Spanned<String>> {
        self.owned(Type::Env, value::env)
    }

    pub fn image(self) -> Option<Spanned<String>> {
        self.owned(Type::Image, value::image)
    }

    pub fn reference(self, kind: RefKind) -> Option<Ref> {
        self.owned(Type::Ref(kind), value::text)
    }

    pub fn integer(self) -> Option<Spanned<i64>> {
        self.read(Type::Integer, value::integer)
    }

    pub fn port(self) -> Option<Spanned<i64>> {
        self.read(Type::Port, value::integer)
    }

    pub fn boolean(self) -> Option<Spanned<bool>> {
        self.read(Type::Bool, value::boolean)
    }

    /// Milliseconds.
    pub fn duration(self) -> Option<Spanned<u64>> {
        self.read(Type::Duration, value::duration)
    }

    /// Bytes.
    pub fn size(self) -> Option<Spanned<u64>> {
        self.read(Type::Size, value::size)
    }

    pub fn ipv4(self) -> Option<Spanned<Ipv4Addr>> {
        self.read(Type::Ipv4, value::ipv4)
    }

    pub fn cidr(self) -> Option<Spanned<Ipv4Net>> {
        self.read(Type::Cidr, value::cidr)
    }

    pub fn version(self) -> Option<Spanned<Version>> {
        self.read(Type::Version, value::version)
    }

    pub fn scalar(self) -> Option<Spanned<value::Scalar<'a>>> {
        self.read(Type::Scalar, value::scalar)
    }

    pub fn setting(self) -> Option<Spanned<value::Scalar<'a>>> {
        self.read(Type::Setting, value::setting)
    }

    /// One of the values that the schema lists, and what stands for it here.
    pub fn choice<T: Copy>(self, meanings: &[(&str, T)]) -> Option<Spanned<T>> {
        let slot = self.slot?;
        debug_assert!(
            slot.values.iter().map(|choice| choice.text.as_str()).eq(meanings.iter().map(|(word, _)| *word)),
            "the values of {} differ from the schema",
            slot.name
        );
        let word = self.read(Type::Enum, |value| value::choice(slot, value))?;
        let (_, meaning) = meanings.iter().find(|(listed, _)| *listed == word.value)?;
        Some(word.map(|_| *meaning))
    }
}

/// Notes in tests which slots of the schema are read.
pub(super) mod used {
    #[cfg(test)]
    thread_local! {
        pub static SLOTS: std::cell::RefCell<std::collections::BTreeSet<(String, String)>> = const {
            std::cell::RefCell::new(std::collections::BTreeSet::new())
        };
    }

    #[cfg(test)]
    pub fn slot(path: &str, name: &str) {
        SLOTS.with_borrow_mut(|slots| slots.insert((path.to_owned(), name.to_owned())));
    }

    #[cfg(not(test))]
    pub const fn slot(_path: &str, _name: &str) {}
}
