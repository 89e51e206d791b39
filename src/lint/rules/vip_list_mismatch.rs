use std::collections::{BTreeMap, BTreeSet};
use std::net::Ipv4Addr;

use crate::lint::members::{Places, list, name_of, names, place, vip_words};
use crate::lint::{Check, Context, Level, Rule, Sink};

/// Members of a VIP have to list the same addresses.
pub const RULE: Rule = Rule {
    name: "vip-list-mismatch",
    level: Level::Error,
    page: include_str!("../../../docs/rules/vip-list-mismatch.md"),
    check: Check::Claims(check),
};

fn check(context: &Context<'_>, sink: &mut Sink) {
    let system = context.system;
    for group in context.groups() {
        let members: Vec<_> = group.members.iter().map(|id| &system.vrrps[*id]).collect();
        if members.iter().any(|claim| claim.vips.iter().any(|vip| vip.known().is_none())) {
            continue;
        }
        let mut holders: BTreeMap<Ipv4Addr, usize> = BTreeMap::new();
        for claim in &members {
            let distinct: BTreeSet<Ipv4Addr> = claim.vips.iter().filter_map(|vip| vip.known()).copied().collect();
            for ip in distinct {
                *holders.entry(ip).or_default() += 1;
            }
        }
        let partial: BTreeMap<Ipv4Addr, usize> =
            holders.into_iter().filter(|(_, count)| *count < members.len()).collect();
        if partial.is_empty() {
            continue;
        }
        // The address that the fewest list is the stranger: it stands first.
        let mut said: Vec<(usize, _, Ipv4Addr, &str)> = Vec::new();
        for claim in &members {
            for (vip, ip) in claim.vips.iter().filter_map(|vip| Some((vip, *vip.known()?))) {
                if let Some(count) = partial.get(&ip) {
                    said.push((*count, place(vip, claim.span), ip, name_of(system, claim)));
                }
            }
        }
        said.sort_by_key(|(count, span, ..)| (*count, *span));
        let mut places = Places::new();
        for (_, span, _, name) in &said {
            places.add(*span, name);
        }
        let mut lacking = Places::new();
        for claim in &members {
            let own: BTreeSet<Ipv4Addr> = claim.vips.iter().filter_map(|vip| vip.known()).copied().collect();
            let first = claim.vips.first().map_or(claim.span, |vip| place(vip, claim.span));
            let taken = said.iter().any(|(_, span, ..)| *span == first);
            if !taken && partial.keys().any(|ip| !own.contains(ip)) {
                lacking.add(first, name_of(system, claim));
            }
        }
        let mut labels = places.labels(|who| format!("listed only by {}", names(who)));
        labels.extend(lacking.labels(|who| format!("the list of {} lacks it", names(who))));
        sink.finding(format!("members of {} do not list the same addresses", vip_words(context, group)))
            .labels(labels)
            .note(format!(
                "{}: a member that holds the VIP brings up what it lists itself. An address that the holder lacks is \
                 on nobody, or the members refuse each other's adverts and all hold what they list",
                list(partial.keys().map(|ip| format!("{ip} is not listed by all")))
            ))
            .help("list the same addresses on every member; the list of the `vip` node holds for all members that write none")
            .emit();
    }
}
