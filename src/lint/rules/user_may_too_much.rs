use rustc_hash::FxHashSet;

use crate::lint::patterns::Names;
use crate::lint::{Check, Confidence, Context, Fix, Level, Rule, Sink};

/// A user with more than an application needs.
pub const RULE: Rule = Rule {
    name: "user-may-too-much",
    level: Level::Warning,
    page: include_str!("../../../docs/rules/user-may-too-much.md"),
    check: Check::Claims(check),
};

fn check(context: &Context<'_>, sink: &mut Sink) {
    let system = context.system;
    let names = system.users.values().filter(|claim| claim.permission.is_some());
    let applications: FxHashSet<_> = names.map(|claim| (claim.cluster, claim.name.value.as_str())).collect();
    for claim in system.users.values() {
        let name = &claim.name.value;
        let tags = claim.tags.known().map_or("", String::as_str);
        let administrator = tags.split(',').any(|tag| tag.trim() == "administrator");
        if administrator && applications.contains(&(claim.cluster, name.as_str())) {
            sink.finding(format!("user `{name}` works with queues and administers the cluster"))
                .confidence(Confidence::Possible)
                .label(claim.tags.span(), "may delete every vhost, and read every message")
                .note("whoever takes over the application, or reads its configuration, has the cluster")
                .help("leave the tag out, and declare another user for people")
                .fix((tags.trim() == "administrator" && claim.tags.is_written()).then(|| Fix {
                    title: "take the tag away".to_owned(),
                    safe: false,
                    edits: vec![(claim.tags.span(), "\"\"".to_owned())],
                }))
                .emit();
        }
        let Some(permission) = &claim.permission else { continue };
        let all = [&permission.configure, &permission.write, &permission.read];
        if all.iter().all(|pattern| Names::of(&pattern.value) == Names::Prefix(String::new()) && !pattern.value.is_empty()) {
            sink.finding(format!("user `{name}` may do everything with every queue"))
                .confidence(Confidence::Possible)
                .labels(all.iter().map(|pattern| (pattern.span, "every name".to_owned())))
                .note("one faulty application deletes and reads the queues of all others of the vhost")
                .help("write what belongs to it, such as configure=\"^shop\\\\.\"; or give each application a vhost")
                .emit();
            continue;
        }
        for pattern in all {
            let plain = !pattern.value.is_empty() && !pattern.value.starts_with(['^', '(', '.']) && pattern.value != "$";
            if !plain || pattern.value.ends_with('$') {
                continue;
            }
            sink.finding(format!("a permission of `{name}` matches anywhere in a name"))
                .confidence(Confidence::Possible)
                .label(pattern.span, "not bound to the beginning")
                .note(format!("`{0}` also fits `other-{0}`, which may belong to somebody else", pattern.value))
                .help(format!("write \"^{}\"", pattern.value))
                .emit();
        }
    }
}
