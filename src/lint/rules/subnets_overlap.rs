use std::collections::BTreeMap;

use crate::lint::members::place;
use crate::lint::{Check, Context, Level, Rule, Sink};
use crate::system::{Host, Id, Segment};

/// Two bridges of one host with common addresses: Docker refuses the second ("Pool overlaps with other one on this
/// address space").
pub const RULE: Rule = Rule {
    name: "subnets-overlap",
    level: Level::Error,
    page: include_str!("../../../docs/rules/subnets-overlap.md"),
    check: Check::Claims(check),
};

fn check(context: &Context<'_>, sink: &mut Sink) {
    let system = context.system;
    let mut of_host: BTreeMap<Id<Host>, Vec<Id<Segment>>> = BTreeMap::new();
    for (id, segment) in system.segments.iter() {
        if let Some(host) = segment.host() {
            of_host.entry(host).or_default().push(id);
        }
    }
    for (host, mut ids) in of_host {
        let range =
            |id: &Id<Segment>| system.segments[*id].subnet.known().map(|subnet| (subnet.network(), subnet.broadcast()));
        ids.retain(|id| range(id).is_some());
        ids.sort_by_key(|id| (range(id), *id));
        // Of those that came before, the one that reaches farthest.
        let mut farthest: Option<Id<Segment>> = None;
        for id in ids {
            let (Some((first, last)), before) = (range(&id), farthest) else { continue };
            let reaches = before.and_then(|before| Some((before, range(&before)?.1)));
            if let Some((before, _)) = reaches.filter(|(_, end)| *end >= first) {
                let (later, earlier) = if before > id { (before, id) } else { (id, before) };
                report(context, host, &system.segments[later], &system.segments[earlier], sink);
            }
            if reaches.is_none_or(|(_, end)| end < last) {
                farthest = Some(id);
            }
        }
    }
}

fn report(context: &Context<'_>, host: Id<Host>, later: &Segment, earlier: &Segment, sink: &mut Sink) {
    let host = &context.system.hosts[host].name.value;
    let (Some(one), Some(other)) = (later.subnet.known(), earlier.subnet.known()) else { return };
    sink.finding(format!(
        "networks `{}` and `{}` of host `{host}` have addresses in common",
        later.name.value, earlier.name.value
    ))
    .label(place(&later.subnet, later.name.span), format!("{one}"))
    .label(place(&earlier.subnet, earlier.name.span), format!("{other}"))
    .note("Docker refuses to make the second one (Pool overlaps with other one on this address space): nothing that is attached to it starts")
    .help("take a subnet that no other network of the host touches")
    .emit();
}
