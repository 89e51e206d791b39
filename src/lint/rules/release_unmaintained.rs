use crate::lint::members::place;
use crate::lint::{Check, Confidence, Context, Level, Rule, Sink};
use crate::releases::{SERIES_AS_OF, series_ended};

/// A series that gets no more corrections, by the table in `stdlib/releases/series.tsv` (there is no clock: what
/// counts is its date).
pub const RULE: Rule = Rule {
    name: "release-unmaintained",
    level: Level::Advice,
    page: include_str!("../../../docs/rules/release-unmaintained.md"),
    check: Check::Claims(check),
};

fn check(context: &Context<'_>, sink: &mut Sink) {
    for component in context.system.components.values() {
        let release = &component.release.version;
        let Some(version) = release.known() else { continue };
        let Some(ended) = series_ended(component.program.word(), *version) else { continue };
        let program = component.program.word();
        sink.finding(format!("{program} {}.{} gets no more corrections", version.major, version.minor))
            .label(place(release, component.name.span), format!("until {ended}"))
            .confidence(Confidence::Possible)
            .note(format!("holes that are found from then on stay open (as known on {SERIES_AS_OF}; paid support may last longer)"))
            .help("plan the upgrade; write the new version here first: hacc tells what has to change with it")
            .emit();
    }
}
