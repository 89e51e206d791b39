//! `// hacc: allow(RULE) reason="…"`: an allow as a comment.
//!
//! It holds for the line that it ends. Alone on its line it holds for the next line with something on it (further
//! comments may stand between, an empty line may not), and before the first node for the whole file: for the whole
//! topology, where the file is the topology itself.

use crate::diagnostic::Diagnostic;
use crate::source::{Span, Spanned};
use crate::syntax::{Document, remark_body};

use super::super::{Allow, Scope, Topology};

const FORM: &str = "write `// hacc: allow(RULE) reason=\"…\"`";

/// Reads the comments of one text. `root`: it is the topology itself, not a file that it includes.
pub(super) fn allows(document: &Document, root: bool, topology: &mut Topology, found: &mut Vec<Diagnostic>) {
    let (text, base) = (document.text(), document.base());
    let first = document.nodes().next().map_or(u32::MAX, |node| node.span().start);
    // From the last to the first: one that stands above another one holds where that one does, and no line is looked
    // at twice.
    let mut below: Option<(usize, Span)> = None;
    let remarks: Vec<Span> = document.remarks().collect();
    let from = topology.allows.len();
    let said = found.len();
    for span in remarks.into_iter().rev() {
        let (start, end) = ((span.start - base) as usize, (span.end - base) as usize);
        let line = text[..start].rfind('\n').map_or(0, |at| at + 1);
        let alone = text[line..start].trim_start_matches('\u{FEFF}').trim().is_empty();
        let target = if alone { next_line(text, end, base, below) } else { whole_line(text, line, base) };
        if alone {
            below = Some((line, target));
        }
        let scope = match (alone && span.start < first, root) {
            (true, true) => Scope::Topology,
            (true, false) => Scope::File(document.span()),
            (false, _) => Scope::Line(target),
        };
        match parse(&text[start..end], span) {
            Ok((rule, reason)) => topology.allows.push(Allow { rule, reason, scope, span }),
            Err(diagnostic) => found.push(*diagnostic),
        }
    }
    topology.allows[from..].reverse();
    found[said..].reverse();
}

/// The line that a comment alone on its line, ending at `at`, speaks of.
fn next_line(text: &str, at: usize, base: u32, below: Option<(usize, Span)>) -> Span {
    let mut line = at + text[at..].find('\n').map_or(text.len() - at, |gap| gap + 1);
    while text[line..].trim_start_matches([' ', '\t']).starts_with("//") {
        match below {
            Some((other, target)) if other == line => return target,
            _ => line += text[line..].find('\n').map_or(text.len() - line, |gap| gap + 1),
        }
    }
    whole_line(text, line, base)
}

/// The line that starts at `line`, without its end.
fn whole_line(text: &str, line: usize, base: u32) -> Span {
    let end = line + text[line..].find('\n').unwrap_or(text.len() - line);
    let global = |local: usize| base + u32::try_from(local).unwrap_or_default();
    Span::new(global(line), global(end))
}

type Read = (Spanned<String>, Spanned<String>);

/// Rule and reason.
fn parse(comment: &str, span: Span) -> Result<Read, Box<Diagnostic>> {
    let wrong = |message: &str, label: &str, help: &str| {
        Err(Box::new(Diagnostic::new("allow-comment", message).label(span, label).help(help)))
    };
    let place = |part: &str| {
        let start = part.as_ptr() as usize - comment.as_ptr() as usize;
        let start = span.start + u32::try_from(start).unwrap_or_default();
        Spanned::new(part.to_owned(), Span::new(start, start + u32::try_from(part.len()).unwrap_or_default()))
    };
    let body = remark_body(comment).unwrap_or_default().trim();
    let inside = body.strip_prefix("allow").and_then(|rest| rest.trim_start().strip_prefix('('));
    let Some((rule, rest)) = inside.and_then(|rest| rest.split_once(')')) else {
        return wrong("a comment for hacc that hacc does not understand", "allows nothing", FORM);
    };
    let rule = rule.trim();
    if rule.is_empty() || rule.contains([',', ' ']) {
        let help = "name one rule in each comment; comments may stand above each other";
        return wrong("an allow names one rule", "allows nothing", help);
    }
    let reason = rest.trim().strip_prefix("reason").and_then(|rest| rest.trim_start().strip_prefix('='));
    let reason = reason.and_then(|rest| rest.trim_start().strip_prefix('"')?.split_once('"'));
    match reason.map(|(reason, rest)| (reason.trim(), rest.trim_start())) {
        // A further comment may follow.
        Some((reason, rest)) if !reason.is_empty() && (rest.is_empty() || rest.starts_with("//")) => {
            Ok((place(rule), place(reason)))
        }
        Some((reason, rest)) if !reason.is_empty() => {
            let help = format!("{FORM}, and nothing behind it; within the reason there is no `\"`");
            Err(Box::new(
                Diagnostic::new("allow-comment", "an allow ends with its reason")
                    .label(place(rest).span, "more")
                    .help(help),
            ))
        }
        _ => wrong(
            "an allow without a reason",
            "allows nothing",
            &format!("{FORM}: whoever reads it next has to judge it again"),
        ),
    }
}
