use crate::lint::members::Disagreement;
use crate::lint::servers::{clusters, said};
use crate::lint::{Check, Context, Level, Rule, Sink};

/// Consul servers of one cluster have to be of one datacenter.
pub const RULE: Rule = Rule {
    name: "datacenter-mismatch",
    level: Level::Error,
    page: include_str!("../../../docs/rules/datacenter-mismatch.md"),
    check: Check::Claims(check),
};

fn check(context: &Context<'_>, sink: &mut Sink) {
    for cluster in clusters(context) {
        let mut all = said(context, &cluster, |claim| &claim.datacenter);
        // As Consul compares them.
        for one in &mut all {
            one.value.make_ascii_lowercase();
        }
        let Some(split) = Disagreement::of(&all, |datacenter| format!("datacenter `{datacenter}`")) else { continue };
        sink.finding(format!("the servers of `{}` are of different datacenters", cluster.name))
            .labels(split.places.iter().cloned())
            .note(
                "servers of different datacenters refuse to join each other: each waits for its own kind, and at the \
                 first start nobody is elected",
            )
            .help("say datacenter= once, at the servers' node, or leave it out")
            .fix(split.fix(format!("write `{}` everywhere", split.expected), &format!("\"{}\"", split.expected)))
            .emit();
    }
}
