use crate::lint::{Check, Context, Level, Rule, Sink};

/// A file of an instance has a path from the root on.
pub const RULE: Rule = Rule {
    name: "env-path-relative",
    level: Level::Error,
    page: include_str!("../../../docs/rules/env-path-relative.md"),
    check: Check::Claims(check),
};

fn check(context: &Context<'_>, sink: &mut Sink) {
    let applications = context.topology.into_iter().flat_map(|topology| &topology.applications);
    for init in applications.filter_map(|application| application.init.as_ref()) {
        for (property, path) in [("env", Some(&init.env)), ("script", init.script.as_ref())] {
            let Some(path) = path.filter(|path| !path.value.starts_with('/')) else { continue };
            sink.finding(format!("{property}= is no path from `/` on"))
                .label(path.span, "relative to what?")
                .note(
                    "it would depend on the working folder of the image: the file is written in one place and read in \
                     another, and the application starts with the values of its image",
                )
                .help("write the path as the container sees it, such as \"/var/www/.env\"")
                .emit();
        }
    }
}
