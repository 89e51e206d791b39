use std::collections::{BTreeMap, BTreeSet};

use rustc_hash::FxHashMap;

use crate::derive::Way;
use crate::lint::members::{Places, list, names};
use crate::lint::{Check, Context, Level, Rule, Sink};
use crate::source::Span;
use crate::system::{Id, ListenClaim, Place, PublishClaim, Segment, System, Target, Unit};

/// A forward needs a way to each of its servers: a shared network, or a published port.
pub const RULE: Rule = Rule {
    name: "unreachable-target",
    level: Level::Error,
    page: include_str!("../../../docs/rules/unreachable-target.md"),
    check: Check::Claims(check),
};

/// Everything that one reference cannot reach.
#[derive(Default)]
struct Gap<'a> {
    from: BTreeSet<Id<Unit>>,
    targets: Vec<&'a Target>,
}

fn check(context: &Context<'_>, sink: &mut Sink) {
    let system = context.system;
    // One finding for each reference that was written, however many units stand on both of its sides.
    let mut gaps: BTreeMap<(Span, &str), Gap<'_>> = BTreeMap::new();
    for route in context.derived.routes.iter().filter(|route| matches!(route.way, Way::None { .. })) {
        let forward = &system.forwards[route.forward];
        let gap = gaps.entry((forward.to.span, &forward.to.value)).or_default();
        gap.from.insert(forward.unit);
        gap.targets.extend(forward.targets.get(route.target));
    }
    if gaps.is_empty() {
        return;
    }
    let mut published: FxHashMap<Id<ListenClaim>, Id<PublishClaim>> = FxHashMap::default();
    for (id, publish) in system.publishes.iter() {
        published.entry(publish.listen).or_insert(id);
    }
    for ((span, to), gap) in gaps {
        let from: Vec<&str> = gap.from.iter().map(|id| system.units[*id].name.value.as_str()).collect();
        let mut places = Places::new();
        let mut seen = BTreeSet::new();
        let mut networks: FxHashMap<Span, BTreeSet<Id<Segment>>> = FxHashMap::default();
        for target in &gap.targets {
            let unit = &system.units[system.listens[target.listen].unit];
            networks.entry(unit.name.span).or_default().extend(segments(system, std::slice::from_ref(target)));
            if seen.insert(unit.name.span) {
                places.add(unit.name.span, &unit.name.value);
            }
        }
        let loopback: BTreeSet<Span> = gap
            .targets
            .iter()
            .filter_map(|target| published.get(&target.listen))
            .map(|id| &system.publishes[*id])
            .map(|publish| if publish.bind.is_written() { publish.bind.span() } else { publish.span })
            .collect();
        let spans: BTreeSet<Span> = places.labels(|_| String::new()).into_iter().map(|(span, _)| span).collect();
        sink.finding(format!("{} cannot reach `{to}`", names(&from)))
            .label(span, "no shared network and no published port leads there")
            .labels(places.labels(|who| names(who)).into_iter().map(|(span, who)| {
                let who = gap.targets.iter().find_map(|target| target.vip).map_or(who, |(ip, _)| format!("VIP {ip}"));
                (span, format!("{who} is {}", whereabouts(system, networks.get(&span))))
            }))
            .labels(
                loopback
                    .difference(&spans)
                    .map(|span| (*span, "published on 127.0.0.1 alone, where no container gets to".to_owned())),
            )
            .note("Docker keeps bridge networks apart: every connection is dropped, and the service answers nobody")
            .help(ways_out(system, &gap, &from, !loopback.is_empty()))
            .emit();
    }
}

/// Where the targets are: "on `rabbitmq`".
fn whereabouts(system: &System, segments: Option<&BTreeSet<Id<Segment>>>) -> String {
    let networks: Vec<String> = segments.into_iter().flatten().map(|id| network(system, *id)).collect();
    if networks.is_empty() { "on no network".to_owned() } else { format!("on {}", list(networks)) }
}

fn segments(system: &System, targets: &[&Target]) -> BTreeSet<Id<Segment>> {
    let mut segments = BTreeSet::new();
    for target in targets {
        if let Some((_, segment)) = target.vip {
            segments.insert(segment);
        } else {
            let addresses = &system.units[system.listens[target.listen].unit].addresses;
            segments.extend(addresses.iter().map(|id| system.addresses[*id].segment));
        }
    }
    segments
}

fn network(system: &System, id: Id<Segment>) -> String {
    let segment = &system.segments[id];
    match segment.host() {
        Some(host) => format!("`{}` of host `{}`", segment.name.value, system.hosts[host].name.value),
        None => format!("`{}` between the hosts", segment.name.value),
    }
}

fn ways_out(system: &System, gap: &Gap<'_>, from: &[&str], on_loopback: bool) -> String {
    let hosts: BTreeSet<_> = gap.from.iter().map(|id| system.units[*id].host).collect();
    // A bridge network ends at its host.
    let declared = |id: &Id<Segment>| !matches!(system.segments[*id].place, Place::Default(_));
    let near = segments(system, &gap.targets).into_iter().filter(declared).filter(|id| hosts.iter().all(|host| system.segments[*id].host() == Some(*host)));
    let attach: Vec<String> = near.map(|id| format!("`attach \"{}\"`", system.segments[id].name.value)).collect();
    let ports: BTreeSet<&str> = gap.targets.iter().map(|target| system.listens[target.listen].name.as_str()).collect();
    let target_hosts: BTreeSet<_> =
        gap.targets.iter().map(|target| system.units[system.listens[target.listen].unit].host).collect();
    let target_hosts = list(target_hosts.into_iter().map(|id| format!("`{}`", system.hosts[id].name.value)));
    let publish = if on_loopback {
        format!("publish it with bind=\"0.0.0.0\" on {target_hosts}")
    } else {
        let ports = list(ports.into_iter().map(|port| format!("`publish \"{port}\" bind=\"0.0.0.0\"`")));
        format!("publish the port on {target_hosts} with {ports}")
    };
    if attach.is_empty() {
        return format!("they are on different hosts: {publish}, or attach them to the network between the hosts (one without on=)");
    }
    format!("attach {} to a network of the target with {}, or {publish}", names(from), list(attach))
}
