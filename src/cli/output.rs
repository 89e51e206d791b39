use std::io::{self, IsTerminal as _, Write as _};

use crate::diagnostic::Diagnostic;
use crate::lint;
use crate::report::{Format, Item, Report, Style, Summary, Text};
use crate::source::{SourceMap, Span};

/// Where results and messages go, and how they look there. Writes to a pipe that nobody reads any more are dropped.
pub(super) struct Output {
    style: Style,
}

impl Output {
    /// Colours and width as the terminal behind standard error has them; Unicode where the locale says so.
    pub(super) fn detect() -> Self {
        let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
        let terminal = io::stderr().is_terminal();
        let dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
        let color = if set("CLICOLOR_FORCE") { true } else { terminal && !set("NO_COLOR") && !dumb };
        let width = if terminal { terminal_width() } else { None };
        Self { style: Style { color, unicode: is_unicode(), width: width.unwrap_or(100) } }
    }

    /// Diagnostics and findings for people, with a line that counts them.
    pub(super) fn report(&self, sources: &SourceMap, hidden: &[Span], items: &[Item<'_>], allowed: usize) {
        say(&Text::new(sources, hidden, self.style).report(items, Summary::of(items, allowed)));
    }

    /// A report in one of its forms: to people as messages, to programs as a result.
    pub(super) fn write(&self, format: &Format, report: &Report<'_>) {
        let text = (format.write)(report, self.style);
        if format.for_people { say(&text) } else { result(&text) }
    }

    /// Errors for people. What could be a secret is not shown.
    pub(super) fn errors(&self, sources: &SourceMap, errors: &[Diagnostic]) {
        self.report(sources, &[], &errors.iter().map(Item::from).collect::<Vec<_>>(), 0);
    }
}

/// A result, on standard output.
pub(super) fn result(text: &str) {
    let mut out = io::stdout().lock();
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
}

/// A message, on standard error.
pub(super) fn say(text: &str) {
    let _ = io::stderr().lock().write_all(text.as_bytes());
}

/// A file, or what counts as one, that cannot be read.
pub(super) fn unreadable(path: &str, error: &io::Error) -> Diagnostic {
    Diagnostic::new("unreadable", format!("cannot read {path}: {error}"))
}

/// Findings as items, without those that are only possible.
pub(super) fn items(findings: &lint::Outcome) -> Vec<Item<'_>> {
    findings.likely().map(Item::from).collect()
}

fn is_unicode() -> bool {
    let locale =
        ["LC_ALL", "LC_CTYPE", "LANG"].iter().find_map(|name| std::env::var(name).ok().filter(|v| !v.is_empty()));
    locale.is_some_and(|locale| {
        let locale = locale.to_ascii_lowercase();
        locale.contains("utf-8") || locale.contains("utf8")
    })
}

fn terminal_width() -> Option<usize> {
    let size = rustix::termios::tcgetwinsize(io::stderr()).ok()?;
    Some(usize::from(size.ws_col)).filter(|columns| *columns > 0)
}
