use std::fmt::Write as _;

use super::{Refusal, refuse_any};

/// Always a double-quoted scalar, which every YAML reader takes for a string; what is not printable is escaped, and `$`
/// is doubled, for Compose interpolates inside every scalar.
pub(super) fn write(out: &mut String, text: &str) -> Result<(), Refusal> {
    refuse_any(text, |c| c == '\0')?;
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '$' => out.push_str("$$"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            // C0 and C1 controls, DEL, the byte order mark and Unicode's own line ends.
            '\0'..='\x1f' | '\x7f'..='\u{9f}' | '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}' => {
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    Ok(())
}
