//! Code points that may not stand in a KDL file: control characters, DEL, direction controls, a byte order mark
//! that is not the first character.
//!
//! The whole text is looked through once before reading. That is cheaper than asking for every character, and it
//! covers comments too: a text that shows something else than it says is no better there.

use super::problems::{self, Problems};

/// Whether KDL forbids this character everywhere (the byte order mark is allowed as the very first one).
pub(super) fn is_forbidden(c: char) -> bool {
    matches!(c,
        '\0'..='\u{8}' | '\u{E}'..='\u{1F}' | '\u{7F}'
        | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}')
}

/// Whether a forbidden character may begin with this byte.
#[inline]
fn is_suspect(byte: u8) -> bool {
    (byte < 0x20 && !(0x09..=0x0D).contains(&byte)) || byte == 0x7F || byte == 0xE2 || byte == 0xEF
}

/// Reports every forbidden character of `text` after `from`.
pub(super) fn check(text: &str, from: usize, problems: &mut Problems) {
    const STEP: usize = 64;
    let bytes = text.as_bytes();
    let mut start = from;
    while start < bytes.len() {
        let end = (start + STEP).min(bytes.len());
        // No early exit, so that the compiler can compare many bytes at once.
        if bytes[start..end].iter().fold(false, |any, byte| any | is_suspect(*byte)) {
            for (at, _) in (start..).zip(&bytes[start..end]).filter(|(_, byte)| is_suspect(**byte)) {
                let Some(c) = text.get(at..).and_then(|rest| rest.chars().next()) else { continue };
                if is_forbidden(c) {
                    problems.push(problems::forbidden(problems.span(at, at + c.len_utf8()), c));
                    if problems.is_full() {
                        return;
                    }
                }
            }
        }
        start = end;
    }
}
