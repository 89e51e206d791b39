use crate::lint::images::Image;
use crate::lint::members::place;
use crate::lint::{Check, Confidence, Context, Level, Rule, Sink};
use crate::system::Program;

/// The tag says one release, `version=` another: files are written for the latter, and the former reads them.
pub const RULE: Rule = Rule {
    name: "image-version-mismatch",
    level: Level::Error,
    page: include_str!("../../../docs/rules/image-version-mismatch.md"),
    check: Check::Claims(check),
};

fn check(context: &Context<'_>, sink: &mut Sink) {
    for component in context.system.components.values() {
        let (claim, release) = (&component.release.image, &component.release.version);
        let Some(image) = claim.known().filter(|_| claim.is_written()).map(|image| Image::of(image)) else { continue };
        let (Some(version), false) = (release.known(), component.program == Program::Application) else { continue };
        let tag = image.numbers();
        let said = [version.major, version.minor, version.patch];
        // One number alone may count anything.
        if tag.len() < 2 || tag.iter().zip(said).all(|(tag, said)| *tag == said) {
            continue;
        }
        let series = tag[..2] != said[..2];
        // An image of somebody's own may have numbers of its own.
        let official = image.last() == component.program.word();
        sink.finding(format!(
            "`{}` is written for {version}, and its image is called {}",
            component.name.value,
            image.tag.unwrap_or_default()
        ))
        .level(if series { Level::Error } else { Level::Warning })
        .label(claim.span(), "what runs")
        .label(place(release, component.name.span), "what the files are written for")
        .confidence(if official { Confidence::Certain } else { Confidence::Possible })
        .note("keys and commands differ from release to release: the program refuses its files, or silently leaves out what it does not know")
        .help("write the same version twice, or leave image= out")
        .emit();
    }
}
