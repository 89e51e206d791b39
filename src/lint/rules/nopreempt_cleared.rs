use crate::lint::members::{by_place, names, place};
use crate::lint::{Check, Context, Fix, Level, Rule, Sink};
use crate::source::Span;

/// nopreempt that keepalived takes back: with state MASTER, and with priority 255 (seen with 2.1.5 to 2.3.4).
pub const RULE: Rule = Rule {
    name: "nopreempt-cleared",
    level: Level::Error,
    page: include_str!("../../../docs/rules/nopreempt-cleared.md"),
    check: Check::Claims(check),
};

fn check(context: &Context<'_>, sink: &mut Sink) {
    let found = by_place(context, |claim| {
        claim.nopreempt.known().filter(|waits| **waits)?;
        let master = claim.state.known().is_some_and(|state| state == "MASTER");
        let owner = claim.priority.known() == Some(&255);
        let (at, written) = if master { (claim.state.span(), claim.state.is_written()) } else { (claim.priority.span(), false) };
        (master || owner).then(|| (place(&claim.nopreempt, claim.span), (at, master, written)))
    });
    for (span, (at, master, written), who) in found {
        let because = if master { "state=\"MASTER\"" } else { "priority=255" };
        sink.finding(format!("keepalived takes nopreempt back from {}, for there is {because}", names(&who)))
            .label(at, format!("{because} here"))
            .label(span, "nopreempt here: cleared")
            .note("a member that was to leave the VIP where it is takes it when it comes back: every recovery is a second outage")
            .help(if master {
                "leave the state out: all members begin as BACKUP, and the highest priority decides"
            } else {
                "leave nopreempt out for the owner of the address, or give it a priority below 255"
            })
            .fix((master && written).then(|| begin_as_backup(at)))
            .emit();
    }
}

fn begin_as_backup(at: Span) -> Fix {
    Fix { title: "begin as BACKUP, as all members do".to_owned(), safe: false, edits: vec![(at, "\"BACKUP\"".to_owned())] }
}
