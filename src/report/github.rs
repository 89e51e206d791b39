//! Workflow commands of GitHub Actions: annotations at the lines of a change.
//! <https://docs.github.com/actions/reference/workflow-commands-for-github-actions>

use std::fmt::Write as _;

use crate::lint::{Confidence, Level};

use super::format::{Format, Report};
use super::{Item, clean};

pub(super) const FORMAT: Format = Format {
    name: "github",
    about: "Annotations of GitHub Actions; what is used there by itself",
    for_people: false,
    write: |report, _| write(report),
};

fn write(report: &Report<'_>) -> String {
    let mut out = String::new();
    for item in &report.items {
        command(report, item, &mut out);
    }
    // A line that is no command, for whoever reads the log.
    let _ = writeln!(out, "hacc: {}", report.summary.line());
    out
}

/// One finding: one line.
fn command(report: &Report<'_>, item: &Item<'_>, out: &mut String) {
    let diagnostic = item.diagnostic;
    let word = match item.level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Advice => "notice",
    };
    let _ = write!(out, "::{word} ");
    let mut labels = diagnostic.labels.iter();
    let main = labels.next();
    if let Some((_, source)) = main.and_then(|label| report.sources.source_of(label.span)) {
        let span = main.map_or(source.span(), |label| label.span);
        let (line, column) = source.line_column(span.start);
        let (end_line, end_column) = source.line_column(span.end);
        let path = source.path().as_str();
        let _ = write!(out, "file={},line={line},endLine={end_line},col={column}", property(path_of(path)));
        if line == end_line {
            let _ = write!(out, ",endColumn={end_column}");
        }
        out.push(',');
    }
    let sure = if item.confidence == Confidence::Possible { " (possible)" } else { "" };
    let _ = write!(out, "title={}::", property(&format!("{}{sure}", diagnostic.code)));
    let mut message = diagnostic.message.clone();
    if let Some(label) = main.filter(|label| !label.text.is_empty()) {
        let _ = write!(message, "\nhere: {}", label.text);
    }
    for label in labels {
        if let Some(place) = report.sources.place_of(label.span) {
            let _ = write!(message, "\n{}:{}:{}: {}", place.path, place.line, place.column, label.text);
        }
    }
    let fix = item.fix.map(|fix| format!("fix: {}", fix.title));
    for text in [&diagnostic.note, &diagnostic.help, &fix].into_iter().flatten() {
        let _ = write!(message, "\n{text}");
    }
    let _ = writeln!(out, "{}", data(&clean::lines(&message, false)));
}

/// A path as GitHub wants it, from the top of the repository: there hacc is to be started.
fn path_of(path: &str) -> &str {
    path.trim_start_matches("./")
}

/// What stands behind `::`, escaped as `actions/toolkit` does it.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// The value of a property.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
