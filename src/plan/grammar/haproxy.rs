use super::{Refusal, is_plain, refuse_any, refuse_empty};

/// Strong quotes protect everything but themselves; `\'` stands between two of them.
pub(super) fn write(out: &mut String, text: &str) -> Result<(), Refusal> {
    // From 3.2 on an empty word ends the line.
    refuse_empty(text)?;
    refuse_any(text, char::is_control)?;
    if text.chars().all(is_plain) {
        out.push_str(text);
    } else {
        out.push('\'');
        out.push_str(&text.replace('\'', r"'\''"));
        out.push('\'');
    }
    Ok(())
}
