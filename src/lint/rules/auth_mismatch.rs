use std::collections::BTreeMap;

use crate::derive::Group;
use crate::lint::members::{Disagreement, How, known, name_of, names, place, said, vip_words};
use crate::lint::secrets::{Identity, certainly_differ};
use crate::lint::{Check, Context, Fix, Level, Rule, Sink};
use crate::source::Span;
use crate::system::{AuthClaim, VrrpClaim};
use crate::topology::AuthType;

/// Members of a VIP have to authenticate with the same secret, or not at all.
pub const RULE: Rule = Rule {
    name: "auth-mismatch",
    level: Level::Error,
    page: include_str!("../../../docs/rules/auth-mismatch.md"),
    check: Check::Claims(check),
};

fn check(context: &Context<'_>, sink: &mut Sink) {
    let system = context.system;
    for group in context.groups() {
        types(context, group, sink);
        let members = || group.members.iter().map(|id| &system.vrrps[*id]);
        // VRRPv3 knows no authentication; a differing version is another rule's.
        if members().any(|claim| claim.version.known() != Some(&2)) {
            continue;
        }
        let mut camps: BTreeMap<Option<Identity>, Vec<&VrrpClaim>> = BTreeMap::new();
        let mut certain = true;
        for claim in members() {
            let identity = match &claim.auth {
                AuthClaim::Absent => None,
                AuthClaim::Pass(secret) => {
                    let identity = Identity::of(context, secret, Some(8));
                    certain &= identity.is_some();
                    identity
                }
            };
            camps.entry(identity).or_default().push(claim);
        }
        if camps.len() < 2 || !certain {
            continue;
        }
        let identities: Vec<&Identity> = camps.keys().flatten().collect();
        let surely = camps.contains_key(&None) || certainly_differ(context, &identities);
        // Where as many authenticate as do not, those who do are right.
        let size = |identity: &Option<Identity>, camp: &[&VrrpClaim]| {
            (camp.len(), identity.is_some(), std::cmp::Reverse(camp.iter().map(|claim| span(claim)).min()))
        };
        let expected = camps.iter().max_by_key(|(identity, camp)| size(identity, camp));
        let Some(expected) = expected.map(|(identity, _)| identity.clone()) else { continue };
        let mut labels: Vec<(bool, Span, String)> = Vec::new();
        let mut edits = Some(Vec::new());
        for (identity, camp) in &camps {
            let mut at: BTreeMap<Span, Vec<&str>> = BTreeMap::new();
            for claim in camp {
                at.entry(span(claim)).or_default().push(name_of(system, claim));
                if *identity != expected {
                    let written = matches!(&claim.auth, AuthClaim::Pass(secret) if secret.is_written());
                    let text = expected.as_ref().and_then(|identity| identity.reference(context));
                    match (&mut edits, written, text) {
                        (Some(edits), true, Some(text)) => edits.push((span(claim), text)),
                        (edits, ..) => *edits = None,
                    }
                }
            }
            for (span, who) in at {
                let what = identity.as_ref().map_or_else(|| "no authentication".to_owned(), |one| one.words(context));
                labels.push((*identity == expected, span, format!("{}: {what}", names(&who))));
            }
        }
        labels.sort();
        let vip = vip_words(context, group);
        let message = if surely { "do not authenticate alike" } else { "may not authenticate alike" };
        sink.finding(format!("members of {vip} {message}"))
            .level(if surely { Level::Error } else { Level::Warning })
            .labels(labels.into_iter().map(|(_, span, text)| (span, text)))
            .note(format!(
                "an advert with another `auth_pass` (its first 8 characters count), or without one, is dropped: all of \
                 them hold {vip} at the same time"
            ))
            .help("name one secret for the whole VIP: auth=\"…\" on the `vip` node, and none on its members")
            .fix(edits.filter(|edits| surely && !edits.is_empty()).map(|mut edits| {
                edits.sort();
                edits.dedup();
                Fix { title: "use one secret everywhere".to_owned(), safe: true, edits }
            }))
            .emit();
    }
}

/// Members that show the same secret each in another way.
fn types(context: &Context<'_>, group: &Group<VrrpClaim>, sink: &mut Sink) {
    let types = said(context, group, |claim| {
        let shows = claim.version.known() == Some(&2) && matches!(claim.auth, AuthClaim::Pass(_));
        known(&claim.auth_type, claim.span).filter(|_| shows)
    });
    let word = |kind: &AuthType| match kind {
        AuthType::Pass => "PASS".to_owned(),
        AuthType::Ah => "AH".to_owned(),
    };
    let Some(split) = Disagreement::of(&types, |kind| format!("auth_type {}", word(kind))) else { return };
    let (vip, one) = (vip_words(context, group), word(&split.expected));
    sink.finding(format!("members of {vip} authenticate in different ways: {}", split.values(word)))
        .labels(split.places.iter().cloned())
        .note(format!("each drops the other's adverts, so all of them hold {vip} at the same time"))
        .help("leave auth-type= out: then all show the secret as PASS")
        .fix(split.fix(format!("show it as {one} everywhere"), &format!("\"{one}\"")))
        .emit();
}

fn span(claim: &VrrpClaim) -> Span {
    match &claim.auth {
        AuthClaim::Pass(secret) if How::of(secret) == How::Written => place(secret, claim.span),
        _ => claim.span,
    }
}
