use std::cell::Cell;

use rustc_hash::FxHashMap;

use crate::diagnostic::Diagnostic;
use crate::source::{Span, Spanned};
use crate::suggest::closest;

/// Declared names of one kind, and what each stands for.
pub(super) struct Names<'a, T> {
    kind: &'static str,
    code: &'static str,
    by_name: FxHashMap<&'a str, (T, Span)>,
    order: Vec<&'a str>,
    /// Comparisons that may still be made to guess what was meant.
    guesses: Cell<usize>,
}

/// Comparisons for all guesses: thousands of unknown names among thousands of known ones are to take no minutes.
const GUESSES: usize = 200_000;

impl<'a, T: Copy> Names<'a, T> {
    /// Names of a `kind` ("host", "network"); an unknown one is reported under `code`.
    pub(super) fn new(kind: &'static str, code: &'static str) -> Self {
        Self { kind, code, by_name: FxHashMap::default(), order: Vec::new(), guesses: Cell::new(GUESSES) }
    }

    pub(super) fn add(&mut self, name: &'a Spanned<String>, item: T) {
        if self.by_name.insert(&name.value, (item, name.span)).is_none() {
            self.order.push(&name.value);
        }
    }

    pub(super) fn get(&self, name: &str) -> Option<T> {
        self.by_name.get(name).map(|(item, _)| *item)
    }

    /// What `reference` names; an unknown name is reported, with the place of the name that was probably meant.
    pub(super) fn resolve(&self, reference: &Spanned<String>, problems: &mut Vec<Diagnostic>) -> Option<T> {
        let found = self.get(&reference.value);
        if found.is_none() {
            problems.push(self.unknown(&reference.value, reference.span));
        }
        found
    }

    /// The report on a name that nobody declared.
    pub(super) fn unknown(&self, name: &str, span: Span) -> Diagnostic {
        let kind = self.kind;
        let report = Diagnostic::new(self.code, format!("there is no {kind} `{name}`")).label(span, "not declared");
        let left = self.guesses.get().checked_sub(self.order.len());
        self.guesses.set(left.unwrap_or(0));
        if let Some(near) = left.and_then(|_| closest(name, self.order.iter().copied())) {
            let declared = self.by_name[near].1;
            return report
                .label(declared, format!("`{near}` is declared here"))
                .help(format!("did you mean `{near}`?"));
        }
        report.help(match self.order.as_slice() {
            [] => format!("declare it: no {kind} is declared yet"),
            names => format!("declared are: {}", list(names)),
        })
    }
}

/// The first names, in words.
pub(super) fn list(names: &[&str]) -> String {
    const SHOWN: usize = 12;
    let mut text = names.iter().take(SHOWN).map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    if names.len() > SHOWN {
        text = format!("{text} and {} more", names.len() - SHOWN);
    }
    text
}
