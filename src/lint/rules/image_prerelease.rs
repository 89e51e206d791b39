use crate::lint::images::Image;
use crate::lint::{Check, Context, Level, Rule, Sink};
use crate::system::Program;

/// A candidate, a beta or a development snapshot by its tag.
pub const RULE: Rule = Rule {
    name: "image-prerelease",
    level: Level::Warning,
    page: include_str!("../../../docs/rules/image-prerelease.md"),
    check: Check::Claims(check),
};

/// What tags of unfinished releases hold.
const MARKS: [&str; 6] = ["alpha", "beta", "dev", "rc", "nightly", "snapshot"];

fn check(context: &Context<'_>, sink: &mut Sink) {
    let known = context.system.components.values().filter(|component| component.program != Program::Application);
    for component in known.filter(|component| component.release.image.is_written()) {
        let Some(image) = component.release.image.known().map(|image| Image::of(image)) else { continue };
        let tag = image.tag.unwrap_or_default().to_ascii_lowercase();
        let mark = MARKS.into_iter().find(|mark| {
            let parts = tag.split(['-', '.', '_', '+']);
            parts
                .into_iter()
                .any(|part| part.strip_prefix(mark).is_some_and(|rest| rest.bytes().all(|b| b.is_ascii_digit())))
        });
        let Some(mark) = mark else { continue };
        sink.finding(format!("`{}` runs a release that is not finished", component.name.value))
            .label(component.release.image.span(), format!("`{mark}` in its tag"))
            .note("nobody mends it: the next release may read other files, and what breaks is answered with \"take the release\"")
            .help("write the image of a release, or leave image= out")
            .emit();
    }
}
