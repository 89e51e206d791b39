//! hacc's templates, and the user's in their place.

mod catalogue;
mod write;

use std::collections::BTreeMap;

use camino::Utf8Path;
use minijinja::syntax::SyntaxConfig;
use minijinja::{Environment, ErrorKind, UndefinedBehavior, Value};

use crate::diagnostic::Diagnostic;
use crate::source::{SourceMap, Span};
use crate::suggest::closest;
use crate::topology;
use crate::world::World;

pub use catalogue::{CATALOGUE, Template};

/// Steps a template of the user may take: far more than the largest topology needs, few enough to end soon.
const FUEL: u64 = 20_000_000;

/// A larger template of the user is refused, in bytes.
const LARGEST: usize = 64 << 10;

/// Stack for each byte of a template while it is parsed: the engine recurses on `not not not …`, on `a|f|f|f…` and the
/// like, one byte a level at worst. Only what is used of it takes memory.
const STACK: usize = 8 << 10;

/// How many files that replace nothing are named before the rest is counted.
const NAMED: usize = 10;

/// Code of the error for a template that takes more.
pub(super) const ENDLESS: &str = "template-endless";

/// All templates, ready to be filled.
pub struct Templates {
    environment: Environment<'static>,
    /// Base offset and text of each template that the user replaced.
    replaced: BTreeMap<String, Span>,
    /// Text of what was replaced, for the fingerprint of a build.
    texts: BTreeMap<String, String>,
}

impl Templates {
    /// hacc's own templates.
    pub fn standard() -> Self {
        let mut environment = Environment::new();
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        environment.set_auto_escape_callback(|_| minijinja::AutoEscape::None);
        environment.set_formatter(write::write);
        // Blocks on lines of their own leave none behind.
        let syntax = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).keep_trailing_newline(true).build();
        // The builder refuses nothing but odd delimiters, and these are the usual ones.
        environment.set_syntax(syntax.unwrap_or_default());
        for template in CATALOGUE {
            // A test sees to it that all of them parse; one that did not would be missed by name when it is used.
            let _ = environment.add_template(template.name, template.text);
        }
        Self { environment, replaced: BTreeMap::new(), texts: BTreeMap::new() }
    }

    /// hacc's templates with those that a folder of the user replaces: `DIR/rabbitmq/rabbitmq.conf.j2` stands for
    /// `rabbitmq/rabbitmq.conf`. `dir` is relative to the folder of the topology, `base`.
    ///
    /// # Errors
    /// A folder that cannot be read, files that replace nothing, templates that do not parse; all of them.
    pub fn load(
        declared: Option<&topology::Templates>,
        base: &Utf8Path,
        world: &dyn World,
        sources: &mut SourceMap,
    ) -> Result<Self, Vec<Diagnostic>> {
        let mut templates = Self::standard();
        let Some(declared) = declared else { return Ok(templates) };
        templates.environment.set_fuel(Some(FUEL));
        let dir = base.join(&declared.dir.value);
        let at = declared.dir.span;
        let unreadable = |path: &Utf8Path, error: &std::io::Error| {
            let why = match error.kind() {
                std::io::ErrorKind::NotFound => "there is no such folder".to_owned(),
                _ => error.to_string(),
            };
            Diagnostic::new("templates-unreadable", format!("`{path}` cannot be read: {why}")).label(at, "named here")
        };
        let files = world
            .list(&dir)
            .map_err(|error| vec![unreadable(&dir, &error).help("name a folder, relative to the topology")])?;
        let mut problems = Vec::new();
        let mut strange = 0_usize;
        for file in files {
            let path = dir.join(&file);
            let Some(name) = file.as_str().strip_suffix(".j2").filter(|name| catalogue::find(name).is_some()) else {
                strange += 1;
                if strange <= NAMED {
                    problems.push(replaces_nothing(&path, file.as_str(), at));
                }
                continue;
            };
            let text = match world.read(&path) {
                Ok(bytes) => String::from_utf8(bytes),
                Err(error) => {
                    problems.push(unreadable(&path, &error).help("put a file of text there, or remove it"));
                    continue;
                }
            };
            let Ok(text) = text else {
                let message = format!("{path} is not UTF-8 text");
                let problem = Diagnostic::new("templates-unreadable", message).label(at, "named here");
                problems.push(problem.help("save it as text in UTF-8"));
                continue;
            };
            if text.len() > LARGEST {
                let message = format!("{path} has {} bytes; a template has at most {} KiB", text.len(), LARGEST >> 10);
                let problem = Diagnostic::new("templates-unreadable", message).label(at, "named here");
                problems.push(problem.help("leave out what it does not need"));
                continue;
            }
            if let Some(c) = text.chars().find(|c| c.is_control() && !matches!(c, '\n' | '\t')) {
                let message = format!("{path} holds the control character U+{:04X}", u32::from(c));
                let problem = Diagnostic::new("templates-unreadable", message)
                    .label(at, "named here")
                    .note("it would stand in the files, where no program expects it");
                problems.push(problem.help(if c == '\r' { "save it with LF as line end" } else { "remove it" }));
                continue;
            }
            if let Some(id) = sources.add(path, text.as_str()) {
                templates.replaced.insert(name.to_owned(), sources.get(id).span());
            }
            templates.texts.insert(name.to_owned(), text.clone());
            if let Err(error) = add(&mut templates.environment, name, text) {
                problems.push(templates.report(name, &error, Span::NONE));
            }
        }
        if strange > NAMED {
            let message = format!("{} more files of `{dir}` replace no template", strange - NAMED);
            let problem = Diagnostic::new("template-unknown", message).label(at, "in this folder");
            problems.push(problem.help("name a folder that holds nothing but templates"));
        }
        if problems.is_empty() { Ok(templates) } else { Err(problems) }
    }

    /// The names and texts that the user put in the place of hacc's own.
    pub fn replaced(&self) -> impl Iterator<Item = (&str, &str)> {
        self.texts.iter().map(|(name, text)| (name.as_str(), text.as_str()))
    }

    /// Fills a template; `span` is the declaration that it is filled for.
    pub(super) fn render(&self, name: &'static str, context: &Value, span: Span) -> Result<String, Diagnostic> {
        let template = self.environment.get_template(name).map_err(|error| self.report(name, &error, span))?;
        let mut text = template.render(context).map_err(|error| self.report(name, &error, span))?;
        // hacc's own end so; one of the user may not.
        if !text.is_empty() && !text.ends_with('\n') {
            text.push('\n');
        }
        Ok(text)
    }

    fn report(&self, name: &str, error: &minijinja::Error, span: Span) -> Diagnostic {
        let detail = match error.kind() {
            // Not the engine's words: they name what was asked for, and that may be the value of a secret.
            ErrorKind::TemplateNotFound => "a template cannot include, import or extend another one".to_owned(),
            kind => error.detail().map_or_else(|| kind.to_string(), str::to_owned),
        };
        let in_template = error.name().unwrap_or(name);
        if error.kind() == ErrorKind::OutOfFuel {
            let message = format!("template `{name}` takes more than {FUEL} steps for one file");
            let report = Diagnostic::new(ENDLESS, message);
            let report = match self.replaced.get(in_template) {
                Some(text) => {
                    let at = |offset: usize| (text.start + u32::try_from(offset).unwrap_or(0)).min(text.end);
                    match error.range() {
                        Some(range) => {
                            report.label(Span::new(at(range.start), at(range.end)), "still going round here")
                        }
                        None => report.label(Span::new(text.start, text.start), "this template"),
                    }
                }
                None => report,
            };
            return report
                .label(span, "filled for this node")
                .help("look for loops inside loops, or over a large range");
        }
        let report = Diagnostic::new("template-failed", format!("template `{name}` cannot be filled: {detail}"));
        match (self.replaced.get(in_template), error.range()) {
            (Some(text), Some(range)) => {
                let at = |offset: usize| text.start + u32::try_from(offset).unwrap_or(0);
                report
                    .label(Span::new(at(range.start).min(text.end), at(range.end).min(text.end)), "here")
                    .label(span, "for this node")
                    .help("mend the template; `docs/templates.md` lists what each is filled with")
            }
            _ => report.label(span, "for this node"),
        }
    }
}

/// Parses a template with as much stack as it can need.
fn add(environment: &mut Environment<'static>, name: &str, text: String) -> Result<(), minijinja::Error> {
    let stack = (1 << 20) + text.len() * STACK;
    let parse = || environment.add_template_owned(name.to_owned(), text);
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(stack).spawn_scoped(scope, parse);
        thread.ok().and_then(|thread| thread.join().ok()).unwrap_or_else(|| {
            let detail = "there is not enough memory to parse it";
            Err(minijinja::Error::new(ErrorKind::SyntaxError, detail))
        })
    })
}

fn replaces_nothing(path: &Utf8Path, file: &str, at: Span) -> Diagnostic {
    let names = CATALOGUE.iter().map(|template| template.name);
    let near = closest(file.strip_suffix(".j2").unwrap_or(file), names);
    Diagnostic::new("template-unknown", format!("{path} replaces no template")).label(at, "in this folder").help(
        match near {
            Some(near) => format!("did you mean `{near}.j2`?"),
            None => "name it as hacc's own template, with `.j2` at the end, or move it elsewhere".to_owned(),
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_template_of_the_catalogue_parses() {
        let environment = Templates::standard().environment;
        for template in CATALOGUE {
            assert!(environment.get_template(template.name).is_ok(), "{}", template.name);
        }
    }
}
