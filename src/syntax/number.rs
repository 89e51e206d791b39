//! The number forms of KDL 2: which words are numbers, and what they are worth.

use super::document::Tag;

/// Why a word that starts like a number is none. The offsets count bytes from the start of the word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// `.5`
    NoIntegerPart,
    /// `1.`, `1._5`
    NoFraction,
    /// `1e`, `1e+`
    NoExponent,
    /// `1.2.3`, `1e5.2`
    SecondPoint,
    /// `0x`, `0b_1`
    NoDigits,
    /// `0X1F`
    UpperRadix,
    /// `0b2`: this character is no digit here
    Digit(char),
    /// `1,`
    Comma,
}

/// Whether the word is an integer or has a point or an exponent. Every word for which
/// [`starts_like_number`](super::chars::starts_like_number) holds may be asked.
pub(super) fn classify(word: &str) -> Result<Tag, Fault> {
    let bytes = word.as_bytes();
    let unsigned = bytes.strip_prefix(b"+").or_else(|| bytes.strip_prefix(b"-")).unwrap_or(bytes);
    let is_digit: fn(u8) -> bool = match unsigned {
        [b'0', b'x', ..] => |b| b.is_ascii_hexdigit(),
        [b'0', b'o', ..] => |b| (b'0'..=b'7').contains(&b),
        [b'0', b'b', ..] => |b| matches!(b, b'0' | b'1'),
        [b'0', b'X' | b'O' | b'B', ..] => return Err(Fault::UpperRadix),
        _ => return decimal(word, unsigned),
    };
    let rest = &unsigned[2..];
    if !rest.first().is_some_and(|b| is_digit(*b)) {
        return Err(match rest.first() {
            None | Some(b'_') => Fault::NoDigits,
            Some(_) => odd(word, rest),
        });
    }
    match rest.iter().position(|b| !is_digit(*b) && *b != b'_') {
        None => Ok(Tag::Integer),
        Some(at) => Err(odd(word, &rest[at..])),
    }
}

fn decimal(word: &str, unsigned: &[u8]) -> Result<Tag, Fault> {
    let Some(mut rest) = digits(unsigned) else { return Err(Fault::NoIntegerPart) };
    let mut tag = Tag::Integer;
    if let [b'.', fraction @ ..] = rest {
        tag = Tag::Float;
        rest = digits(fraction).ok_or(Fault::NoFraction)?;
    }
    if let [b'e' | b'E', exponent @ ..] = rest {
        tag = Tag::Float;
        let exponent = exponent.strip_prefix(b"+").or_else(|| exponent.strip_prefix(b"-")).unwrap_or(exponent);
        match digits(exponent) {
            Some(after) => rest = after,
            None if exponent.is_empty() => return Err(Fault::NoExponent),
            None => rest = exponent,
        }
    }
    if rest.is_empty() { Ok(tag) } else { Err(odd(word, rest)) }
}

/// What follows a digit and then digits or underscores; `None` without a first digit.
fn digits(bytes: &[u8]) -> Option<&[u8]> {
    if !bytes.first()?.is_ascii_digit() {
        return None;
    }
    let end = bytes.iter().position(|b| !b.is_ascii_digit() && *b != b'_').unwrap_or(bytes.len());
    Some(&bytes[end..])
}

fn odd(word: &str, rest: &[u8]) -> Fault {
    let at = word.len() - rest.len();
    match word.get(at..).and_then(|rest| rest.chars().next()) {
        Some('.') => Fault::SecondPoint,
        Some(',') => Fault::Comma,
        Some(c) => Fault::Digit(c),
        None => Fault::NoDigits,
    }
}

/// Sign, radix and digits (still with underscores) of a word that [`classify`] calls an integer.
pub(super) fn parts(raw: &str) -> (bool, u32, &str) {
    let (negative, unsigned) = match raw.as_bytes().first() {
        Some(b'-') => (true, &raw[1..]),
        Some(b'+') => (false, &raw[1..]),
        _ => (false, raw),
    };
    match unsigned.as_bytes() {
        [b'0', b'x', ..] => (negative, 16, &unsigned[2..]),
        [b'0', b'o', ..] => (negative, 8, &unsigned[2..]),
        [b'0', b'b', ..] => (negative, 2, &unsigned[2..]),
        _ => (negative, 10, unsigned),
    }
}

/// The value of a word that [`classify`] calls an integer; `None` if no `i128` holds it.
pub(super) fn integer(raw: &str) -> Option<i128> {
    let (negative, radix, digits) = parts(raw);
    // Up to eighteen digits cannot overflow an i64 in any radix but 16, where fifteen cannot.
    if digits.len() <= 15 {
        let mut value = 0_i64;
        for digit in digits.bytes().filter(|b| *b != b'_') {
            value = value * i64::from(radix) + i64::from(char::from(digit).to_digit(radix)?);
        }
        return Some(i128::from(if negative { -value } else { value }));
    }
    let mut value = 0_i128;
    for digit in digits.bytes().filter(|b| *b != b'_') {
        let digit = i128::from(char::from(digit).to_digit(radix)?);
        value = value.checked_mul(i128::from(radix))?.checked_add(if negative { -digit } else { digit })?;
    }
    Some(value)
}

/// The value of a word that [`classify`] calls a float, the nearest `f64`.
pub(super) fn float(raw: &str) -> f64 {
    if raw.contains('_') {
        let plain: String = raw.chars().filter(|c| *c != '_').collect();
        plain.parse().unwrap_or(f64::NAN)
    } else {
        raw.parse().unwrap_or(f64::NAN)
    }
}
