use std::cmp::{Ordering, Reverse};
use std::net::Ipv4Addr;

use crate::derive::Group;
use crate::lint::members::{How, list, name_of, place, vip_words};
use crate::lint::{Check, Context, Fix, Level, Rule, Sink};
use crate::system::{Fact, System, VrrpClaim};

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
    /// Effective priority while all that it tracks is well.
    healthy: i64,
    /// The failure of one tracked thing that leaves it highest: what is added or taken away, and where it is then. `None`:
    /// with every failure it goes to FAULT and lets go.
    failed: Option<(&'a Fact<i64>, i64)>,
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
            if let Some((weight, failed)) = holder.failed
                && challenger.is_none_or(|challenger| challenger.healthy <= failed)
            {
                report(context, sink, group, &members, holder, (weight, failed));
                break;
            }
            if !holder.waits {
                break;
            }
        }
    }
}

/// The members of a group; `None` where something about them is not certain.
fn members<'a>(system: &'a System, group: &Group<VrrpClaim>) -> Option<Vec<Member<'a>>> {
    let member = |claim: &'a VrrpClaim| {
        // Out of range: keepalived uses another number, and other rules say so.
        let base = *claim.priority.known().filter(|priority| (1..=255).contains(*priority))?;
        let weights: Option<Vec<(&Fact<i64>, i64)>> = claim.weights().map(|fact| Some((fact, *fact.known()?))).collect();
        let weights = weights?;
        if weights.iter().any(|(_, weight)| !(-253..=253).contains(weight)) {
            return None;
        }
        let nopreempt = *claim.nopreempt.known()?;
        let effective = |sum: i64| if base == 255 { 255 } else { (base + sum).clamp(1, 254) };
        let bonus: i64 = weights.iter().map(|(_, weight)| (*weight).max(0)).sum();
        let after = |weight: i64| effective(bonus - weight.abs());
        let failures = weights.iter().filter(|(_, weight)| *weight != 0).map(|(fact, weight)| (*fact, after(*weight)));
        let addresses = system.units[claim.unit].addresses.iter().map(|id| &system.addresses[*id]);
        Some(Member {
            claim,
            healthy: effective(bonus),
            failed: failures.max_by_key(|(_, failed)| *failed),
            // With state MASTER and with priority 255 keepalived clears nopreempt.
            waits: nopreempt && base != 255 && claim.state.known().is_none_or(|state| state != "MASTER"),
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
    (fact, failed): (&Fact<i64>, i64),
) {
    let system = context.system;
    let (name, vip) = (name_of(system, holder.claim), vip_words(context, group));
    let weight = fact.known().copied().unwrap_or_default();
    let others = || members.iter().filter(|member| !std::ptr::eq(member.claim, holder.claim));
    let patient: Vec<_> = others().filter(|member| member.waits && member.healthy > failed).collect();
    let base = holder.claim.priority.known().copied().unwrap_or_default();
    let sum = if weight < 0 { format!("{base}{weight}") } else { format!("{base}, without its bonus of {weight}") };
    // What fails, in words: HAProxy, or something else that is tracked.
    let track = holder.claim.tracks.iter().find(|track| std::ptr::eq(&raw const track.weight, fact));
    let what = track.and_then(|track| track.name.known()).map_or_else(
        || ("the service there dies".to_owned(), "its check failed".to_owned()),
        |name| (format!("`{name}` fails there"), format!("`{name}` failed")),
    );
    let reason = if patient.is_empty() {
        let best = others().map(|member| member.healthy).max().unwrap_or_default();
        let compare = if failed == best { "equal to" } else { "still above" };
        format!("with {}, `{name}` is at {failed} ({sum}): {compare} the best other member, {best}", what.1)
    } else {
        let waiting = list(patient.iter().map(|member| format!("`{}`", name_of(system, member.claim))));
        format!("with {}, `{name}` is at {failed}, but it is alive, and with nopreempt {waiting} leaves a living holder alone", what.1)
    };
    let mut draft = sink
        .finding(format!("{vip} stays on `{name}` when {}", what.0))
        .label(place(fact, holder.claim.span), format!("weight {weight} here"))
        .label(place(&holder.claim.priority, holder.claim.span), format!("`{name}`: priority {base} here, {failed} after that"));
    for member in others().take(3) {
        let span = place(&member.claim.priority, member.claim.span);
        let (other, well) = (name_of(system, member.claim), member.healthy);
        let own = member.claim.priority.known().copied().unwrap_or_default();
        let sum = if own == well { String::new() } else { format!(", {well} while it is well") };
        let text = match well.cmp(&failed) {
            Ordering::Less => format!("`{other}`: priority {own} here{sum}: {failed} > {well}, so the VIP stays"),
            Ordering::Equal => format!("`{other}`: priority {own} here{sum}: no more than {failed}, so the VIP stays"),
            Ordering::Greater => format!("`{other}`: priority {own} here{sum}, and it waits"),
        };
        draft = draft.label(span, text);
    }
    for member in patient.iter().take(3).filter(|member| member.claim.nopreempt.is_written()) {
        draft = draft.label(member.claim.nopreempt.span(), "waits until the holder is gone");
    }
    let weights: Vec<&Fact<i64>> = members.iter().flat_map(|member| member.claim.weights()).collect();
    let written: std::collections::BTreeSet<_> = weights.iter().filter(|w| w.is_written()).map(|w| w.span()).collect();
    let all_written = weights.iter().all(|weight| How::of(weight) == How::Written || weight.known() == Some(&0));
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
