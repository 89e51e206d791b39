use super::{Refusal, is_plain, refuse_any, refuse_empty};

/// `"…"` with `\"` and `\\`; a `$` begins a variable even there and cannot be escaped.
pub(super) fn write(out: &mut String, text: &str) -> Result<(), Refusal> {
    refuse_empty(text)?;
    refuse_any(text, |c| c.is_control() || c == '$')?;
    if text.chars().all(is_plain) {
        out.push_str(text);
        return Ok(());
    }
    out.push('"');
    for c in text.chars() {
        if matches!(c, '"' | '\\') {
            out.push('\\');
        }
        out.push(c);
    }
    out.push('"');
    Ok(())
}
