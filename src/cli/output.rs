use std::fmt::Write as _;
use std::io::{self, IsTerminal as _, Write as _};

use crate::diagnostic::Diagnostic;
use crate::lint;
use crate::report::{Item, Style, Summary, Text};
use crate::source::{SourceMap, Span};

/// How many errors and findings are shown as text before the rest is counted: more than anybody reads.
const SHOWN: usize = 200;

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
        let text = Text::new(sources, hidden, self.style);
        let mut out = String::new();
        for item in items.iter().take(SHOWN) {
            text.render(*item, &mut out);
        }
        if let Some(more) = items.len().checked_sub(SHOWN).filter(|more| *more > 0) {
            let _ = writeln!(out, "and {more} more; `--format json` has them all\n");
        }
        out.push_str(&Summary::of(items, allowed).line());
        out.push('\n');
        say(&out);
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

/// Findings as items.
pub(super) fn items(findings: &[lint::Finding]) -> Vec<Item<'_>> {
    findings.iter().map(Item::from).collect()
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
