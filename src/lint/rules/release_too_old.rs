use crate::lint::members::place;
use crate::lint::{Check, Context, Level, Rule, Sink};
use crate::system::Program;
use crate::topology::Version;

/// A release that does not read what hacc writes for it.
pub const RULE: Rule = Rule {
    name: "release-too-old",
    level: Level::Error,
    page: include_str!("../../../docs/rules/release-too-old.md"),
    check: Check::Claims(check),
};

/// The first release that reads what is written, and what the ones before lack.
const fn first(program: Program) -> Option<(Version, &'static str)> {
    Some(match program {
        Program::Rabbitmq => (Version::new(3, 7, 0), "rabbitmq.conf with peer discovery"),
        Program::Haproxy => (Version::new(2, 2, 0), "checks of several steps (`http-check connect` and `send`)"),
        Program::Nginx => (Version::new(1, 9, 0), "the stream module"),
        Program::Consul => (Version::new(1, 4, 1), "`jq` in its image, with which its health is read"),
        Program::Application => return None,
    })
}

fn check(context: &Context<'_>, sink: &mut Sink) {
    for component in context.system.components.values() {
        let release = &component.release.version;
        let Some(version) = release.known() else { continue };
        let Some((oldest, lacks)) = first(component.program) else { continue };
        if *version >= oldest {
            continue;
        }
        let program = component.program.word();
        let so = match component.program {
            Program::Consul => "it starts, and is never healthy",
            _ => "it refuses the files and does not start",
        };
        sink.finding(format!("{program} {version} is older than what can be written for"))
            .label(place(release, component.name.span), format!("before {oldest}"))
            .note(format!("{program} before {oldest} has no {lacks}: {so}"))
            .help(format!("choose {oldest} or newer, best a release that is still maintained"))
            .emit();
    }
}
