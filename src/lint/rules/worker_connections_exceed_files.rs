use rustc_hash::FxHashMap;

use crate::lint::proxies::{containers, processes, program};
use crate::lint::{Check, Context, Fix, Level, Rule, Sink};
use crate::system::{Component, ContainerClaim, Id, Program};

/// A worker of nginx may open as many connections as it has files; with fewer files it says so and goes on (seen with
/// 1.18 to 1.30: "`worker_connections` exceed open file resource limit").
pub const RULE: Rule = Rule {
    name: "worker-connections-exceed-files",
    level: Level::Warning,
    page: include_str!("../../../docs/rules/worker-connections-exceed-files.md"),
    check: Check::Claims(check),
};

fn check(context: &Context<'_>, sink: &mut Sink) {
    let system = context.system;
    let containers: FxHashMap<Id<Component>, &ContainerClaim> =
        containers(context).map(|claim| (system.units[claim.unit].component, claim)).collect();
    for process in processes(context).filter(|process| program(system, process.unit) == Program::Nginx) {
        let Some(container) = containers.get(&system.units[process.unit].component) else { continue };
        let (Some(connections), Some(files)) = (process.connections.known(), container.open_files.known()) else {
            continue;
        };
        if connections <= files || *files < 1 || !process.connections.is_written() {
            continue;
        }
        let at = process.connections.span();
        let half = (files / 2).max(1);
        sink.finding(format!("a worker may have {connections} connections and {files} open files"))
            .label(at, "each is an open file")
            .label(container.open_files.span(), format!("{files} files for each worker"))
            .note("under load nginx cannot accept (Too many open files): clients hang, although it has connections left by its own count")
            .help("leave connections= out (half of open-files=), or raise open-files= with it")
            .fix(Some(Fix { title: format!("{half} connections"), safe: true, edits: vec![(at, half.to_string())] }))
            .emit();
    }
}
