use crate::lint::apart::apart;
use crate::lint::servers::clusters;
use crate::lint::{Check, Context, Level, Rule, Sink};
use crate::system::{Id, Unit};

/// Consul servers of one cluster have to share a network.
pub const RULE: Rule = Rule {
    name: "servers-apart",
    level: Level::Error,
    page: include_str!("../../../docs/rules/servers-apart.md"),
    check: Check::Claims(check),
};

fn check(context: &Context<'_>, sink: &mut Sink) {
    for cluster in clusters(context) {
        let servers: Vec<Id<Unit>> = cluster.servers.iter().map(|claim| claim.unit).collect();
        let Some(labels) = apart(context.system, &servers) else { continue };
        sink.finding(format!("the servers of `{}` share no network", cluster.name))
            .labels(labels)
            .note(
                "each server talks to all others at their own addresses, by TCP and UDP: without a network in common \
                 they never elect a leader",
            )
            .help(
                "attach all of them to one network; between hosts that is a network without on=, on which they run with \
                 their hosts' own addresses",
            )
            .emit();
    }
}
