//! Forms of values in rabbitmq.conf, as the column of `stdlib/releases/rabbitmq-conf.tsv` names them.

/// Whether `value` has one of `forms`, which are separated by blanks.
pub(super) fn has_any(forms: &str, value: &str) -> bool {
    forms.split(' ').any(|form| has_form(form, value))
}

/// Whether cuttlefish takes `value` for this form (measured: a fraction needs its dot, a size knows no `MiB`).
fn has_form(form: &str, value: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let unsigned = value.strip_prefix(['-', '+']).unwrap_or(value);
    let lower = value.to_ascii_lowercase();
    match form {
        "whole" => digits(unsigned),
        "positive" => digits(value) && value.bytes().any(|byte| byte != b'0'),
        // 1.5e3 is one as well.
        "fraction" => {
            let (whole, rest) = unsigned.split_once('.').unwrap_or_default();
            digits(whole) && rest.starts_with(|c: char| c.is_ascii_digit()) && unsigned.parse::<f64>().is_ok()
        }
        "size" => {
            let number = ["kb", "mb", "gb"].iter().find_map(|unit| lower.strip_suffix(unit)).unwrap_or(&lower);
            digits(number.strip_prefix('-').unwrap_or(number))
        }
        // Several units may follow each other: 1h30m.
        "duration" => {
            value.starts_with(|c: char| c.is_ascii_digit() || c == '.')
                && value.ends_with(['f', 'w', 'd', 'h', 'm', 's'])
        }
        word => word.strip_prefix('=') == Some(value),
    }
}

/// The forms, for people.
pub(super) fn in_words(forms: &str) -> String {
    let one = |form: &str| match form {
        "whole" => "a whole number".to_owned(),
        "positive" => "a whole number above 0".to_owned(),
        "fraction" => "a number with a dot, such as 0.4".to_owned(),
        "size" => "a number of bytes, or one with kB, MB or GB".to_owned(),
        "duration" => "a time with its unit, such as 30s".to_owned(),
        word => format!("`{}`", word.trim_start_matches('=')),
    };
    let mut all: Vec<String> = forms.split(' ').map(one).collect();
    let last = all.pop().unwrap_or_default();
    if all.is_empty() { last } else { format!("{} or {last}", all.join(", ")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As `cuttlefish_datatypes:from_string/2` of 3.10.8, 4.0.5 and 4.3.6 judged them.
    #[test]
    fn forms_are_those_of_cuttlefish() {
        for (form, taken, refused) in [
            ("whole", &["30", "-1", "0"][..], &["30s", "1.5", " 30", "", "-"][..]),
            ("positive", &["1", "30"], &["0", "-1", "1s"]),
            ("fraction", &["0.4", "1.0", "-0.5"], &["1", "60", ".5", "0.4.", ""]),
            ("size", &["512", "1kb", "1KB", "-1"], &["10MiB", "1 GB", "1k", "kb"]),
            ("duration", &["30s", "1h"], &["30", "s", ""]),
            ("=on", &["on"], &["On", "true", "="]),
        ] {
            for value in taken {
                assert!(has_form(form, value), "{form} {value:?}");
            }
            for value in refused {
                assert!(!has_form(form, value), "{form} {value:?}");
            }
        }
        assert_eq!(in_words("whole =infinity"), "a whole number or `infinity`");
        assert_eq!(in_words("=autoheal =ignore =x"), "`autoheal`, `ignore` or `x`");
    }
}
