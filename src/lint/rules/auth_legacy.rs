use crate::lint::members::{by_place, names};
use crate::lint::{Check, Confidence, Context, Fix, Level, Rule, Sink};
use crate::system::{AuthClaim, Place};
use crate::topology::AuthType;

/// Authentication of VRRP that was given up in 2004 (RFC 3768): the authentication header, and a password where others listen.
pub const RULE: Rule = Rule {
    name: "auth-legacy",
    level: Level::Advice,
    page: include_str!("../../../docs/rules/auth-legacy.md"),
    check: Check::Claims(check),
};

fn check(context: &Context<'_>, sink: &mut Sink) {
    let system = context.system;
    let found = by_place(context, |claim| {
        let AuthClaim::Pass(secret) = &claim.auth else { return None };
        if claim.version.known() != Some(&2) {
            return None;
        }
        let header = claim.auth_type.known() == Some(&AuthType::Ah);
        let lan = system.segments[claim.segment].place == Place::Lan;
        (header || lan).then(|| (if header { claim.auth_type.span() } else { secret.span() }, header))
    });
    for (span, header, who) in found {
        let draft = if header {
            sink.finding(format!("the authentication of {} is AH, which VRRP gave up in 2004", names(&who)))
                .label(span, "AH here")
                .note("it hardly works with unicast, takes state MASTER back, and other programs no longer know it")
                .fix(Some(Fix {
                    title: "show the secret as PASS".to_owned(),
                    safe: false,
                    edits: vec![(span, "\"PASS\"".to_owned())],
                }))
                .help("leave auth-type= out; where the network has strangers, let a firewall keep them from protocol 112")
        } else {
            sink.finding(format!("the VRRP password of {} can be read by everybody on the network between the hosts", names(&who)))
                .confidence(Confidence::Possible)
                .label(span, "sent as it is, in every advert")
                .note("who reads it once can send adverts of priority 255 and take the VIP; it keeps accidents apart, and nobody who wants in")
                .help("let a firewall admit protocol 112 from the members alone; the password does no harm")
        };
        draft.emit();
    }
}
