use std::collections::BTreeSet;

use crate::lint::members::place;
use crate::lint::{Check, Context, Level, Rule, Sink};
use crate::topology::Follow;

/// upsync is a module of others: no official image of nginx has it.
pub const RULE: Rule = Rule {
    name: "upsync-without-module",
    level: Level::Error,
    page: include_str!("../../../docs/rules/upsync-without-module.md"),
    check: Check::Claims(check),
};

fn check(context: &Context<'_>, sink: &mut Sink) {
    let system = context.system;
    let mut seen = BTreeSet::new();
    for claim in system.follows.values().filter(|claim| claim.method.known() == Some(&Follow::Upsync)) {
        let component = &system.components[system.units[claim.unit].component];
        let image = &component.release.image;
        let Some(name) = image.known().filter(|image| is_official(image)) else { continue };
        let at = place(&claim.method, claim.span);
        if !seen.insert(at) {
            continue;
        }
        let of = &component.name;
        let mut finding = sink.finding(format!("`{}` follows by upsync, which `{name}` does not have", of.value)).label(at, "needs the module");
        finding = if image.is_written() {
            finding.label(image.span(), "the official image")
        } else {
            finding.label(of.span, "runs the official image: no image= is written")
        };
        finding
            .note("nginx refuses its configuration (unknown directive \"upsync\") and does not start")
            .help(
                "write image= of one that has ngx_http_upsync_module (ngx_stream_upsync_module for a stream), or \
                 follow=\"dns\", which nginx 1.27.3 and newer do by themselves",
            )
            .emit();
    }
}

/// Whether this is a tag or digest of the official image.
fn is_official(image: &str) -> bool {
    let name = image.split('@').next().unwrap_or_default();
    // A colon before the last slash is a registry's port.
    let name = match name.rsplit_once(':') {
        Some((name, tag)) if !tag.contains('/') => name,
        _ => name,
    };
    let name = name.strip_prefix("docker.io/").unwrap_or(name);
    name.strip_prefix("library/").unwrap_or(name) == "nginx"
}

#[cfg(test)]
mod tests {
    use super::is_official;

    #[test]
    fn only_the_official_image_is_official() {
        for image in ["nginx", "nginx:1.26.3", "nginx:1.26.3-alpine", "docker.io/library/nginx:1", "nginx@sha256:00", "library/nginx:1@sha256:00"] {
            assert!(is_official(image), "{image}");
        }
        for image in ["srm/nginx:1.26.3", "nginx-upsync:1", "localhost:5000/nginx:1.26.3", "localhost:5000/nginx", "ghcr.io/x/nginx@sha256:00", ""] {
            assert!(!is_official(image), "{image}");
        }
    }
}
