use super::{Refusal, is_plain, refuse_any};

/// A single-quoted word; `'\''` for a quote inside. Line breaks are held as they are.
pub(super) fn write(out: &mut String, text: &str) -> Result<(), Refusal> {
    refuse_any(text, |c| c == '\0')?;
    if !text.is_empty() && text.chars().all(is_plain) {
        out.push_str(text);
    } else {
        out.push('\'');
        out.push_str(&text.replace('\'', r"'\''"));
        out.push('\'');
    }
    Ok(())
}
