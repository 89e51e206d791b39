use crate::lint::members::{by_place, names, place};
use crate::lint::{Check, Confidence, Context, Fix, Level, Rule, Sink};

/// A member that tracks nothing keeps the VIP while its HAProxy serves nobody.
pub const RULE: Rule = Rule {
    name: "vip-unchecked",
    level: Level::Warning,
    page: include_str!("../../../docs/rules/vip-unchecked.md"),
    check: Check::Claims(check),
};

fn check(context: &Context<'_>, sink: &mut Sink) {
    let found = by_place(context, |claim| {
        let unchecked = claim.checked.known() == Some(&false) && claim.tracks.is_empty();
        unchecked.then(|| (place(&claim.checked, claim.span), ()))
    });
    for (span, (), who) in found {
        sink.finding(format!("nothing takes the VIP away from {} when its HAProxy hangs", names(&who)))
            .confidence(Confidence::Likely)
            .label(span, "no check")
            .note("VRRP sees dead machines only: a HAProxy that runs and answers nobody keeps the address, and every connection waits")
            .fix(Some(Fix { title: "check HAProxy".to_owned(), safe: false, edits: vec![(span, "#true".to_owned())] }))
            .help("leave `check` out: then HAProxy is asked every second; or `track` what the address depends on")
            .emit();
    }
}
