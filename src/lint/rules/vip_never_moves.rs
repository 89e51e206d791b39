use std::cmp::Reverse;
use std::net::Ipv4Addr;

use crate::derive::Group;
use crate::lint::members::{How, list, name_of, place, vip_words};
use crate::lint::{Check, Context, Fix, Level, Rule, Sink};
use crate::system::{System, VrrpClaim};

/// The check fails, and the VIP stays where it is.
pub const RULE: Rule = Rule {
    name: "vip-never-moves",
    level: Level::Error,
    page: include_str!("../../../docs/rules/vip-never-moves.md"),
    check: Check::Claims(check),
};

/// A member as keepalived would see it.
#[derive(Clone, Copy)]
struct Member<'a> {
    claim: &'a VrrpClaim,
    /// Effective priority while its check passes.
    healthy: i64,
    /// Effective priority while its check fails; `None`: it goes to FAULT and lets go.
    failed: Option<i64>,
    /// Whether it leaves a worse holder alone.
    waits: bool,
    /// Its own address, which decides between equal priorities.
    ip: Option<Ipv4Addr>,
}

fn check(context: &Context<'_>, sink: &mut Sink) {
    let system = context.system;
    for group in context.groups() {
        let Some(mut members) = members(system, group) else { continue };
        if members.len() < 2 {
            continue;
        }
        members.sort_by_key(|member| Reverse((member.healthy, member.ip)));
        // Who can take over from a holder that is still alive: the best of those that do not wait, and the next one,
        // for the case that the best is the holder itself.
        let mut bold = members.iter().filter(|member| !member.waits);
        let (best, next) = (bold.next(), bold.next());
        // While all are well, the VIP rests with the best member, or with a worse one if all better ones wait.
        for holder in &members {
            let is_best = best.is_some_and(|best| std::ptr::eq(best.claim, holder.claim));
            let challenger = if is_best { next } else { best };
            if let Some(failed) = holder.failed
                && challenger.is_none_or(|challenger| challenger.healthy <= failed)
            {
                report(context, sink, group, &members, holder, failed);
                break;
            }
            if !holder.waits {
                break;
            }
        }
    }
}

/// The members of a group; `None` where something about them is not certain, or where the check is missing.
fn members<'a>(system: &'a System, group: &Group<VrrpClaim>) -> Option<Vec<Member<'a>>> {
    let member = |claim: &'a VrrpClaim| {
        // Out of range: keepalived uses another number, and other rules say so.
        let base = *claim.priority.known().filter(|priority| (1..=255).contains(*priority))?;
        let weight = claim.check.as_ref()?.weight.known().filter(|weight| (-253..=253).contains(*weight))?;
        let nopreempt = *claim.nopreempt.known()?;
        let effective = |weight: i64| if base == 255 { 255 } else { (base + weight).clamp(1, 254) };
        let addresses = system.units[claim.unit].addresses.iter().map(|id| &system.addresses[*id]);
        Some(Member {
            claim,
            healthy: effective((*weight).max(0)),
            failed: (*weight != 0).then(|| effective((*weight).min(0))),
            // With state MASTER keepalived clears nopreempt.
            waits: nopreempt && claim.state.known().is_none_or(|state| state != "MASTER"),
            ip: addresses.filter(|claim_| claim_.segment == claim.segment).find_map(|claim| claim.ip.known()).copied(),
        })
    };
    group.members.iter().map(|id| member(&system.vrrps[*id])).collect()
}

fn report(
    context: &Context<'_>,
    sink: &mut Sink,
    group: &Group<VrrpClaim>,
    members: &[Member<'_>],
    holder: &Member<'_>,
    failed: i64,
) {
    let system = context.system;
    let Some(check) = &holder.claim.check else { return };
    let (name, vip) = (name_of(system, holder.claim), vip_words(context, group));
    let weight = check.weight.known().copied().unwrap_or_default();
    let others = || members.iter().filter(|member| !std::ptr::eq(member.claim, holder.claim));
    let patient: Vec<_> = others().filter(|member| member.waits && member.healthy > failed).collect();
    let base = holder.claim.priority.known().copied().unwrap_or_default();
    let sum = if weight < 0 { format!("{base}{weight}") } else { format!("{base}, without its bonus of {weight}") };
    let reason = if patient.is_empty() {
        let best = others().map(|member| member.healthy).max().unwrap_or_default();
        let compare = if failed == best { "equal to" } else { "still above" };
        format!("with its check failed, `{name}` is at {failed} ({sum}): {compare} the best other member, {best}")
    } else {
        let waiting = list(patient.iter().map(|member| format!("`{}`", name_of(system, member.claim))));
        format!("with its check failed, `{name}` is at {failed}, but it is alive, and with nopreempt {waiting} leaves a living holder alone")
    };
    let mut draft = sink
        .finding(format!("{vip} stays on `{name}` when the service there dies"))
        .label(place(&check.weight, holder.claim.span), format!("leaves `{name}` at {failed}"))
        .label(place(&holder.claim.priority, holder.claim.span), format!("`{name}`: priority {base}"));
    for member in others().take(3) {
        let span = place(&member.claim.priority, member.claim.span);
        let text = format!("`{}`: {} while it is well", name_of(system, member.claim), member.healthy);
        draft = draft.label(span, text);
    }
    for member in patient.iter().take(3).filter(|member| member.claim.nopreempt.is_written()) {
        draft = draft.label(member.claim.nopreempt.span(), "waits until the holder is gone");
    }
    let weights = members.iter().filter_map(|member| member.claim.check.as_ref()).map(|check| &check.weight);
    let written: std::collections::BTreeSet<_> = weights.clone().filter(|w| w.is_written()).map(crate::system::Fact::span).collect();
    let all_written = weights.clone().all(|weight| How::of(weight) == How::Written || weight.known() == Some(&0));
    draft
        .note(format!("{reason}. Every connection to the VIP is refused until somebody stops that member"))
        .help(
            "leave the weight out: then a failed check is a FAULT and the VIP moves at once; or write nopreempt=#false \
             and a weight larger than the gap between the priorities",
        )
        .fix((all_written && !written.is_empty()).then(|| Fix {
            title: "set the weight to 0: a failed check is a FAULT".to_owned(),
            safe: false,
            edits: written.into_iter().map(|span| (span, "0".to_owned())).collect(),
        }))
        .emit();
}
