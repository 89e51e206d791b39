use super::{Refusal, is_plain, refuse_any, refuse_empty};

/// One plain word: readers of such files agree on nothing more.
pub(super) fn word(out: &mut String, text: &str) -> Result<(), Refusal> {
    refuse_empty(text)?;
    refuse_any(text, |c| !is_plain(c))?;
    out.push_str(text);
    Ok(())
}

/// An atom that needs no quotes.
pub(super) fn atom(out: &mut String, text: &str) -> Result<(), Refusal> {
    refuse_empty(text)?;
    if !text.starts_with(|c: char| c.is_ascii_lowercase()) {
        return Err(Refusal { with: "a first character that is no lower-case letter".to_owned() });
    }
    refuse_any(text, |c| !(c.is_ascii_alphanumeric() || matches!(c, '_' | '@')))?;
    out.push_str(text);
    Ok(())
}

/// A JSON string.
pub(super) fn json(out: &mut String, text: &str) -> Result<(), Refusal> {
    match serde_json::to_string(text) {
        Ok(quoted) => {
            out.push_str(&quoted);
            Ok(())
        }
        Err(_) => Err(Refusal { with: "something that is not text".to_owned() }),
    }
}

/// 1 to 255 characters from blank to tilde: what Erlang reads back as the same atom.
pub(super) fn cookie(out: &mut String, text: &str) -> Result<(), Refusal> {
    refuse_empty(text)?;
    if text.len() > 255 {
        return Err(Refusal { with: "more than 255 characters".to_owned() });
    }
    refuse_any(text, |c| !(c == ' ' || c.is_ascii_graphic()))?;
    out.push_str(text);
    Ok(())
}

/// Text for people, in one line.
pub(super) fn text(out: &mut String, text: &str) -> Result<(), Refusal> {
    refuse_any(text, char::is_control)?;
    out.push_str(text);
    Ok(())
}
