use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::source::Spanned;
use crate::syntax::document::Tag;
use crate::syntax::{Document, Node, Value, chars, forbidden, number};

/// The canonical form, the one that the KDL project's own test suite compares: one node a line, four spaces for each
/// level, arguments before properties, properties sorted by key (the last one of a key only), strings bare where
/// possible, numbers in decimal, no comments. An empty document is an empty line.
#[must_use]
pub fn canonical(document: &Document) -> String {
    let mut out = String::with_capacity(document.text().len());
    let mut open = Vec::new();
    let mut siblings = document.nodes();
    loop {
        while let Some(node) = siblings.next() {
            indent(&mut out, open.len());
            head(&mut out, node);
            if node.children().next().is_some() {
                out.push_str(" {\n");
                open.push(std::mem::replace(&mut siblings, node.children()));
            } else {
                out.push('\n');
            }
        }
        let Some(outer) = open.pop() else { break };
        siblings = outer;
        indent(&mut out, open.len());
        out.push_str("}\n");
    }
    if out.is_empty() {
        out.push('\n');
    }
    out
}

fn indent(out: &mut String, depth: usize) {
    out.extend(std::iter::repeat_n("    ", depth));
}

fn head(out: &mut String, node: Node<'_>) {
    annotation(out, node.ty());
    string(out, node.name());
    for value in node.args() {
        out.push(' ');
        scalar(out, value);
    }
    let props: BTreeMap<&str, Value<'_>> = node.props().map(|prop| (prop.key(), prop.value())).collect();
    for (key, value) in props {
        out.push(' ');
        string(out, key);
        out.push('=');
        scalar(out, value);
    }
}

fn annotation(out: &mut String, ty: Option<Spanned<&str>>) {
    if let Some(ty) = ty {
        out.push('(');
        string(out, ty.value);
        out.push(')');
    }
}

fn scalar(out: &mut String, value: Value<'_>) {
    annotation(out, value.ty());
    untyped(out, value);
}

fn untyped(out: &mut String, value: Value<'_>) {
    match value.tag() {
        Tag::String => string(out, value.as_str().unwrap_or_default()),
        Tag::Integer => out.push_str(&integer(value.raw())),
        Tag::Float => float(out, value.raw()),
        Tag::True => out.push_str("#true"),
        Tag::False => out.push_str("#false"),
        Tag::Null => out.push_str("#null"),
        Tag::Inf => out.push_str("#inf"),
        Tag::NegInf => out.push_str("#-inf"),
        Tag::Nan => out.push_str("#nan"),
    }
}

/// A value without its type annotation.
pub(super) fn number(value: Value<'_>) -> String {
    let mut out = String::new();
    untyped(&mut out, value);
    out
}

fn string(out: &mut String, text: &str) {
    if chars::is_bare(text) {
        out.push_str(text);
        return;
    }
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{8}' => out.push_str("\\b"),
            '\u{C}' => out.push_str("\\f"),
            '\u{B}' | '\u{85}' | '\u{2028}' | '\u{2029}' => escaped(out, c),
            c if forbidden::is_forbidden(c) => escaped(out, c),
            c => out.push(c),
        }
    }
    out.push('"');
}

fn escaped(out: &mut String, c: char) {
    let _ = write!(out, "\\u{{{:x}}}", u32::from(c));
}

/// Changing the radix takes time in the square of the length: longer numbers stay as they are.
const LONGEST: usize = 4096;

/// A number in decimal.
fn integer(raw: &str) -> Cow<'_, str> {
    if let Some(value) = number::integer(raw) {
        return value.to_string().into();
    }
    let (negative, radix, digits) = number::parts(raw);
    let sign = if negative { "-" } else { "" };
    if radix == 10 {
        let plain: String = digits.chars().filter(|c| *c != '_').collect();
        return format!("{sign}{}", plain.trim_start_matches('0')).into();
    }
    if digits.len() > LONGEST {
        return raw.into();
    }
    format!("{sign}{}", decimal(digits, radix)).into()
}

/// Digits of another radix in decimal.
fn decimal(digits: &str, radix: u32) -> String {
    const LIMB: u64 = 1_000_000_000;
    let mut limbs: Vec<u64> = vec![0];
    for digit in digits.chars().filter_map(|c| c.to_digit(radix)) {
        let mut carry = u64::from(digit);
        for limb in &mut limbs {
            let value = *limb * u64::from(radix) + carry;
            *limb = value % LIMB;
            carry = value / LIMB;
        }
        if carry > 0 {
            limbs.push(carry);
        }
    }
    let mut out = limbs.pop().unwrap_or(0).to_string();
    for limb in limbs.iter().rev() {
        let _ = write!(out, "{limb:09}");
    }
    out
}

/// The digits as they were written, without underscores and idle zeros, the exponent after `E` and with its sign.
fn float(out: &mut String, raw: &str) {
    let plain: String = raw.chars().filter(|c| *c != '_').collect();
    let unsigned = plain.trim_start_matches(['+', '-']);
    if plain.starts_with('-') {
        out.push('-');
    }
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (unsigned, None),
    };
    let (whole, fraction) = match mantissa.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (mantissa, None),
    };
    out.push_str(without_zeros(whole));
    if let Some(fraction) = fraction {
        out.push('.');
        out.push_str(fraction);
    }
    if let Some(exponent) = exponent {
        out.push('E');
        out.push(if exponent.starts_with('-') { '-' } else { '+' });
        out.push_str(without_zeros(exponent.trim_start_matches(['+', '-'])));
    }
}

fn without_zeros(digits: &str) -> &str {
    match digits.trim_start_matches('0') {
        "" => "0",
        rest => rest,
    }
}
