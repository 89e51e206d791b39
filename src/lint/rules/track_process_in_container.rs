use crate::lint::members::{by_place, names};
use crate::lint::{Check, Context, Level, Rule, Sink};
use crate::topology::Tracked;

/// The kernel tells of processes in its first namespaces only: a keepalived in a container hears nothing, on the host's own
/// network neither, and stays in FAULT (seen with 2.3.4; `cn_proc_mcast_ctl` of the kernel).
pub const RULE: Rule = Rule {
    name: "track-process-in-container",
    level: Level::Error,
    page: include_str!("../../../docs/rules/track-process-in-container.md"),
    check: Check::Claims(check),
};

fn check(context: &Context<'_>, sink: &mut Sink) {
    // What was adopted may run on a machine itself.
    if context.topology.is_none() {
        return;
    }
    let found = by_place(context, |claim| {
        let process = claim.tracks.iter().find(|track| track.what == Tracked::Process)?;
        Some((process.name.span(), process.name.known().map(String::as_str).unwrap_or_default()))
    });
    for (span, process, who) in found {
        sink.finding(format!("in a container nobody sees whether `{process}` runs: {} cannot", names(&who)))
            .label(span, "tracked as a process")
            .note("the kernel tells containers of no process, so keepalived takes it for dead: the member is in FAULT for ever, and keepalived -t accepts the file")
            .help("leave it out: `check` asks HAProxy itself; for another program write a `track script=…`")
            .emit();
    }
}
