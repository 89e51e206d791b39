use crate::lint::members::{Disagreement, known, said, vip_words};
use crate::lint::{Check, Confidence, Context, Level, Rule, Sink};

/// Members of a VIP have to announce in the same interval; under VRRPv2 they do not accept each other otherwise.
pub const RULE: Rule = Rule {
    name: "advert-mismatch",
    level: Level::Error,
    page: include_str!("../../../docs/rules/advert-mismatch.md"),
    check: Check::Claims(check),
};

fn check(context: &Context<'_>, sink: &mut Sink) {
    for group in context.groups() {
        let adverts = said(context, group, |claim| known(&claim.advert, claim.span));
        let Some(split) = Disagreement::of(&adverts, |millis| format!("an advert every {}", duration(*millis))) else {
            continue;
        };
        let vip = vip_words(context, group);
        let mut versions = group.members.iter().map(|id| context.system.vrrps[*id].version.known());
        let all_v3 = versions.all(|version| version == Some(&3));
        let (level, confidence, note) = if all_v3 {
            let note = "under VRRPv3 the others learn the holder's interval, so they agree after all; but how long a \
                        failure is felt depends on who held the VIP";
            (Level::Advice, Confidence::Possible, note.to_owned())
        } else {
            let note =
                format!("under VRRPv2 an advert with another interval is dropped, so all of them hold {vip} at once");
            (Level::Error, Confidence::Certain, note)
        };
        let interval = duration(split.expected);
        sink.finding(format!("members of {vip} announce in different intervals: {}", split.values(|ms| duration(*ms))))
            .level(level)
            .confidence(confidence)
            .labels(split.places.iter().cloned())
            .note(note)
            .help(format!("write advert=\"{interval}\" everywhere, or leave it out"))
            .fix(split.fix(format!("announce every {interval} everywhere"), &format!("\"{interval}\"")))
            .emit();
    }
}

/// Milliseconds as a topology writes them.
fn duration(millis: u64) -> String {
    if millis.is_multiple_of(1000) { format!("{}s", millis / 1000) } else { format!("{millis}ms") }
}
