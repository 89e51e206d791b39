use crate::lint::brokers::release;
use crate::lint::{Check, Confidence, Context, Fix, Level, Rule, Sink};
use crate::releases::{Plugin, near_plugin, rabbitmq_plugin};

/// A plugin that the release does not bring. The broker boots without it, silently (measured with 3.10.8 to 4.3.6).
pub const RULE: Rule = Rule {
    name: "plugin-unknown",
    level: Level::Error,
    page: include_str!("../../../docs/rules/plugin-unknown.md"),
    check: Check::Claims(check),
};

fn check(context: &Context<'_>, sink: &mut Sink) {
    let system = context.system;
    for claim in system.plugins.values() {
        let Some((version, at)) = release(system, claim.cluster) else { continue };
        let name = claim.name.value.as_str();
        let own_image = system.components[claim.cluster].release.image.is_written();
        match rabbitmq_plugin(name, version) {
            Plugin::Open => {}
            Plugin::Later(first) => sink
                .finding(format!("RabbitMQ {version} comes without the plugin `{name}`"))
                .label(claim.name.span, format!("there from {first} on, at the latest"))
                .label(at, "the release")
                .note("the broker boots without it and says nothing: what it was to do is not done")
                .help(format!("choose {first} or newer, or leave it out"))
                .emit(),
            Plugin::Unknown => {
                let near = near_plugin(name);
                // An image of one's own may hold plugins of the community.
                let draft = sink.finding(format!("no release of RabbitMQ brings the plugin `{name}`"));
                let draft = match (own_image, near) {
                    (true, None) => continue,
                    (true, Some(_)) => draft.level(Level::Warning).confidence(Confidence::Likely),
                    (false, _) => draft,
                };
                draft
                    .label(claim.name.span, "not a plugin of the official image")
                    .note("the broker boots without it and says nothing: what it was to do is not done")
                    .help(match near {
                        Some(near) => format!("did you mean `{near}`?"),
                        None => "name the image that holds it (image=), or leave it out".to_owned(),
                    })
                    .fix(near.filter(|near| *near == format!("rabbitmq_{name}")).map(|near| Fix {
                        title: format!("write {near}"),
                        safe: true,
                        edits: vec![(claim.name.span, format!("\"{near}\""))],
                    }))
                    .emit();
            }
        }
    }
}
