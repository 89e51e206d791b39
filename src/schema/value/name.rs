use super::super::problem::{Problem, shown};
use super::{Value, string};

/// Longest DNS label: RFC 1035, 2.3.4.
const LONGEST: usize = 63;

/// A DNS label as RFC 1123 (2.1) allows it, in lower case: what is safe as host, container, network and folder name.
///
/// # Errors
/// For everything else, with the nearest name where there is one.
pub fn name(value: Value<'_>) -> Result<&str, Problem> {
    let text = string(value, "a name")?;
    if text.is_empty() {
        return Err(Problem::new("is empty", "a name needs at least one character"));
    }
    let odd = text.chars().find(|c| !matches!(c, 'a'..='z' | '0'..='9' | '-'));
    let problem = if let Some(c) = odd {
        let label = if c.is_ascii_uppercase() {
            "a name is written in lower case".to_owned()
        } else if c == ' ' {
            "a space cannot stand in a name".to_owned()
        } else {
            format!("{} cannot stand in a name", shown(c.encode_utf8(&mut [0; 4])))
        };
        Problem::new(format!("cannot be {}", shown(text)), label)
    } else if text.len() > LONGEST {
        Problem::new("is too long", format!("{} characters; at most {LONGEST} fit into a host name", text.len()))
    } else if text.starts_with('-') || text.ends_with('-') {
        Problem::new(format!("cannot be {}", shown(text)), "a name begins and ends with a letter or digit")
    } else {
        return Ok(text);
    };
    let problem =
        problem.note("names become host names, container names and folders: a-z, 0-9 and `-`, at most 63 characters");
    Err(match repaired(text) {
        Some(name) => problem.instead(name),
        None => problem,
    })
}

/// The nearest name, where little has to change.
fn repaired(text: &str) -> Option<String> {
    let mut out = String::new();
    for c in text.chars().take(LONGEST) {
        match c.to_ascii_lowercase() {
            c @ ('a'..='z' | '0'..='9') => out.push(c),
            '-' | '_' | ' ' | '.' => out.push('-'),
            _ => return None,
        }
    }
    let name = out.trim_matches('-');
    (!name.is_empty()).then(|| name.to_owned())
}
