use std::fmt::Write;

use crate::lint::{Rule, rules};

/// The page of a rule as plain text: what documentation, terminal and tests share.
/// The comments that mark lines of the wrong examples stay: they say which line is meant.
#[must_use]
pub fn explain(rule: &Rule) -> String {
    let mut out = String::with_capacity(rule.page.len());
    let mut fenced = false;
    for line in rule.page.lines() {
        if let Some(info) = line.strip_prefix("```") {
            if !fenced {
                let kind = if info.contains("bad") { "Wrong:" } else { "Right:" };
                let _ = writeln!(out, "{kind}\n");
            }
            fenced = !fenced;
        } else if fenced {
            let _ = if line.is_empty() { writeln!(out) } else { writeln!(out, "    {line}") };
        } else {
            let text = line.trim_start_matches('#').trim_start();
            let _ = writeln!(out, "{text}");
            if line.starts_with('#') {
                let rule = if line.starts_with("# ") { "=" } else { "-" };
                let _ = writeln!(out, "{}", rule.repeat(text.chars().count()));
            }
        }
    }
    out
}

/// What a rule finds: the first paragraph of its page, in one line.
pub(super) fn summary(rule: &Rule) -> String {
    let lines = rule.page.lines().skip(1).skip_while(|line| line.is_empty() || line.starts_with("Level:"));
    lines.take_while(|line| !line.is_empty()).collect::<Vec<_>>().join(" ")
}

/// All rules, one a line: name, level, what it is about.
#[must_use]
pub fn rule_list() -> String {
    let width = rules::ALL.iter().map(|rule| rule.name.len()).max().unwrap_or_default();
    let mut out = String::new();
    for rule in rules::ALL {
        let _ = writeln!(out, "{:width$}  {:7}  {}", rule.name, rule.level.word(), summary(rule));
    }
    out
}
