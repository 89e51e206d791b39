use crate::lint::{Check, Context, Level, Rule, Sink};

/// A container lives as long as the command that it was started with.
pub const RULE: Rule = Rule {
    name: "start-does-not-stay",
    level: Level::Error,
    page: include_str!("../../../docs/rules/start-does-not-stay.md"),
    check: Check::Claims(check),
};

fn check(context: &Context<'_>, sink: &mut Sink) {
    for application in context.topology.into_iter().flat_map(|topology| &topology.applications) {
        let Some(start) = &application.start else { continue };
        let line = start.value.trim_end().trim_end_matches(';').trim_end();
        let last = line.rsplit([';', '&', '|']).next().unwrap_or(line).trim();
        let words: Vec<&str> = last.split_whitespace().collect();
        let (what, instead) = if line.ends_with('&') && !line.ends_with("&&") {
            ("goes on in the background", "remove the `&` at its end")
        } else if matches!(words.as_slice(), ["systemctl", "start" | "restart", ..]) {
            ("asks a service manager that no container has", "write the command that the service would run")
        } else if matches!(words.as_slice(), ["service" | "/usr/sbin/service", _, "start" | "restart"]) {
            ("leaves a service behind and ends", "write the command that the service runs, in the foreground")
        } else {
            continue;
        };
        sink.finding(format!("the start command of `{}` ends at once", application.name.value))
            .label(start.span, what)
            .note("the container ends with it, and Docker starts it again, for ever; what runs in the background is killed each time")
            .help(format!("{instead}, best after exec: then it gets the signals as well"))
            .emit();
    }
}
