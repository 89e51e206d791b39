use crate::lint::members::{by_place, names, place};
use crate::lint::{Check, Context, Fix, Level, Rule, Sink};

/// Strict mode drops everything that is sent to the VIP and is not VRRP (seen with keepalived's own firewall rules).
pub const RULE: Rule = Rule {
    name: "vrrp-strict",
    level: Level::Error,
    page: include_str!("../../../docs/rules/vrrp-strict.md"),
    check: Check::Claims(check),
};

fn check(context: &Context<'_>, sink: &mut Sink) {
    let found = by_place(context, |claim| {
        let strict = claim.strict.known() == Some(&true);
        strict.then(|| (place(&claim.strict, claim.span), claim.strict.is_written()))
    });
    for (span, written, who) in found {
        sink.finding(format!("in strict mode nobody gets to the VIP on {}", names(&who)))
            .label(span, "VRRP to the letter")
            .note(
                "a router need not answer on its virtual address, so keepalived has the firewall drop all that comes to it: the \
                 service is unreachable; the password and preempt-delay are taken away as well",
            )
            .help("leave strict= out")
            .fix(written.then(|| Fix {
                title: "no strict mode".to_owned(),
                safe: false,
                edits: vec![(span, "#false".to_owned())],
            }))
            .emit();
    }
}
