use crate::lint::{Check, Confidence, Context, Level, Rule, Sink};

/// A name of a virtual host that clients get wrong.
pub const RULE: Rule = Rule {
    name: "vhost-name-awkward",
    level: Level::Warning,
    page: include_str!("../../../docs/rules/vhost-name-awkward.md"),
    check: Check::Claims(check),
};

fn check(context: &Context<'_>, sink: &mut Sink) {
    for claim in context.system.vhosts.values() {
        let name = claim.name.value.as_str();
        if name.trim() != name || name.is_empty() {
            sink.finding("the name of a vhost is empty, or has a blank at its edge")
                .confidence(Confidence::Likely)
                .label(claim.name.span, "nobody sees it")
                .note("a client that writes it as it is read is refused: to AMQP it is another name")
                .help("write it without")
                .emit();
        } else if name != "/" && name.contains('/') {
            sink.finding(format!("the name of vhost `{name}` has a slash"))
                .level(Level::Advice)
                .confidence(Confidence::Possible)
                .label(claim.name.span, "in a URI it is %2F")
                .note("amqp://HOST/shop is the vhost `shop`, and amqp://HOST//shop is `/shop` to some clients and nothing to others")
                .help("leave the slash out: vhosts are no paths; only `/` itself has one")
                .emit();
        }
    }
}
