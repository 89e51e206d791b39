use std::collections::BTreeSet;

use crate::lint::members::place;
use crate::lint::{Check, Context, Level, Rule, Sink};
use crate::topology::{Follow, Version};

/// Following a name of Consul's DNS needs `resolve` and `resolver` in an upstream, which nginx has had since 1.27.3
/// (<https://nginx.org/en/docs/http/ngx_http_upstream_module.html#resolve>; before that in the commercial one).
pub const RULE: Rule = Rule {
    name: "follow-by-name-too-old",
    level: Level::Error,
    page: include_str!("../../../docs/rules/follow-by-name-too-old.md"),
    check: Check::Claims(check),
};

const FIRST: Version = Version::new(1, 27, 3);

fn check(context: &Context<'_>, sink: &mut Sink) {
    let system = context.system;
    let mut seen = BTreeSet::new();
    for claim in system.follows.values().filter(|claim| claim.method.known() == Some(&Follow::Dns)) {
        let component = &system.components[system.units[claim.unit].component];
        let release = &component.release.version;
        let Some(version) = release.known().filter(|version| **version < FIRST) else { continue };
        let at = place(&claim.method, claim.span);
        if seen.insert(at) {
            sink.finding(format!("nginx {version} cannot follow a name"))
                .label(at, format!("nginx {FIRST} or newer"))
                .label(place(release, component.name.span), "the release")
                .note("it refuses its configuration (invalid parameter \"resolve\") and does not start")
                .help(format!("write version=\"{FIRST}\" or newer, or follow by upsync with an image that has the module"))
                .emit();
        }
    }
}
