//! What rules about regular expressions of brokers share: whether Erlang compiles one, and which names it surely matches.
//! A pattern of a policy or a permission matches anywhere in a name, unless it is anchored.

/// What surely keeps Erlang's `re` from compiling a pattern, in words (measured with OTP 25 to 29); `None` where nothing is
/// known to. What this reader does not know, it lets pass.
pub(super) fn fault(pattern: &str) -> Option<&'static str> {
    if ["(*", "(?#", "(?x", "\\Q", "\\E", "\\c"].iter().any(|odd| pattern.contains(odd)) {
        return None;
    }
    let mut rest = pattern.chars().peekable();
    let mut open = 0_usize;
    // Whether a quantifier may follow.
    let mut item = false;
    while let Some(c) = rest.next() {
        match c {
            '\\' => {
                if rest.next().is_none() {
                    return Some("it ends with a backslash");
                }
                item = true;
            }
            '[' => {
                if !class(&mut rest) {
                    return Some("a `[` is never closed");
                }
                item = true;
            }
            '(' => {
                open += 1;
                item = false;
                // What kind of group it is.
                if rest.next_if_eq(&'?').is_some() {
                    while rest
                        .next_if(|c| matches!(c, ':' | '=' | '!' | '<' | '>' | 'i' | 's' | 'm' | '-' | 'P'))
                        .is_some()
                    {}
                }
            }
            ')' => {
                let Some(less) = open.checked_sub(1) else { return Some("a `)` closes nothing") };
                open = less;
                item = true;
            }
            '|' | '^' | '$' => item = false,
            '*' | '+' | '?' => {
                if !item {
                    return Some("a quantifier has nothing to repeat");
                }
                // Lazy or possessive.
                rest.next_if(|c| matches!(c, '?' | '+'));
                item = false;
            }
            _ => item = true,
        }
    }
    (open > 0).then_some("a `(` is never closed")
}

/// Reads a class to its end.
fn class(rest: &mut std::iter::Peekable<std::str::Chars<'_>>) -> bool {
    rest.next_if_eq(&'^');
    let mut first = true;
    while let Some(c) = rest.next() {
        match c {
            ']' if !first => return true,
            '\\' => {
                rest.next();
            }
            // `[:alpha:]`.
            '[' if rest.peek() == Some(&':') => while rest.next().is_some_and(|c| c != ']') {},
            _ => {}
        }
        first = false;
    }
    false
}

/// Which names a pattern matches, as far as that is plain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Names {
    /// All that begin like this; all names where it is empty.
    Prefix(String),
    /// All but those that begin with `amq.`, the usual `^(?!amq\.)`.
    NotAmq,
    /// This one.
    Exact(String),
    /// Not plain.
    Other,
}

impl Names {
    pub(super) fn of(pattern: &str) -> Self {
        let end = |rest: &str| matches!(rest, "" | ".*" | ".*$" | ".+" | ".+$");
        let Some(anchored) = pattern.strip_prefix('^') else {
            return if matches!(pattern, "" | ".*" | ".*$") { Self::Prefix(String::new()) } else { Self::Other };
        };
        if let Some(rest) = anchored.strip_prefix(r"(?!amq\.)") {
            return if end(rest) { Self::NotAmq } else { Self::Other };
        }
        let mut literal = String::new();
        let mut rest = anchored;
        loop {
            let mut chars = rest.chars();
            let Some(c) = chars.next() else { return Self::Prefix(literal) };
            // A quantifier belongs to the character before it.
            let quantified = |after: &str| after.starts_with(['*', '+', '?', '{']);
            match c {
                '.' if matches!(rest, ".*" | ".*$") => return Self::Prefix(literal),
                '$' if rest == "$" => return Self::Exact(literal),
                '\\' => match chars.next() {
                    Some(escaped) if escaped.is_ascii_punctuation() && !quantified(chars.as_str()) => {
                        literal.push(escaped);
                    }
                    _ => return Self::Other,
                },
                c if (c.is_alphanumeric() || "_-/: @#%&=~<>,;!'\"".contains(c)) && !quantified(chars.as_str()) => {
                    literal.push(c);
                }
                _ => return Self::Other,
            }
            rest = chars.as_str();
        }
    }
}

/// Whether a pattern was probably meant for a shell: `orders*` repeats the last letter, and nothing more.
pub(super) fn is_glob(pattern: &str) -> bool {
    let inner = pattern.strip_prefix('^').unwrap_or(pattern);
    let Some(name) = inner.strip_suffix("*$").or_else(|| inner.strip_suffix('*')) else { return false };
    name.ends_with(|c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'))
        && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As `re:compile/1` judged them.
    #[test]
    fn faults_are_those_of_erlang() {
        for pattern in [
            "*",
            "*.orders",
            "+x",
            "?x",
            "[",
            "(",
            "a)",
            "^orders.*)",
            "\\",
            "a**",
            "^(?!amq\\.",
            "[a-",
            "x|*",
            "^*",
            "[]",
            "[^]",
            "$*",
        ] {
            assert!(fault(pattern).is_some(), "{pattern}");
        }
        for pattern in [
            "a{",
            "a{2",
            "a{2}",
            "a++",
            "a*?",
            "(?!amq\\.)",
            "\\d",
            "(?P<n>x)",
            "(?i)x",
            "",
            "a{,5}",
            "[]a]",
            "[[:alpha:]]x",
            "(a|b)*",
            "(?:ab)+",
            "^(?!amq\\.).*",
        ] {
            assert_eq!(fault(pattern), None, "{pattern}");
        }
    }

    #[test]
    fn names_are_plain_or_not() {
        let prefix = |text: &str| Names::Prefix(text.to_owned());
        for (pattern, names) in [
            ("", prefix("")),
            (".*", prefix("")),
            ("^", prefix("")),
            ("^.*$", prefix("")),
            (r"^(?!amq\.)", Names::NotAmq),
            (r"^(?!amq\.).*", Names::NotAmq),
            (r"^shop\.orders", prefix("shop.orders")),
            ("^orders.*", prefix("orders")),
            ("^orders$", Names::Exact("orders".to_owned())),
            ("orders", Names::Other),
            ("^orders.", Names::Other),
            ("^orders*", Names::Other),
            ("^(a|b)", Names::Other),
            (r"^\d", Names::Other),
        ] {
            assert_eq!(Names::of(pattern), names, "{pattern}");
        }
        assert!(is_glob("orders*") && is_glob("^shop.orders-*$"));
        assert!(!is_glob("orders.*") && !is_glob("^(a|b)*") && !is_glob("*"));
    }
}
