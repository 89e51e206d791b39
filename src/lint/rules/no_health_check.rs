use crate::lint::{Check, Confidence, Context, Level, Rule, Sink};

/// An application that hacc does not start itself has the health check of its image, or none.
pub const RULE: Rule = Rule {
    name: "no-health-check",
    level: Level::Advice,
    page: include_str!("../../../docs/rules/no-health-check.md"),
    check: Check::Claims(check),
};

fn check(context: &Context<'_>, sink: &mut Sink) {
    for application in context.topology.into_iter().flat_map(|topology| &topology.applications) {
        if application.start.is_some() {
            continue;
        }
        sink.finding(format!("Docker does not know whether `{}` is well", application.name.value))
            .label(application.name.span, "no start=: only the image could bring a health check")
            .confidence(Confidence::Possible)
            .note("docker compose ps says \"up\" of an instance that hangs")
            .help("write start= with the command of the image: then its port is asked, or give the image a HEALTHCHECK")
            .emit();
    }
}
