use crate::lint::members::place;
use crate::lint::patterns::{fault, is_glob};
use crate::lint::{Check, Confidence, Context, Fix, Level, Rule, Sink};
use crate::source::Span;

/// A regular expression that is none, or that was meant for a shell.
pub const RULE: Rule = Rule {
    name: "pattern-invalid",
    level: Level::Error,
    page: include_str!("../../../docs/rules/pattern-invalid.md"),
    check: Check::Claims(check),
};

fn check(context: &Context<'_>, sink: &mut Sink) {
    let system = context.system;
    for claim in system.policies.values() {
        if let Some(pattern) = claim.pattern.known() {
            let whose = format!("policy `{}`", claim.policy.value);
            let note = "the broker rejects the policy; as a part of its definitions it stops the boot";
            judge(pattern, place(&claim.pattern, claim.policy.span), &whose, note, sink);
        }
    }
    for claim in system.users.values() {
        let Some(permission) = &claim.permission else { continue };
        for (what, pattern) in [("configure", &permission.configure), ("write", &permission.write), ("read", &permission.read)] {
            let whose = format!("`{what}=` of `{}`", claim.name.value);
            let note = "the broker rejects the permission; as a part of its definitions it stops the boot";
            judge(&pattern.value, pattern.span, &whose, note, sink);
        }
    }
}

fn judge(pattern: &str, at: Span, whose: &str, note: &str, sink: &mut Sink) {
    if let Some(fault) = fault(pattern) {
        let help = if pattern.starts_with('*') {
            "in a regular expression `*` repeats what stands before it: write \".*\" for anything"
        } else {
            "close what is open, or write a backslash before a character that stands for itself"
        };
        sink.finding(format!("the pattern of {whose} is no regular expression")).label(at, fault).note(note).help(help).emit();
    } else if is_glob(pattern) {
        let right = format!("{}.*", pattern.trim_end_matches('$').trim_end_matches('*'));
        let right = if right.starts_with('^') { right } else { format!("^{right}") };
        sink.finding(format!("the pattern of {whose} repeats one letter"))
            .level(Level::Warning)
            .confidence(Confidence::Likely)
            .label(at, "`*` repeats the character before it")
            .note("it is a regular expression, not a pattern of a shell: it matches more names than those that begin like this")
            .help(format!("write \"{right}\""))
            .fix(Some(Fix { title: "match all that begin like this".to_owned(), safe: false, edits: vec![(at, format!("\"{right}\""))] }))
            .emit();
    }
}
