use std::collections::BTreeSet;

use crate::lint::members::{name_of, place};
use crate::lint::{Check, Confidence, Context, Level, Rule, Sink};

/// How long nobody serves before the VIP moves: `fall` tries where HAProxy dies, three adverts and a skew where the machine
/// does (RFC 3768, 6.1).
pub const RULE: Rule = Rule {
    name: "failover-slow",
    level: Level::Advice,
    page: include_str!("../../../docs/rules/failover-slow.md"),
    check: Check::Claims(check),
};

/// What clients of AMQP and HTTP bear, in milliseconds.
const PATIENCE: u64 = 30_000;

fn check(context: &Context<'_>, sink: &mut Sink) {
    let system = context.system;
    let mut seen = BTreeSet::new();
    for claim in system.vrrps.values() {
        let name = name_of(system, claim);
        for check in claim.commands() {
            let (Some(every), Some(fall)) = (check.every.known(), check.fall.known()) else { continue };
            let Some(until) = u64::try_from(*fall).ok().and_then(|fall| fall.checked_mul(*every)) else { continue };
            // What is out of range is another rule's.
            let fits = (1..=65_535).contains(fall) && *every <= 4_294_000;
            let at = if check.every.is_written() { check.every.span() } else { place(&check.fall, claim.span) };
            if until <= PATIENCE || !fits || !seen.insert(at) {
                continue;
            }
            sink.finding(format!("a dead HAProxy of `{name}` keeps the VIP for {} s", until / 1000))
                .confidence(Confidence::Likely)
                .label(at, format!("a check every {} s", every / 1000))
                .label(place(&check.fall, claim.span), format!("{fall} of them have to fail: {} s", until / 1000))
                .note("clients give up after some 30 s; until the check has failed often enough every connection ends in nothing")
                .help("write every=\"1s\" and fall=2, or leave both out")
                .emit();
        }
        // What is out of range is another rule's.
        let longest = if claim.version.known() == Some(&3) { 40_950 } else { 255_000 };
        let Some(advert) = claim.advert.known().filter(|advert| **advert <= longest) else { continue };
        let at = place(&claim.advert, claim.span);
        if advert.saturating_mul(3) > PATIENCE && seen.insert(at) {
            sink.finding(format!("when the machine of `{name}` dies, the others wait {} s", advert * 3 / 1000))
                .confidence(Confidence::Likely)
                .label(at, format!("an advert every {} s; three have to be missing", advert / 1000))
                .note("nobody holds the VIP in the meantime, and clients give up after some 30 s")
                .help("write advert=\"1s\", or leave it out")
                .emit();
        }
    }
}
