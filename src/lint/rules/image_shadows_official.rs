use crate::lint::{Check, Context, Level, Rule, Sink};

/// The recipe of HAProxy with keepalived is built as TOPOLOGY/COMPONENT:VERSION; `library/…` is Docker Hub's own name
/// of official images.
pub const RULE: Rule = Rule {
    name: "image-shadows-official",
    level: Level::Warning,
    page: include_str!("../../../docs/rules/image-shadows-official.md"),
    check: Check::Claims(check),
};

/// Official images that other hosts may pull under such a name.
const OFFICIAL: [&str; 4] = ["haproxy", "nginx", "rabbitmq", "consul"];

fn check(context: &Context<'_>, sink: &mut Sink) {
    let Some(topology) = context.topology.filter(|topology| topology.name.value == "library") else { return };
    for haproxy in topology.haproxies.iter().filter(|haproxy| !haproxy.vips.is_empty()) {
        let name = haproxy.name.value.as_str();
        if !OFFICIAL.contains(&name) {
            continue;
        }
        sink.finding(format!(
            "the image that is built here is called `library/{name}:{}`, as an official one is",
            haproxy.version.value
        ))
        .label(haproxy.name.span, "the second part of its name")
        .label(topology.name.span, "the first part")
        .note("where it was not built, Docker pulls the official one: HAProxy without keepalived, and the VIP has one member less")
        .help("rename the topology or the component")
        .emit();
    }
}
