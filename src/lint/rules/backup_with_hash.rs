use crate::lint::proxies::{program, proxies};
use crate::lint::{Check, Context, Level, Rule, Sink};
use crate::system::Program;

/// nginx has no backups where servers are chosen by hash or by lot (seen with 1.18 and 1.30: "balancing method does
/// not support parameter backup").
pub const RULE: Rule = Rule {
    name: "backup-with-hash",
    level: Level::Error,
    page: include_str!("../../../docs/rules/backup-with-hash.md"),
    check: Check::Claims(check),
};

fn check(context: &Context<'_>, sink: &mut Sink) {
    let system = context.system;
    for proxy in
        proxies(context).filter(|proxy| program(system, proxy.unit) == Program::Nginx && proxy.servers.len() > 1)
    {
        let Some(balance) = proxy.balance.known().filter(|balance| ["source", "random"].contains(&balance.as_str()))
        else {
            continue;
        };
        let backups: Vec<_> = proxy.servers.iter().filter(|server| server.backup.known() == Some(&true)).collect();
        if backups.is_empty() || backups.len() == proxy.servers.len() {
            continue;
        }
        sink.finding(format!("nginx knows no backup servers where it chooses by `{balance}`"))
            .labels(backups.into_iter().map(|server| (server.backup.span(), "a backup".to_owned())))
            .label(proxy.balance.span(), "every server is one of those to choose from")
            .note("it refuses its whole file (balancing method does not support parameter \"backup\") and does not start")
            .help("write balance=\"leastconn\", or let all servers serve")
            .emit();
    }
}
