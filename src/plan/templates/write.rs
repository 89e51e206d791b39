use std::fmt::Write as _;

use minijinja::value::ValueKind;
use minijinja::{Error, ErrorKind, Output, State, Value};

use crate::plan::grammar::Grammar;

use super::catalogue;

/// Writes the value of one interpolation by the grammar of the file it stands in.
pub(super) fn write(out: &mut Output<'_>, state: &mut State<'_, '_>, value: &Value) -> Result<(), Error> {
    let Some(template) = catalogue::find(state.name()) else {
        return Err(fail(format!("`{}` is not the name of a template", state.name())));
    };
    let mut text = String::new();
    write_value(&mut text, template.grammar, value, 0)?;
    out.write_str(&text).map_err(|_| fail("the text cannot be written".to_owned()))
}

fn write_value(out: &mut String, grammar: Grammar, value: &Value, depth: usize) -> Result<(), Error> {
    match value.kind() {
        ValueKind::String => {
            let text = value.as_str().unwrap_or_default();
            grammar
                .write(out, text)
                .map_err(|refusal| fail(format!("{} cannot hold a value with {refusal}", grammar.name())))
        }
        // Not as the engine shows it, which is `True` and `False`.
        ValueKind::Bool => {
            out.push_str(if value.is_true() { "true" } else { "false" });
            Ok(())
        }
        ValueKind::Number => {
            let _ = write!(out, "{value}");
            Ok(())
        }
        ValueKind::None if grammar == Grammar::Json => {
            out.push_str("null");
            Ok(())
        }
        // Deeper than any value that hacc hands to a template.
        ValueKind::Seq | ValueKind::Map if grammar.has_collections() && depth < 16 => {
            write_collection(out, grammar, value, depth)
        }
        ValueKind::Undefined => Err(Error::from(ErrorKind::UndefinedError)),
        kind => Err(fail(format!("{} cannot hold a value that is {kind}", grammar.name()))),
    }
}

/// A list or a map in the flow style that YAML and JSON share.
fn write_collection(out: &mut String, grammar: Grammar, value: &Value, depth: usize) -> Result<(), Error> {
    let map = value.kind() == ValueKind::Map;
    out.push(if map { '{' } else { '[' });
    for (n, item) in value.try_iter()?.enumerate() {
        if n > 0 {
            out.push_str(", ");
        }
        write_value(out, grammar, &item, depth + 1)?;
        if map {
            out.push_str(": ");
            write_value(out, grammar, &value.get_item(&item)?, depth + 1)?;
        }
    }
    out.push(if map { '}' } else { ']' });
    Ok(())
}

fn fail(detail: String) -> Error {
    Error::new(ErrorKind::InvalidOperation, detail)
}
