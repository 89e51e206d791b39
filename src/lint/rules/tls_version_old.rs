use crate::lint::settings::text;
use crate::lint::{Check, Context, Level, Rule, Sink};

/// Versions of TLS that clients refuse and attackers like.
pub const RULE: Rule = Rule {
    name: "tls-version-old",
    level: Level::Warning,
    page: include_str!("../../../docs/rules/tls-version-old.md"),
    check: Check::Claims(check),
};

/// As `ssl_options.versions.N` names them; all of them were given up by RFC 8996 and before.
const OLD: [&str; 4] = ["sslv3", "tlsv1", "tlsv1.0", "tlsv1.1"];

fn check(context: &Context<'_>, sink: &mut Sink) {
    for claim in context.system.settings.values() {
        let key = claim.key.value.as_str();
        let value = text(&claim.value.value);
        let versions = key.starts_with("ssl_options.versions.")
            || key.starts_with("management.ssl.versions.")
            || key.starts_with("prometheus.ssl.versions.");
        if !versions || !OLD.contains(&value.to_ascii_lowercase().as_str()) {
            continue;
        }
        sink.finding(format!("`{value}` was given up years ago"))
            .label(claim.value.span, "broken, and refused by current clients")
            .note(
                "what is encrypted so can be read by whoever records it and takes the time; and Erlang of the newer images \
                 does not offer it at all, so that old clients fail after the next upgrade",
            )
            .help("write tlsv1.2 and tlsv1.3, or leave it out: these are the defaults")
            .emit();
    }
}
