use crate::{lint, report};

use super::Exit;
use super::output;

/// Explain a rule: what it finds, why that matters, what to write instead.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The rule's name; without one, all rules are listed
    rule: Option<String>,
}

pub(super) fn run(arguments: &Arguments) -> Exit {
    let Some(name) = &arguments.rule else {
        output::result(&report::rule_list());
        return Exit::Fine;
    };
    if let Some(rule) = lint::rule(name) {
        output::result(&report::explain(rule));
        return Exit::Fine;
    }
    let hint = match lint::similar_rule(name) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "`hacc explain` lists all rules".to_owned(),
    };
    output::say(&format!("hacc: there is no rule `{}`; {hint}\n", name.escape_debug()));
    Exit::Failed
}
