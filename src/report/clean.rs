use std::borrow::Cow;

/// What to print instead of a character that could command the terminal or hide other text. `None`: print it as it is.
///
/// Control characters (escape sequences begin with one), and those that change the direction of text or have no width,
/// with which a line can be made to look like another one.
pub(super) const fn substitute(c: char, ascii: bool) -> Option<char> {
    let hidden = matches!(
        c,
        '\u{00AD}' | '\u{061C}' | '\u{115F}' | '\u{1160}' | '\u{180E}' | '\u{200B}'..='\u{200F}'
            | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{3164}' | '\u{FEFF}' | '\u{FFA0}'
            | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E0FFF}'
    );
    match c {
        '\0'..='\u{1F}' | '\u{7F}' if ascii => Some('?'),
        '\0'..='\u{1F}' => char::from_u32(0x2400 + c as u32),
        '\u{7F}' => Some('\u{2421}'),
        '\u{80}'..='\u{9F}' => Some(if ascii { '?' } else { '\u{FFFD}' }),
        _ if hidden => Some(if ascii { '?' } else { '\u{FFFD}' }),
        _ => None,
    }
}

/// Text of one line that is safe to print.
pub(super) fn line(text: &str, ascii: bool) -> Cow<'_, str> {
    if text.chars().all(|c| substitute(c, ascii).is_none()) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().map(|c| substitute(c, ascii).unwrap_or(c)).collect())
}

/// Text of several lines that is safe to print; line feeds stay.
pub(super) fn lines(text: &str, ascii: bool) -> Cow<'_, str> {
    if text.chars().all(|c| c == '\n' || substitute(c, ascii).is_none()) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().map(|c| if c == '\n' { c } else { substitute(c, ascii).unwrap_or(c) }).collect())
}
