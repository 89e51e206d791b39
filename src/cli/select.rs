use std::fmt::Write as _;

use crate::lint::{self, Confidence, Finding, Level, rules};

/// Which findings are shown.
#[derive(Clone, Debug)]
pub(super) struct Selection {
    /// Names of rules, or beginnings with a `*`; none: all.
    pub(super) select: Vec<String>,
    /// The same; wins.
    pub(super) ignore: Vec<String>,
    /// The least level.
    pub(super) level: Level,
    /// Also what is only possible.
    pub(super) pedantic: bool,
}

/// What becomes of a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shown {
    Yes,
    /// It would be with `--pedantic`.
    WhenPedantic,
    No,
}

impl Selection {
    /// What to say where a name is no rule's, or a beginning begins none; empty otherwise.
    pub(super) fn unknown(&self) -> String {
        let mut wrong = String::new();
        for (flag, names) in [("--select", &self.select), ("--ignore", &self.ignore)] {
            for name in names.iter().filter(|name| !rules::ALL.iter().any(|rule| matches(name, rule.name))) {
                let family = !name.is_empty() && rules::ALL.iter().any(|rule| rule.name.starts_with(name.as_str()));
                let hint = if family { format!("`{name}*` is every rule that begins so") } else { hint(name) };
                let _ = writeln!(wrong, "hacc: {flag}: there is no rule `{}`; {hint}", name.escape_debug());
            }
        }
        wrong
    }

    /// What becomes of `finding`.
    pub(super) fn judge(&self, finding: &Finding) -> Shown {
        let rule = finding.diagnostic.code;
        let any = |names: &[String]| names.iter().any(|name| matches(name, rule));
        if finding.level < self.level || any(&self.ignore) || !(self.select.is_empty() || any(&self.select)) {
            Shown::No
        } else if finding.confidence == Confidence::Possible && !self.pedantic {
            Shown::WhenPedantic
        } else {
            Shown::Yes
        }
    }
}

fn matches(name: &str, rule: &str) -> bool {
    name.strip_suffix('*').map_or(name == rule, |start| rule.starts_with(start))
}

/// What may have been meant by a name that is no rule's.
pub(super) fn hint(name: &str) -> String {
    match lint::similar_rule(name) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "`hacc explain` lists all rules".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Diagnostic;

    #[test]
    fn what_is_only_possible_is_for_the_pedantic() {
        let finding = |confidence| Finding {
            level: Level::Warning,
            confidence,
            diagnostic: Diagnostic::new("vrid-mismatch", ""),
            fix: None,
        };
        let plain = Selection { select: Vec::new(), ignore: Vec::new(), level: Level::Advice, pedantic: false };
        let pedantic = Selection { pedantic: true, ..plain.clone() };
        let ignoring = Selection { ignore: vec!["vrid-*".to_owned()], ..plain.clone() };
        let errors = Selection { level: Level::Error, ..pedantic.clone() };
        for (confidence, by_itself) in [
            (Confidence::Certain, Shown::Yes),
            (Confidence::Likely, Shown::Yes),
            (Confidence::Possible, Shown::WhenPedantic),
        ] {
            assert_eq!(plain.judge(&finding(confidence)), by_itself);
            assert_eq!(pedantic.judge(&finding(confidence)), Shown::Yes);
            assert_eq!(ignoring.judge(&finding(confidence)), Shown::No, "not counted either");
            assert_eq!(errors.judge(&finding(confidence)), Shown::No);
        }
    }
}
