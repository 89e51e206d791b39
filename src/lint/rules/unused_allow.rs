use crate::lint::{Check, Context, Fix, Level, Rule, Sink};
use crate::topology::{Allow, Scope};

/// An `allow` that accepts nothing.
pub const RULE: Rule = Rule {
    name: "unused-allow",
    level: Level::Warning,
    page: include_str!("../../../docs/rules/unused-allow.md"),
    check: Check::Allows(check),
};

fn check(_: &Context<'_>, unused: &[&Allow], sink: &mut Sink) {
    // An unknown name is an error of its own; an allow of this rule is needed only by what is found here.
    let known = |allow: &&&Allow| allow.rule.value != RULE.name && crate::lint::rule(&allow.rule.value).is_some();
    for allow in unused.iter().filter(known) {
        let scope = match allow.scope {
            Scope::Topology => "in this topology",
            Scope::File(_) => "in this file",
            Scope::Node(_) => "in this node",
            Scope::Line(line) if line.start > allow.span.end => "on the next line",
            Scope::Line(_) => "on this line",
        };
        sink.finding(format!("`{}` is allowed, but not found {scope}", allow.rule.value))
            .label(allow.rule.span, "accepts nothing")
            .note("the next mistake of that kind would be accepted unseen")
            .help("remove the `allow`")
            .fix(Some(Fix {
                title: "remove the `allow`".to_owned(),
                safe: true,
                edits: vec![(allow.span, String::new())],
            }))
            .emit();
    }
}
