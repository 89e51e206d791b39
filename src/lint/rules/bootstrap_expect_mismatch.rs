use crate::lint::members::{Disagreement, How, Places, Said};
use crate::lint::servers::{clusters, said};
use crate::lint::{Check, Context, Fix, Level, Rule, Sink};
use crate::source::Span;
use crate::system::Coverage;

/// Consul servers expect one number of servers: their own.
pub const RULE: Rule = Rule {
    name: "bootstrap-expect-mismatch",
    level: Level::Error,
    page: include_str!("../../../docs/rules/bootstrap-expect-mismatch.md"),
    check: Check::Claims(check),
};

fn check(context: &Context<'_>, sink: &mut Sink) {
    let closed = matches!(context.system.coverage, Coverage::Closed);
    for cluster in clusters(context) {
        let all = said(context, &cluster, |claim| &claim.bootstrap_expect);
        let Ok(servers) = i64::try_from(cluster.servers.len()) else { continue };
        let name = cluster.name;
        let (below, rest): (Vec<_>, Vec<_>) = all.into_iter().partition(|one| one.value < 0);
        if !below.is_empty() {
            sink.finding(format!("servers of `{name}` expect fewer than none"))
                .labels(places(&below))
                .note("Consul refuses the number and does not start")
                .help("leave bootstrap-expect out: it is the number of the declared servers")
                .emit();
        }
        // 0 is nothing said: such a server begins nothing, and joins what the others have begun.
        let (silent, speaking): (Vec<_>, Vec<_>) = rest.into_iter().partition(|one| one.value == 0);
        if let Some(split) = Disagreement::of(&speaking, |expect| format!("expects {expect}")) {
            let fix = split.fix(format!("expect {servers} everywhere"), &servers.to_string());
            sink.finding(format!("the servers of `{name}` expect different numbers of servers"))
                .labels(split.places.iter().cloned())
                .note(
                    "a server begins no cluster beside one that expects another number, so at the first start nobody \
                     is elected; one that expects 1 waits for nobody, and when its disk is lost it begins a cluster of \
                     its own beside the others'",
                )
                .help("leave bootstrap-expect out: it is the number of the declared servers")
                .fix(fix.filter(|_| split.expected == servers))
                .emit();
            continue;
        }
        let Some(expect) = speaking.first().map(|one| one.value) else {
            if closed && !silent.is_empty() && below.is_empty() {
                sink.finding(format!("no server of `{name}` begins the cluster"))
                    .labels(places(&silent))
                    .note("a server that expects 0 waits for a cluster that others have begun, and there are no others")
                    .help("leave bootstrap-expect out: it is the number of the declared servers")
                    .emit();
            }
            continue;
        };
        if !closed || expect == servers || (expect < servers && !silent.is_empty()) {
            continue;
        }
        let (level, note) = if expect > servers {
            let note = format!("at the first start the servers wait for {expect}, which never come: nobody is elected");
            (Level::Error, note)
        } else if expect <= servers / 2 {
            let note = format!(
                "at the first start {expect} that find each other first begin a cluster, and {expect} others another \
                 one: two leaders, two stores"
            );
            (Level::Error, note)
        } else {
            let note = "at the first start two sets of servers that see each other late may begin with different peers; \
                        afterwards the number means nothing";
            (Level::Warning, note.to_owned())
        };
        let written = speaking.iter().all(|one| one.how == How::Written);
        let edits = speaking.iter().map(|one| (one.span, servers.to_string())).collect();
        sink.finding(format!("the servers of `{name}` expect {expect}, and there are {servers}"))
            .level(level)
            .labels(places(&speaking))
            .label(cluster.span, format!("{servers} declared"))
            .note(note)
            .help("leave bootstrap-expect out: it is the number of the declared servers")
            .fix(written.then(|| Fix { title: format!("expect {servers} everywhere"), safe: true, edits }))
            .emit();
    }
}

/// The places of what was said; equal ones once.
fn places(said: &[Said<'_, i64>]) -> Vec<(Span, String)> {
    let mut places = Places::new();
    for one in said {
        places.add(one.span, one.name);
    }
    let value = said.first().map_or(0, |one| one.value);
    places.labels(|who| format!("{}: expects {value}", crate::lint::members::names(who)))
}
