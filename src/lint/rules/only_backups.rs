use crate::lint::proxies::{program, proxies};
use crate::lint::{Check, Context, Level, Rule, Sink};
use crate::system::Program;

/// Servers that serve only while no other one can, and there is no other: nginx refuses its file (seen with 1.18 and
/// 1.30: "no servers in upstream"), HAProxy uses the first of them alone.
pub const RULE: Rule = Rule {
    name: "only-backups",
    level: Level::Error,
    page: include_str!("../../../docs/rules/only-backups.md"),
    check: Check::Claims(check),
};

fn check(context: &Context<'_>, sink: &mut Sink) {
    let system = context.system;
    for proxy in proxies(context) {
        let places: Vec<_> = proxy.servers.iter().filter(|server| server.backup.known() == Some(&true)).collect();
        if places.is_empty() || places.len() < proxy.servers.len() {
            continue;
        }
        let name = &system.listens[proxy.listen].name;
        let nginx = program(system, proxy.unit) == Program::Nginx;
        let (level, note) = if nginx {
            (Level::Error, "nginx refuses its whole file (no servers are inside upstream) and does not start")
        } else {
            (Level::Warning, "HAProxy gives everything to the first of them; the others stand idle while it is overrun")
        };
        sink.finding(format!("every server of `{name}` is a backup"))
            .level(level)
            .labels(places.into_iter().map(|server| (server.backup.span(), "only while no other one can".to_owned())))
            .note(note)
            .help("remove backup= from those that are to serve")
            .emit();
    }
}
