use crate::lint::{Check, Context, Level, Rule, Sink};

/// A server name is one name that somebody can ask for. nginx takes nearly every text for one (seen with 1.22.1: `a b`, `a*b`
/// and `é.x` pass its own test) and compares it with what the browser sends.
pub const RULE: Rule = Rule {
    name: "server-name-form",
    level: Level::Error,
    page: include_str!("../../../docs/rules/server-name-form.md"),
    check: Check::Claims(check),
};

/// The longest host name (RFC 1035).
const LONGEST: usize = 253;

fn check(context: &Context<'_>, sink: &mut Sink) {
    let https = context.topology.into_iter().flat_map(|topology| &topology.nginxes).flat_map(|nginx| &nginx.https);
    for name in https.filter_map(|http| http.server_name.as_ref()) {
        let Some((label, help)) = wrong(&name.value) else { continue };
        sink.finding("nobody can ask for this server name")
            .label(name.span, label)
            .note("nginx may start with it, but no request ever bears this name: whoever asks for another one gets 404")
            .help(help)
            .emit();
    }
}

/// What is wrong with a name, and what to do. Nobody here judges a regular expression.
fn wrong(name: &str) -> Option<(&'static str, &'static str)> {
    const FORM: &str = "write a host name, such as \"shop.example\" or \"*.shop.example\"; leave it out where any name will do";
    let text = name.strip_prefix('~').map_or(name, |expression| if expression.is_empty() { name } else { "_" });
    if text == "_" {
        return None;
    }
    if text.contains([' ', ',', ';', '\t']) {
        return Some(("several, or none", "one `http` for each name: they may share a port"));
    }
    if text.contains([':', '/']) {
        return Some(("more than a host name", "write the name alone: the port is port=, and paths are not told apart"));
    }
    if !text.is_ascii() {
        return Some(("not ASCII", "write the name as browsers send it, `xn--…` (Punycode)"));
    }
    if text.len() > LONGEST {
        return Some(("longer than any host name", FORM));
    }
    // A star stands for whole labels at one end; a leading dot is short for the name with and without one.
    let plain = text.strip_prefix("*.").or_else(|| text.strip_suffix(".*")).or_else(|| text.strip_prefix('.')).unwrap_or(text);
    let label = |label: &str| !label.is_empty() && label.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'));
    (!plain.split('.').all(label)).then_some(("no host name", FORM))
}
