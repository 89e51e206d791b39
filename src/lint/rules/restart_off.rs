use crate::lint::proxies::{component, containers};
use crate::lint::{Check, Context, Fix, Level, Rule, Sink};
use crate::topology::Restart;

/// Only `always` and `unless-stopped` bring a container back with the machine (docs.docker.com, "Start containers
/// automatically").
pub const RULE: Rule = Rule {
    name: "restart-off",
    level: Level::Warning,
    page: include_str!("../../../docs/rules/restart-off.md"),
    check: Check::Claims(check),
};

fn check(context: &Context<'_>, sink: &mut Sink) {
    for claim in containers(context) {
        let (what, note) = match claim.restart.known() {
            Some(Restart::No) => {
                ("never again", "a container that ends stays down until somebody looks, and after a reboot of the machine all of them do")
            }
            Some(Restart::OnFailure) => {
                ("not with the machine", "after a reboot of the machine or an upgrade of Docker none of them comes back by itself")
            }
            _ => continue,
        };
        if !claim.restart.is_written() {
            continue;
        }
        let at = claim.restart.span();
        sink.finding(format!("`{}` does not come back by itself", component(context.system, claim.unit).name.value))
            .label(at, what)
            .note(note)
            .help("write restart=\"unless-stopped\", or leave it out")
            .fix(Some(Fix {
                title: "restart it unless somebody stopped it".to_owned(),
                safe: true,
                edits: vec![(at, "\"unless-stopped\"".to_owned())],
            }))
            .emit();
    }
}
