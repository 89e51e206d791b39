use crate::lint::{Check, Confidence, Context, Fix, Level, Rule, Sink};

/// A tag of a user that RabbitMQ does not know.
pub const RULE: Rule = Rule {
    name: "tag-unknown",
    level: Level::Warning,
    page: include_str!("../../../docs/rules/tag-unknown.md"),
    check: Check::Claims(check),
};

/// Tags with a meaning (rabbitmq.com/docs/management, "Permissions"; `impersonator`: docs/validated-user-id).
const TAGS: [&str; 6] = ["administrator", "impersonator", "management", "monitoring", "none", "policymaker"];

fn check(context: &Context<'_>, sink: &mut Sink) {
    for claim in context.system.users.values() {
        let Some(tags) = claim.tags.known() else { continue };
        for tag in tags.split(',').map(str::trim).filter(|tag| !tag.is_empty() && !TAGS.contains(tag)) {
            // Tags of one's own are allowed, and mean something to plugins of one's own.
            let Some(meant) = crate::suggest::closest(tag, TAGS) else { continue };
            let alone = tags.trim() == tag && claim.tags.is_written();
            sink.finding(format!("RabbitMQ has no tag `{tag}`"))
                .confidence(Confidence::Likely)
                .label(claim.tags.span(), format!("`{meant}` is one"))
                .note("the broker keeps the tag and gives nothing for it: the user gets no further than the login of the management interface")
                .help(format!("did you mean `{meant}`?"))
                .fix(alone.then(|| Fix {
                    title: format!("write {meant}"),
                    safe: false,
                    edits: vec![(claim.tags.span(), format!("\"{meant}\""))],
                }))
                .emit();
        }
    }
}
