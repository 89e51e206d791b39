use std::collections::BTreeSet;
use std::fmt::{self, Write};

use miette::{GraphicalReportHandler, GraphicalTheme, LabeledSpan, Severity, ThemeCharacters, ThemeStyles};

use crate::lint::{Confidence, Level};
use crate::source::{SourceMap, Span};

use super::format::{Format, Report as Whole};
use super::mask::Masks;
use super::snippet::Snippets;
use super::{Item, Summary, clean};

/// How many errors and findings are shown before the rest is counted: more than anybody reads.
const SHOWN: usize = 200;
/// How many rules are named at the end.
const NAMED: usize = 8;

pub(super) const FORMAT: Format =
    Format { name: "text", about: "For people; what is used by itself", for_people: true, write: lint };

/// All that `hacc lint` says: every error and finding, their count, what could not be judged, where to read on.
fn lint(report: &Whole<'_>, style: Style) -> String {
    let mut out = Text::new(report.sources, report.hidden, style).report(&report.items, report.summary);
    for topology in report.topologies.iter().filter(|topology| !topology.complete) {
        let path = clean::line(topology.path, !style.unicode);
        let _ = writeln!(
            out,
            "{path}: not checked to the end: what has errors, or refers to what has some, was not judged"
        );
    }
    let rules: BTreeSet<&str> = (report.items.iter().take(SHOWN).map(|item| item.diagnostic.code))
        .filter(|code| crate::lint::rule(code).is_some())
        .collect();
    let named: Vec<&str> = rules.iter().take(NAMED).copied().collect();
    let more = if rules.len() > NAMED { ", ..." } else { "" };
    let _ = match named.as_slice() {
        [] => Ok(()),
        [rule] => writeln!(out, "`hacc explain {rule}` tells more"),
        _ => writeln!(out, "`hacc explain RULE` tells more about {}{more}", named.join(", ")),
    };
    out
}

/// How text is to look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Style {
    /// Escape sequences for colours.
    pub color: bool,
    /// Lines and arrows of Unicode; otherwise hacc's own characters are ASCII (texts of the user stay as they are).
    pub unicode: bool,
    /// Columns of the terminal.
    pub width: usize,
}

impl Default for Style {
    /// For a file or a pipe.
    fn default() -> Self {
        Self { color: false, unicode: true, width: 100 }
    }
}

/// Renders diagnostics and findings for people.
#[derive(Debug)]
pub struct Text<'a> {
    map: &'a SourceMap,
    masks: Masks,
    style: Style,
    handler: GraphicalReportHandler,
}

impl<'a> Text<'a> {
    /// A renderer over the texts of `map`. What lies in `hidden`, and everything that looks like a literal secret, is
    /// covered in the lines that it prints.
    #[must_use]
    pub fn new(map: &'a SourceMap, hidden: &[Span], style: Style) -> Self {
        let theme = GraphicalTheme {
            characters: if style.unicode { ThemeCharacters::unicode() } else { ThemeCharacters::ascii() },
            styles: if style.color { ThemeStyles::ansi() } else { ThemeStyles::none() },
        };
        let style = Style { width: style.width.clamp(40, 1000), ..style };
        let handler = GraphicalReportHandler::new_themed(theme)
            .with_width(style.width)
            .with_links(false)
            .without_syntax_highlighting()
            .without_cause_chain()
            .with_context_lines(1);
        Self { map, masks: Masks::new(map, hidden), style, handler }
    }

    /// Diagnostics and findings, of very many the first ones, and a line that counts them all.
    #[must_use]
    pub fn report(&self, items: &[Item<'_>], summary: Summary) -> String {
        let mut out = String::new();
        for item in items.iter().take(SHOWN) {
            self.render(*item, &mut out);
        }
        if let Some(more) = items.len().checked_sub(SHOWN).filter(|more| *more > 0) {
            let _ = writeln!(out, "and {more} more; `--format json` has them all\n");
        }
        out.push_str(&summary.line());
        out.push('\n');
        out
    }

    /// Appends one diagnostic, with an empty line after it.
    pub fn render(&self, item: Item<'_>, out: &mut String) {
        let ascii = !self.style.unicode;
        let diagnostic = item.diagnostic;
        // Line numbers and gutter take some of the width.
        let width = self.style.width.saturating_sub(10);
        let snippets = Snippets::new(self.map, &diagnostic.labels, &self.masks, ascii, width);
        let labels = snippets.marks.iter().enumerate().map(|(n, mark)| {
            let text = diagnostic.labels.get(mark.label).map_or("", |label| &label.text);
            let text = (!text.is_empty()).then(|| clean::line(text, ascii).into_owned());
            let span = (mark.start, mark.len);
            if n == 0 { LabeledSpan::new_primary_with_span(text, span) } else { LabeledSpan::new_with_span(text, span) }
        });
        let sure = if item.confidence == Confidence::Possible { ", only possible" } else { "" };
        let report = Report {
            code: format!("{}[{}]{sure}", item.level.word(), diagnostic.code),
            message: clean::line(&diagnostic.message, ascii).into_owned(),
            severity: match item.level {
                Level::Error => Severity::Error,
                Level::Warning => Severity::Warning,
                Level::Advice => Severity::Advice,
            },
            labels: labels.collect(),
            snippets: &snippets,
        };
        // Writing to a String cannot fail; what the handler itself refuses is still said in one line.
        let length = out.len();
        if self.handler.render_report(out, &report).is_err() {
            out.truncate(length);
            let _ = writeln!(out, "{}: {}", report.code, report.message);
        }
        if snippets.left_out > 0 {
            self.footer("", &format!("and {} more places", snippets.left_out), out);
        }
        if let Some(note) = &diagnostic.note {
            self.footer("note", note, out);
        }
        if let Some(help) = &diagnostic.help {
            self.footer("help", help, out);
        }
        if let Some(fix) = item.fix {
            let kind = if fix.safe { "" } else { " (changes how the cluster behaves)" };
            self.footer("fix", &format!("{}{kind}", fix.title), out);
        }
        out.push('\n');
    }

    /// A paragraph under the snippets, wrapped and indented.
    fn footer(&self, word: &str, text: &str, out: &mut String) {
        const INDENT: usize = 8;
        let room = self.style.width.saturating_sub(INDENT).max(20);
        let head = if word.is_empty() { String::new() } else { format!("{word}:") };
        let text = clean::lines(text, !self.style.unicode);
        for (n, line) in text.lines().flat_map(|line| wrap(line, room)).enumerate() {
            let head = if n == 0 { head.as_str() } else { "" };
            let pad = INDENT - 2 - head.len().min(INDENT - 2);
            if self.style.color && !head.is_empty() {
                let _ = writeln!(out, "  \u{1b}[36m{head}\u{1b}[0m{:pad$}{line}", "");
            } else {
                let _ = writeln!(out, "  {head}{:pad$}{line}", "");
            }
        }
    }
}

/// Breaks a line at blanks; a word that is longer than the room stays whole, so that it can be copied.
fn wrap(line: &str, room: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    let mut used = 0;
    for word in line.split(' ') {
        let length = word.chars().count();
        if used > 0 && used + 1 + length > room {
            lines.push(String::new());
            used = 0;
        }
        if let Some(last) = lines.last_mut() {
            if used > 0 {
                last.push(' ');
                used += 1;
            }
            last.push_str(word);
            used += length;
        }
    }
    lines
}

/// One diagnostic as miette wants it.
struct Report<'s> {
    code: String,
    message: String,
    severity: Severity,
    labels: Vec<LabeledSpan>,
    snippets: &'s Snippets,
}

impl fmt::Debug for Report<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl fmt::Display for Report<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Report<'_> {}

impl miette::Diagnostic for Report<'_> {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        Some(Box::new(&self.code))
    }

    fn severity(&self) -> Option<Severity> {
        Some(self.severity)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        (!self.labels.is_empty()).then(|| Box::new(self.labels.iter().cloned()) as Box<_>)
    }

    fn source_code(&self) -> Option<&dyn miette::SourceCode> {
        Some(self.snippets)
    }
}
