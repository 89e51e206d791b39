use std::collections::BTreeSet;

use crate::lint::images::Image;
use crate::lint::members::place;
use crate::lint::proxies::component;
use crate::lint::{Check, Confidence, Context, Level, Rule, Sink};
use crate::releases::nginx_has;
use crate::topology::Follow;

/// nginx follows names by itself since 1.27.3; the modules for the key-value store were last changed in 2023 (http)
/// and 2020 (stream).
pub const RULE: Rule = Rule {
    name: "upsync-superseded",
    level: Level::Advice,
    page: include_str!("../../../docs/rules/upsync-superseded.md"),
    check: Check::Claims(check),
};

fn check(context: &Context<'_>, sink: &mut Sink) {
    let system = context.system;
    let mut seen = BTreeSet::new();
    for claim in system.follows.values().filter(|claim| claim.method.known() == Some(&Follow::Upsync)) {
        let of = component(system, claim.unit);
        let release = &of.release.version;
        let Some(version) = release.known().filter(|version| nginx_has("resolve", **version)) else { continue };
        // The official image has no such module: `upsync-without-module`.
        let own = of.release.image.known().filter(|_| of.release.image.is_written()).map(|image| Image::of(image));
        if own.is_none_or(|image| image.last() == "nginx") {
            continue;
        }
        let at = place(&claim.method, claim.span);
        if !seen.insert(at) {
            continue;
        }
        sink.finding(format!("nginx {version} follows instances by itself, and a module of others does it here"))
            .label(at, "upsync, with an image of your own")
            .label(place(release, of.name.span), "has `resolve`")
            .confidence(Confidence::Likely)
            .note("nobody keeps the module up with nginx: an upgrade waits for whoever builds it, and may find that it does not build")
            .help("write follow=\"dns\", and leave image= out")
            .emit();
    }
}
