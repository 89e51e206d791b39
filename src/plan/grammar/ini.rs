use super::{Refusal, refuse_any, refuse_empty};

/// The rest of a line. `#` ends a value; releases before 3.13.7 take quotes for a part of it and later ones do not, so
/// a value that begins with one means different things; `$(…)` is interpolated from 3.10 on.
pub(super) fn write(out: &mut String, text: &str) -> Result<(), Refusal> {
    refuse_empty(text)?;
    refuse_any(text, |c| c == '#' || !(c == ' ' || c.is_ascii_graphic()))?;
    if text.starts_with(' ') || text.ends_with(' ') {
        return Err(Refusal { with: "a blank at its edge".to_owned() });
    }
    if text.starts_with(['\'', '"']) {
        return Err(Refusal { with: "a quote at its beginning".to_owned() });
    }
    if text.contains("$(") {
        return Err(Refusal { with: "`$(`".to_owned() });
    }
    out.push_str(text);
    Ok(())
}
