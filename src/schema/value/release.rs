use super::super::problem::{Problem, shown};
use super::{Kind, Value, string};
use crate::topology::Version;

/// An exact version.
///
/// # Errors
/// For floating versions, suffixes and everything else that does not name one release.
pub fn version(value: Value<'_>) -> Result<Version, Problem> {
    const NOTE: &str = "what hacc knows about releases (and what you get tomorrow) depends on the exact one";
    if let Kind::Float(_) | Kind::Integer(_) = value.kind() {
        return Err(Problem::new("must be text, in quotes", "a version has three numbers")
            .code("wrong-type")
            .help("write all three numbers, in quotes, like \"3.10.8\""));
    }
    let text = string(value, "a version")?;
    if let Some(version) = Version::parse(text) {
        return Ok(version);
    }
    let problem = Problem::new(format!("is not an exact version: {}", shown(text)), why_not(text)).note(NOTE);
    let core = text.trim_start_matches(['v', 'V']).split(['-', '+']).next().unwrap_or("");
    Err(match Version::parse(core) {
        Some(version) if text.contains('-') => problem.help(format!(
            "write version=\"{version}\", and the image with its tag as image=\"…:{}\"",
            text.trim_start_matches(['v', 'V'])
        )),
        Some(version) => problem.instead(version.to_string()),
        None => problem.help("write three numbers, like \"3.10.8\""),
    })
}

fn why_not(text: &str) -> &'static str {
    let numbers = text.split('.').all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()));
    match text.split('.').count() {
        _ if !numbers && text.contains('-') => "a version has no suffix",
        _ if !numbers && text.contains(['*', '^', '~', '<', '>', '=']) => "a version is not a range",
        _ if !numbers => "a version is three numbers",
        1 | 2 => "this names a series of releases, not one",
        3 => "numbers have no leading zeros and at most six digits",
        _ => "a version is three numbers, not more",
    }
}

/// A container image: `[REGISTRY[:PORT]/]NAME[:TAG][@sha256:DIGEST]`, as the distribution reference grammar says
/// (<https://pkg.go.dev/github.com/distribution/reference>).
///
/// # Errors
/// For what Docker would refuse to read.
pub fn image(value: Value<'_>) -> Result<&str, Problem> {
    let text = string(value, "an image")?;
    let bad = |label: &str| Problem::new(format!("is not an image: {}", shown(text)), label);
    if text.is_empty() {
        return Err(bad("an image has a name"));
    }
    let (rest, digest) = text.split_once('@').map_or((text, None), |(rest, digest)| (rest, Some(digest)));
    if let Some(digest) = digest {
        let hex = digest.strip_prefix("sha256:");
        let fine =
            hex.is_some_and(|hex| hex.len() == 64 && hex.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f')));
        if !fine {
            return Err(bad("a digest is `sha256:` and 64 hexadecimal digits in lower case"));
        }
    }
    // A colon before the last slash belongs to the registry's port.
    let last = rest.rfind('/').map_or(0, |at| at + 1);
    let (name, tag) = match rest.get(last..).and_then(|part| part.find(':')) {
        Some(at) => (&rest[..last + at], Some(&rest[last + at + 1..])),
        None => (rest, None),
    };
    if let Some(tag) = tag {
        let word = |b: u8| b.is_ascii_alphanumeric() || b == b'_';
        let fine = tag.len() <= 128 && tag.bytes().next().is_some_and(word);
        if !fine || !tag.bytes().all(|b| word(b) || b == b'.' || b == b'-') {
            return Err(bad("a tag is letters, digits, `_`, `.` and `-`, at most 128 of them"));
        }
    }
    let mut parts = name.split('/').peekable();
    if name.contains('/') {
        let first = parts.peek().copied().unwrap_or("");
        if first.contains(['.', ':']) || first == "localhost" {
            parts.next();
            if !is_registry(first) {
                return Err(bad("before the first `/` stands a registry: a host name and perhaps a port"));
            }
        }
    }
    if name.len() > 255 {
        return Err(bad("an image's name has at most 255 characters"));
    }
    if parts.all(is_component) {
        Ok(text)
    } else if name.bytes().any(|b| b.is_ascii_uppercase()) {
        let problem = bad("an image's name is written in lower case");
        Err(problem.instead(format!("{}{}", name.to_ascii_lowercase(), &text[name.len()..])))
    } else {
        Err(bad("an image's name is a-z and 0-9 in parts separated by `/`, with `.`, `_`, `__` or `-` between them"))
    }
}

fn is_registry(text: &str) -> bool {
    let (host, port) = text.split_once(':').map_or((text, None), |(host, port)| (host, Some(port)));
    let label = |label: &str| {
        !label.is_empty()
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
    };
    let digits = |port: &str| !port.is_empty() && port.bytes().all(|b| b.is_ascii_digit());
    host.split('.').all(label) && port.is_none_or(digits)
}

/// `[a-z0-9]+ ( ( "." | "_" | "__" | "-"+ ) [a-z0-9]+ )*`
fn is_component(part: &str) -> bool {
    let word = |b: &u8| matches!(b, b'a'..=b'z' | b'0'..=b'9');
    let ends = part.as_bytes().first().is_some_and(word) && part.as_bytes().last().is_some_and(word);
    let between = part.split(|c: char| matches!(c, 'a'..='z' | '0'..='9'));
    ends && between.into_iter().all(|gap| matches!(gap, "" | "." | "_" | "__") || gap.bytes().all(|b| b == b'-'))
}
