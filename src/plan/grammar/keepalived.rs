use super::{Refusal, is_plain, refuse_any, refuse_empty};

/// Bytes of a word: with the keyword and the blanks before it, no line comes near the limit.
const LONGEST: usize = 512;

/// `"…"` is a word; there is no way to write a `"` in it that all releases read alike, `$` begins a definition and `~` a
/// sequence wherever they stand, a backslash is read differently from keyword to keyword, and a brace is looked for after
/// the quotes are gone, so that it can count as one of a block.
pub(super) fn write(out: &mut String, text: &str) -> Result<(), Refusal> {
    refuse_empty(text)?;
    // A line has 1024 bytes; what is beyond them is read as lines of its own.
    if text.len() > LONGEST {
        return Err(Refusal { with: format!("more than {LONGEST} bytes") });
    }
    refuse_any(text, |c| c.is_control() || matches!(c, '"' | '$' | '~' | '\\' | '{' | '}'))?;
    if text.chars().all(is_plain) && !text.starts_with('@') {
        out.push_str(text);
    } else {
        out.push('"');
        out.push_str(text);
        out.push('"');
    }
    Ok(())
}
