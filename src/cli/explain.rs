use clap::ValueEnum;

use crate::lint::{self, Entry, rules};
use crate::report;

use super::output;
use super::{Exit, select};

/// Explain a rule: what it finds, why that matters, what to write instead.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The rule's name; without one, all rules are listed
    rule: Option<String>,
    /// How to print it
    #[arg(long, value_enum, default_value_t)]
    format: Form,
}

/// How rules are printed.
#[derive(Clone, Copy, Debug, Default, ValueEnum)]
enum Form {
    /// For people
    #[default]
    Text,
    /// The page as it is; of all rules a table
    Markdown,
    /// For programs: name, levels, confidences, fixes, page
    Json,
}

pub(super) fn run(arguments: &Arguments) -> Exit {
    let Some(name) = &arguments.rule else {
        let all = || rules::ALL.iter().map(|rule| Entry::of(rule)).collect::<Vec<_>>();
        output::result(&match arguments.format {
            Form::Text => report::rule_list(),
            Form::Markdown => report::rule_table(&all()),
            Form::Json => report::rules_json(&all()),
        });
        return Exit::Fine;
    };
    let Some(rule) = lint::rule(name) else {
        output::say(&format!("hacc: there is no rule `{}`; {}\n", name.escape_debug(), select::hint(name)));
        return Exit::Failed;
    };
    match arguments.format {
        Form::Text => output::result(&report::explain(rule)),
        Form::Markdown => output::result(rule.page),
        Form::Json => output::result(&report::rules_json(&[Entry::of(rule)])),
    }
    Exit::Fine
}
