use std::collections::{BTreeMap, BTreeSet};

use rustc_hash::FxHashSet;

use crate::lint::members::{Places, names, place};
use crate::lint::{Check, Context, Level, Rule, Sink};
use crate::system::{Id, ListenClaim};

/// One program listens on a port once; only web services of one nginx share one, by their server names.
pub const RULE: Rule = Rule {
    name: "port-listened-twice",
    level: Level::Error,
    page: include_str!("../../../docs/rules/port-listened-twice.md"),
    check: Check::Claims(check),
};

fn check(context: &Context<'_>, sink: &mut Sink) {
    let system = context.system;
    let nginxes = context.topology.into_iter().flat_map(|topology| &topology.nginxes);
    let web: FxHashSet<(&str, &str)> = nginxes
        .flat_map(|nginx| nginx.https.iter().map(|http| (nginx.name.value.as_str(), http.name.value.as_str())))
        .collect();
    // Members declared together listen on the same ports, at the same place.
    let mut seen = BTreeSet::new();
    for unit in system.units.values() {
        let component = system.components[unit.component].name.value.as_str();
        let mut by_port: BTreeMap<i64, Vec<Id<ListenClaim>>> = BTreeMap::new();
        for id in &unit.listens {
            if let Some(port) = system.listens[*id].port.known() {
                by_port.entry(*port).or_default().push(*id);
            }
        }
        for (port, ids) in by_port.into_iter().filter(|(_, ids)| ids.len() > 1) {
            let listens = || ids.iter().map(|id| &system.listens[*id]);
            if listens().all(|listen| web.contains(&(component, listen.name.as_str()))) {
                continue;
            }
            let mut places = Places::new();
            for listen in listens() {
                places.add(place(&listen.port, unit.name.span), &listen.name);
            }
            // The later ones stand first: the one before was there.
            let mut labels = places.labels(|who| format!("{} listens here", names(who)));
            labels.sort_by_key(|(span, _)| std::cmp::Reverse(*span));
            if !seen.insert(labels.iter().map(|(span, _)| *span).collect::<Vec<_>>()) {
                continue;
            }
            sink.finding(format!("`{component}` listens on port {port} {} times", ids.len()))
                .labels(labels)
                .note("the program does not start, or each of them gets a part of the connections")
                .help("give each its own port")
                .emit();
        }
    }
}
