//! From written values to typed ones. Each type has exactly one function, used by the check and by whoever reads the
//! value afterwards.

mod address;
mod name;
mod quantity;
mod release;
mod text;

pub use address::{cidr, ipv4};
pub use name::name;
pub use quantity::{duration, size};
pub use release::{image, version};
pub use text::{Scalar, boolean, env, integer, path, scalar, setting, text, uri_path};

use crate::syntax::{Kind, Value};

use super::problem::{Problem, quoted, shown};
use super::{Slot, Type};

/// Checks that a value fits the slot in which it stands.
///
/// # Errors
/// What is wrong with it.
pub fn verify(slot: &Slot, value: Value<'_>) -> Result<(), Problem> {
    match slot.ty {
        Type::Name => reserved(slot, name(value)?),
        Type::Enum => choice(slot, value).map(drop),
        Type::Text | Type::Regex | Type::Ref(_) => text(value).map(drop),
        Type::Path => path(value).map(drop),
        Type::UriPath => uri_path(value).map(drop),
        Type::Env => env(value).map(drop),
        Type::Integer | Type::Port => integer(value).map(drop),
        Type::Bool => boolean(value).map(drop),
        Type::Duration => duration(value).map(drop),
        Type::Size => size(value).map(drop),
        Type::Ipv4 => ipv4(value).map(drop),
        Type::Cidr => cidr(value).map(drop),
        Type::Version => version(value).map(drop),
        Type::Image => image(value).map(drop),
        Type::Scalar => scalar(value).map(drop),
        Type::Setting => setting(value).map(drop),
    }
}

/// One of the slot's values.
///
/// # Errors
/// For any other.
pub fn choice<'a>(slot: &Slot, value: Value<'a>) -> Result<&'a str, Problem> {
    let mut words: Vec<String> = slot.values.iter().map(|choice| quoted(&choice.text)).collect();
    let last = words.pop().unwrap_or_default();
    let listed = if words.is_empty() { last } else { format!("{} or {last}", words.join(", ")) };
    let Kind::String(word) = value.kind() else {
        return Err(wrong_type(value, &listed));
    };
    if slot.values.iter().any(|choice| choice.text == word) {
        return Ok(word);
    }
    let problem = Problem::new(format!("cannot be {}", shown(word)), "not one of the possible values".to_owned());
    Err(match super::closest(word, slot.values.iter().map(|choice| choice.text.as_str())) {
        Some(meant) => problem.instead(meant),
        None => problem.help(format!("write {listed}")),
    })
}

fn reserved(slot: &Slot, name: &str) -> Result<(), Problem> {
    match slot.reserved.iter().find(|reserved| reserved.text == name) {
        Some(reserved) => Err(Problem::new(format!("cannot be {}", shown(name)), reserved.doc.clone())
            .code("reserved-name")
            .help("choose another name")),
        None => Ok(()),
    }
}

/// The text of a value that has to be text; `wants` says in words what is expected.
fn string<'a>(value: Value<'a>, wants: &str) -> Result<&'a str, Problem> {
    let Kind::String(text) = value.kind() else { return Err(wrong_type(value, wants)) };
    if text.contains('\0') {
        return Err(Problem::new("contains the NUL character", "no file that is written could hold it"));
    }
    Ok(text)
}

fn wrong_type(value: Value<'_>, wants: &str) -> Problem {
    let is = match value.kind() {
        Kind::String(_) => "text",
        Kind::Integer(_) | Kind::BigInteger(_) => "a whole number",
        Kind::Float(_) => "a number with a fraction",
        Kind::Bool(_) => "a truth value",
        Kind::Null => "#null",
    };
    Problem::new(format!("must be {wants}, not {is}"), format!("this is {is}")).code("wrong-type")
}
