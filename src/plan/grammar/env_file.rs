use super::{Refusal, is_plain, refuse_any};

/// One value of a file for Compose's `env_file:`. A plain word as it is, anything else between single quotes, which
/// docker-compose 1.29 and Compose 2 take off. Inside of them the former still fills in `${…}`, and the two do not agree
/// on what a backslash or a quote is.
pub(super) fn write(out: &mut String, text: &str) -> Result<(), Refusal> {
    refuse_any(text, |c| c.is_control() || matches!(c, '\'' | '\\'))?;
    if text.contains("${") {
        return Err(Refusal { with: "`${`".to_owned() });
    }
    if text.chars().all(is_plain) {
        out.push_str(text);
    } else {
        out.push('\'');
        out.push_str(text);
        out.push('\'');
    }
    Ok(())
}
