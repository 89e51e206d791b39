use crate::lint::servers::clusters;
use crate::lint::{Check, Confidence, Context, Level, Rule, Sink};
use crate::system::Value;

/// Consul servers that let everybody into their gossip.
pub const RULE: Rule = Rule {
    name: "gossip-in-clear",
    level: Level::Warning,
    page: include_str!("../../../docs/rules/gossip-in-clear.md"),
    check: Check::Claims(check),
};

fn check(context: &Context<'_>, sink: &mut Sink) {
    for cluster in clusters(context) {
        let open = cluster.servers.iter().filter(|claim| claim.gossip.value == Value::Absent).count();
        // Of servers that differ another rule tells; one that is alone gossips with nobody.
        if cluster.servers.len() < 2 || open < cluster.servers.len() {
            continue;
        }
        let between_hosts = cluster.servers.iter().any(|claim| context.system.units[claim.unit].on_host_network);
        sink.finding(format!("the servers of `{}` gossip in clear", cluster.name))
            .confidence(if between_hosts { Confidence::Likely } else { Confidence::Possible })
            .label(cluster.span, "no encrypt=")
            .note(
                "whoever reaches port 8301 joins the cluster as a member, is told of every node and service, and can declare \
                 members dead",
            )
            .help("write encrypt=\"gossip\", with secret \"gossip\" generate=32 as=\"base64\"")
            .emit();
    }
}
