use crate::lint::images::Image;
use crate::lint::{Check, Context, Level, Rule, Sink};
use crate::system::Program;

/// An image that is another one tomorrow.
pub const RULE: Rule = Rule {
    name: "image-unpinned",
    level: Level::Warning,
    page: include_str!("../../../docs/rules/image-unpinned.md"),
    check: Check::Claims(check),
};

fn check(context: &Context<'_>, sink: &mut Sink) {
    for component in context.system.components.values().filter(|component| component.release.image.is_written()) {
        let Some(image) = component.release.image.known().map(|image| Image::of(image)) else { continue };
        let what = match image.tag {
            _ if image.pinned => continue,
            None => "no tag: whatever is the latest",
            Some("latest" | "stable" | "edge" | "nightly" | "main" | "master" | "dev") => "a name that moves",
            // Of a program whose releases hacc knows, fewer than three numbers are a series.
            Some(_) if component.program != Program::Application && (1..3).contains(&image.numbers().len()) => {
                "a series: it moves with each release"
            }
            Some(_) => continue,
        };
        sink.finding(format!("the image of `{}` is another one tomorrow", component.name.value))
            .label(component.release.image.span(), what)
            .note("hosts that pull on different days run different programs, and a restart is an upgrade that nobody asked for")
            .help("write the full version as tag, or add the digest (@sha256:…) that docker images --digests shows")
            .emit();
    }
}
