use std::collections::BTreeMap;

use crate::lint::members::place;
use crate::lint::{Check, Confidence, Context, Level, Rule, Sink};
use crate::system::{Component, Program};
use crate::topology::Version;

/// Two components run different patch releases of one series: one of them was forgotten.
pub const RULE: Rule = Rule {
    name: "release-drift",
    level: Level::Advice,
    page: include_str!("../../../docs/rules/release-drift.md"),
    check: Check::Claims(check),
};

/// A program, and the first two numbers of its release.
type Series = (Program, u32, u32);

fn check(context: &Context<'_>, sink: &mut Sink) {
    let mut series: BTreeMap<Series, Vec<(Version, &Component)>> = BTreeMap::new();
    for component in context.system.components.values() {
        if let Some(version) = component.release.version.known() {
            series.entry((component.program, version.major, version.minor)).or_default().push((*version, component));
        }
    }
    for ((program, major, minor), mut components) in series {
        components.sort_by_key(|(version, component)| (*version, component.name.span));
        let Some(newest) = components.last().map(|(version, _)| *version) else { continue };
        if components.first().is_none_or(|(version, _)| *version == newest) {
            continue;
        }
        let program = program.word();
        let places = components.into_iter().take(8).map(|(version, component)| {
            let release = &component.release.version;
            (place(release, component.name.span), format!("`{}`: {version}", component.name.value))
        });
        sink.finding(format!("{program} {major}.{minor} runs in several patch releases"))
            .labels(places)
            .confidence(Confidence::Likely)
            .note("what was mended in the newer one still breaks in the older one, and who reads one log believes that it is mended everywhere")
            .help(format!("write {newest} everywhere, one component after the other"))
            .emit();
    }
}
