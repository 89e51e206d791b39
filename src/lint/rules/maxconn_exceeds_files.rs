use crate::lint::members::place;
use crate::lint::proxies::{containers, processes, program};
use crate::lint::{Check, Context, Fix, Level, Rule, Sink};
use crate::system::{Component, ContainerClaim, Id, Program};

/// HAProxy needs two open files a connection and some of its own: 2 * maxconn + 29 with one port and one server (seen
/// with 2.2.9, which only warns, and 3.2.26, which ends: "Cannot raise FD limit").
pub const RULE: Rule = Rule {
    name: "maxconn-exceeds-files",
    level: Level::Error,
    page: include_str!("../../../docs/rules/maxconn-exceeds-files.md"),
    check: Check::Claims(check),
};

/// Files of HAProxy beside those of connections, rounded up.
const OWN: i64 = 40;

fn check(context: &Context<'_>, sink: &mut Sink) {
    let system = context.system;
    let of = |claim: &ContainerClaim| system.units[claim.unit].component;
    let containers: rustc_hash::FxHashMap<Id<Component>, &ContainerClaim> =
        containers(context).map(|claim| (of(claim), claim)).collect();
    for process in processes(context).filter(|process| program(system, process.unit) == Program::Haproxy) {
        let Some(container) = containers.get(&system.units[process.unit].component) else { continue };
        let (Some(maxconn), Some(files)) = (process.connections.known(), container.open_files.known()) else {
            continue;
        };
        let needed = maxconn.saturating_mul(2).saturating_add(OWN);
        // Less than one file is `limit-out-of-range`.
        if needed <= *files || *files < 1 || !container.open_files.is_written() || !process.connections.is_written() {
            continue;
        }
        let at = container.open_files.span();
        sink.finding(format!("{maxconn} connections need {needed} open files, and {files} are allowed"))
            .label(at, "of files and connections together")
            .label(
                place(&process.connections, container.span),
                "two files each: one for the client, one for the server",
            )
            .note("HAProxy 2.3 and newer ends at its start (Cannot raise FD limit), after haproxy -c has called the file valid")
            .help(format!("leave open-files= out: what maxconn= needs is reckoned; or write {needed} or more"))
            .fix(Some(Fix {
                title: format!("allow {needed} files"),
                safe: true,
                edits: vec![(at, needed.to_string())],
            }))
            .emit();
    }
}
