//! Which bytes mean what in KDL 2: one table for ASCII, and the few spaces and newlines beyond it.
//!
//! Code points that may not stand in a file at all are found by [`super::forbidden`]; here they count as ordinary
//! characters, so that one of them causes one error only.

/// May stand in a bare word (for lead bytes of `WIDE`: look closer).
pub(super) const WORD: u8 = 1;
/// Needs no attention inside a quoted string.
pub(super) const QUOTED: u8 = 2;
/// Needs no attention inside a raw string.
pub(super) const RAW: u8 = 4;
/// Needs no attention inside a comment that ends with its line.
pub(super) const LINE: u8 = 8;

/// What each byte may do.
pub(super) static CLASS: [u8; 256] = classes();

const fn classes() -> [u8; 256] {
    let mut table = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        #[allow(clippy::cast_possible_truncation)] // below 256
        let b = byte as u8;
        let newline = matches!(b, b'\n' | 0x0B | 0x0C | b'\r' | 0xC2 | 0xE2);
        let space = matches!(b, b' ' | b'\t' | 0xC2 | 0xE1 | 0xE2 | 0xE3);
        let sign = matches!(b, b'\\' | b'/' | b'(' | b')' | b'{' | b'}' | b';' | b'[' | b']' | b'"' | b'#' | b'=');
        if !newline && !space && !sign {
            table[byte] |= WORD;
        }
        if !newline && b != b'"' && b != b'\\' {
            table[byte] |= QUOTED;
        }
        if !newline && b != b'"' {
            table[byte] |= RAW;
        }
        if !newline {
            table[byte] |= LINE;
        }
        byte += 1;
    }
    table
}

/// Whether the byte has the class.
#[inline]
pub(super) fn is(byte: u8, class: u8) -> bool {
    CLASS[byte as usize] & class != 0
}

/// Length in bytes of the newline at `at`, 0 if there is none. CR LF is one newline.
#[inline]
pub(super) fn newline_len(bytes: &[u8], at: usize) -> usize {
    match bytes.get(at) {
        Some(b'\n' | 0x0B | 0x0C) => 1,
        Some(b'\r') => 1 + usize::from(bytes.get(at + 1) == Some(&b'\n')),
        Some(0xC2) if bytes.get(at + 1) == Some(&0x85) => 2,
        Some(0xE2) if matches!(bytes.get(at + 1..at + 3), Some([0x80, 0xA8 | 0xA9])) => 3,
        _ => 0,
    }
}

/// Length in bytes of the one space character (never a newline) at `at`, 0 if there is none.
#[inline]
pub(super) fn space_len(bytes: &[u8], at: usize) -> usize {
    match bytes.get(at) {
        Some(b' ' | b'\t') => 1,
        Some(0xC2) if bytes.get(at + 1) == Some(&0xA0) => 2,
        Some(0xE1..=0xE3) => match bytes.get(at..at + 3) {
            Some([0xE1, 0x9A, 0x80] | [0xE2, 0x80, 0x80..=0x8A | 0xAF] | [0xE2, 0x81, 0x9F] | [0xE3, 0x80, 0x80]) => 3,
            _ => 0,
        },
        _ => 0,
    }
}

/// Whether `text` consists of spaces only (none at all counts).
pub(super) fn only_spaces(text: &str) -> bool {
    let mut at = 0;
    while at < text.len() {
        match space_len(text.as_bytes(), at) {
            0 => return false,
            n => at += n,
        }
    }
    true
}

/// One past the bare word that starts at `from`.
#[inline]
pub(super) fn word_end(bytes: &[u8], from: usize) -> usize {
    let mut at = from;
    while let Some(&byte) = bytes.get(at) {
        if is(byte, WORD) {
            at += 1;
        } else if byte >= 0x80 && newline_len(bytes, at) == 0 && space_len(bytes, at) == 0 {
            at += if byte == 0xC2 { 2 } else { 3 };
        } else {
            break;
        }
    }
    at
}

/// Offset of the newline that ends the line of `from`, or the end of the text.
pub(super) fn line_end(bytes: &[u8], from: usize) -> usize {
    let mut at = from;
    while let Some(&byte) = bytes.get(at) {
        if !is(byte, LINE) && newline_len(bytes, at) > 0 {
            break;
        }
        at += 1;
    }
    at
}

/// Whether `word` may be written without quotes.
pub(super) fn is_bare(word: &str) -> bool {
    let bytes = word.as_bytes();
    !bytes.is_empty()
        && word_end(bytes, 0) == bytes.len()
        && !word.chars().any(super::forbidden::is_forbidden)
        && !starts_like_number(bytes)
        && !is_reserved(word)
}

/// Whether a bare word with this beginning has to be a number: a digit, a sign and a digit, or a point and a digit.
#[inline]
pub(super) fn starts_like_number(word: &[u8]) -> bool {
    let rest = match word {
        [b'+' | b'-', rest @ ..] => rest,
        _ => word,
    };
    match rest {
        [b'0'..=b'9', ..] => true,
        [b'.', digit, ..] => digit.is_ascii_digit(),
        _ => false,
    }
}

/// Whether `word` is reserved: it means something else in KDL 1 or elsewhere, so KDL 2 wants `#` or quotes.
#[inline]
pub(super) fn is_reserved(word: &str) -> bool {
    matches!(word, "true" | "false" | "null" | "inf" | "-inf" | "nan")
}
