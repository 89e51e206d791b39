use crate::lint::servers::clusters;
use crate::lint::{Check, Context, Level, Rule, Sink};
use crate::system::Coverage;

/// An even number of Consul servers is no safer than one less.
pub const RULE: Rule = Rule {
    name: "even-servers",
    level: Level::Warning,
    page: include_str!("../../../docs/rules/even-servers.md"),
    check: Check::Claims(check),
};

fn check(context: &Context<'_>, sink: &mut Sink) {
    if !matches!(context.system.coverage, Coverage::Closed) {
        return;
    }
    for cluster in clusters(context) {
        let servers = cluster.servers.len();
        if servers == 0 || servers % 2 == 1 {
            continue;
        }
        let finding = sink
            .finding(format!("`{}` has {servers} servers", cluster.name))
            .label(cluster.span, "an even number");
        let finding = if servers == 2 {
            finding
                .note(
                    "a leader needs both: when either of them dies, nobody can write or register any more, so two \
                     fail twice as often as one",
                )
                .help("declare three, of which one may die, or one")
        } else {
            finding
                .note(format!(
                    "a leader needs {} of them, so {} may die: as many as of {}, and a cut through the middle leaves no \
                     side that serves",
                    servers / 2 + 1,
                    servers / 2 - 1,
                    servers - 1
                ))
                .help(format!("declare {} or {}", servers - 1, servers + 1))
        };
        finding.emit();
    }
}
