use rustc_hash::FxHashSet;

use crate::lint::proxies::{component, containers, time};
use crate::lint::{Check, Confidence, Context, Fix, Level, Rule, Sink};
use crate::system::{Component, Id, Program};

/// Docker kills what has not ended in time. A broker hands on the leadership of its queues and closes files; a
/// balancer takes up to 3 s to give its VIPs away.
pub const RULE: Rule = Rule {
    name: "stop-grace-too-short",
    level: Level::Warning,
    page: include_str!("../../../docs/rules/stop-grace-too-short.md"),
    check: Check::Claims(check),
};

fn check(context: &Context<'_>, sink: &mut Sink) {
    let system = context.system;
    let vips: FxHashSet<Id<Component>> =
        system.vrrps.values().map(|claim| system.units[claim.unit].component).collect();
    for claim in containers(context).filter(|claim| claim.stop_grace.is_written()) {
        let of = component(system, claim.unit);
        let (least, note) = match of.program {
            Program::Rabbitmq => (30_000, "a broker that is killed while it hands its queues on and closes files begins with a repair, and clients lose what was not confirmed"),
            Program::Haproxy if vips.contains(&system.units[claim.unit].component) => {
                (5_000, "keepalived is killed before it has said goodbye: the VIP is on nobody until the others miss its adverts")
            }
            Program::Consul => (5_000, "a server that is killed while it leaves stays a member that is missed"),
            _ => continue,
        };
        let Some(grace) = claim.stop_grace.known().copied().filter(|grace| *grace < least) else { continue };
        let at = claim.stop_grace.span();
        sink.finding(format!("`{}` is killed {} after it was asked to stop", of.name.value, time(grace)))
            .label(at, format!("{} or more", time(least)))
            .confidence(Confidence::Likely)
            .note(note)
            .help("leave stop-grace= out: who is done sooner is not waited for")
            .fix(Some(Fix {
                title: format!("wait {}", time(least)),
                safe: true,
                edits: vec![(at, format!("\"{}\"", time(least)))],
            }))
            .emit();
    }
}
