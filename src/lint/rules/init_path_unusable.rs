use crate::lint::{Check, Context, Level, Rule, Sink};
use crate::source::Spanned;
use crate::topology::Init;

/// What runs before an instance starts can write its files: they are files, two of them, and not where hacc's own are mounted
/// for reading.
pub const RULE: Rule = Rule {
    name: "init-path-unusable",
    level: Level::Error,
    page: include_str!("../../../docs/rules/init-path-unusable.md"),
    check: Check::Claims(check),
};

/// Where hacc's own files of an instance are mounted, read-only.
const OWN: &str = "/etc/hacc";

fn check(context: &Context<'_>, sink: &mut Sink) {
    let applications = context.topology.into_iter().flat_map(|topology| &topology.applications);
    for init in applications.filter_map(|application| application.init.as_ref()) {
        for (property, path) in [("env", Some(&init.env)), ("script", init.script.as_ref())] {
            // One that is not absolute is env-path-relative's.
            let Some(path) = path.filter(|path| path.value.starts_with('/')) else { continue };
            let Some(label) = unusable(&path.value) else { continue };
            sink.finding(format!("nothing can be written at the path of {property}="))
                .label(path.span, label)
                .note("the start script fails before the application starts, and again at every restart")
                .help("write the path of a file as the container sees it, such as \"/var/www/.env\"")
                .emit();
        }
        same(init, sink);
    }
}

fn unusable(path: &str) -> Option<&'static str> {
    let parts = parts(path);
    if path.ends_with('/') || path.ends_with("/.") || path.ends_with("/..") {
        Some("a folder, not a file")
    } else if parts.contains(&"..") {
        Some("goes up again with `..`")
    } else if format!("/{}/", parts.join("/")).starts_with(&format!("{OWN}/")) {
        Some("hacc's own files are mounted at /etc/hacc, for reading alone")
    } else {
        None
    }
}

/// The file of variables, and `init.sh` in the same place.
fn same(init: &Init, sink: &mut Sink) {
    let env = parts(&init.env.value);
    let (script, help): (Option<&Spanned<String>>, _) = match &init.script {
        Some(script) if parts(&script.value) == env => (Some(script), "give the script a place of its own, or leave script= out"),
        None if env.last() == Some(&"init.sh") => (None, "give the file of variables another name, or say script="),
        _ => return,
    };
    let finding = sink.finding("the file of variables and init.sh are one file").label(init.env.span, "the file of variables");
    let finding = match script {
        Some(script) => finding.label(script.span, "init.sh stands there as well"),
        None => finding,
    };
    finding
        .note("init.sh overwrites itself with the variables: the application reads a shell script, or runs its variables")
        .help(help)
        .emit();
}

/// The parts of a path; `.` and doubled slashes say nothing.
fn parts(path: &str) -> Vec<&str> {
    path.split('/').filter(|part| !matches!(*part, "" | ".")).collect()
}
