use super::super::problem::{Problem, shown};
use super::{Kind, Value, string, wrong_type};

/// Any text without NUL.
///
/// # Errors
/// For other kinds of values, and for NUL.
pub fn text(value: Value<'_>) -> Result<&str, Problem> {
    string(value, "text").map_err(|problem| match value.kind() {
        Kind::Integer(_) | Kind::BigInteger(_) | Kind::Float(_) => problem.instead(value.raw()),
        Kind::Bool(on) => problem.instead(on.to_string()),
        _ => problem,
    })
}

/// A file or folder.
///
/// # Errors
/// For what [`text`] refuses, and for the empty path.
pub fn path(value: Value<'_>) -> Result<&str, Problem> {
    let text = string(value, "a path")?;
    if text.is_empty() { Err(Problem::new("is empty", "a path needs at least one character")) } else { Ok(text) }
}

/// A path as in a request: from `/` on, without spaces and control characters.
///
/// # Errors
/// For everything else.
pub fn uri_path(value: Value<'_>) -> Result<&str, Problem> {
    let text = string(value, "a path")?;
    if text.chars().any(|c| c == ' ' || c.is_control()) {
        return Err(Problem::new("contains a space", "a path in a request has none").help("write a space as %20"));
    }
    if text.starts_with('/') {
        return Ok(text);
    }
    Err(Problem::new("does not begin with `/`", "a path in a request does").instead(format!("/{text}")))
}

/// The name of an environment variable: what POSIX allows (no `=`), and not empty.
///
/// # Errors
/// For everything else.
pub fn env(value: Value<'_>) -> Result<&str, Problem> {
    let text = string(value, "the name of an environment variable")?;
    if text.is_empty() {
        return Err(Problem::new("is empty", "a variable has a name"));
    }
    if text.contains('=') {
        return Err(Problem::new("contains `=`", "no environment variable is called so").help("write the name alone"));
    }
    match text.strip_prefix('$') {
        Some(name) => {
            let name = name.trim_matches(['{', '}']);
            Err(Problem::new("begins with `$`", "the name alone is meant").instead(name))
        }
        None => Ok(text),
    }
}

/// A whole number of 64 bits.
///
/// # Errors
/// For other kinds of values, and for larger numbers.
pub fn integer(value: Value<'_>) -> Result<i64, Problem> {
    const WANTS: &str = "a whole number";
    match value.kind() {
        Kind::Integer(number) => {
            i64::try_from(number).map_err(|_| Problem::new("is out of range", "64 bits cannot hold this"))
        }
        Kind::BigInteger(_) => Err(Problem::new("is out of range", "64 bits cannot hold this")),
        Kind::String(text) => {
            let problem = wrong_type(value, WANTS);
            Err(match text.trim().parse::<i64>() {
                Ok(number) => problem.instead_bare(number.to_string()),
                Err(_) => problem,
            })
        }
        _ => Err(wrong_type(value, WANTS)),
    }
}

/// A truth value.
///
/// # Errors
/// For other kinds of values.
pub fn boolean(value: Value<'_>) -> Result<bool, Problem> {
    match value.kind() {
        Kind::Bool(on) => Ok(on),
        kind => {
            let problem = wrong_type(value, "#true or #false");
            let on = match kind {
                Kind::String(text) => match text.to_ascii_lowercase().as_str() {
                    "true" | "yes" | "on" => Some("#true"),
                    "false" | "no" | "off" => Some("#false"),
                    _ => None,
                },
                Kind::Integer(1) => Some("#true"),
                Kind::Integer(0) => Some("#false"),
                _ => None,
            };
            Err(match on {
                Some(word) => problem.instead_bare(word),
                None => problem,
            })
        }
    }
}

/// Text, a number or a truth value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scalar<'a> {
    /// Text.
    Text(&'a str),
    /// A whole number.
    Integer(i64),
    /// A truth value.
    Bool(bool),
}

/// Text, a whole number or a truth value.
///
/// # Errors
/// For everything else, for NUL, and for numbers of more than 64 bits.
pub fn scalar(value: Value<'_>) -> Result<Scalar<'_>, Problem> {
    match value.kind() {
        Kind::String(_) => text(value).map(Scalar::Text),
        Kind::Integer(_) | Kind::BigInteger(_) => integer(value).map(Scalar::Integer),
        Kind::Bool(on) => Ok(Scalar::Bool(on)),
        Kind::Float(_) | Kind::Null => Err(wrong_type(value, "text, a whole number, #true or #false")),
    }
}

/// Like [`scalar`]; a number with a fraction is the text as which it is written.
///
/// # Errors
/// As [`scalar`], and for `#inf`, `#-inf` and `#nan`.
pub fn setting(value: Value<'_>) -> Result<Scalar<'_>, Problem> {
    match value.kind() {
        Kind::Float(number) if number.is_finite() => Ok(Scalar::Text(value.raw())),
        Kind::Float(_) => Err(Problem::new(format!("cannot be {}", shown(value.raw())), "not a number")),
        _ => scalar(value),
    }
}
