use std::borrow::Cow;

use crate::diagnostic::Diagnostic;
use crate::source::Spanned;
use crate::syntax::{Entry, Node, Prop, Value};

use super::super::{Problem, Schema, Shape, Slot, clipped, closest, quoted, shown, value};

/// Checks arguments and properties of one node.
///
/// `meant` are properties that are written in another way; they are not said to be missing.
pub(super) fn check<'s>(
    schema: &'s Schema,
    shape: &'s Shape,
    node: Node<'_>,
    meant: &[&str],
    found: &mut Vec<Diagnostic>,
) {
    let mut entries = Entries {
        schema,
        shape,
        node,
        word: if shape.word == "*" { clipped(node.name()).into() } else { shape.word.as_str().into() },
        seen: vec![None; shape.props.len()],
        args: 0,
        extra: Vec::new(),
        meant: shape.props.iter().map(|slot| slot.name.as_str()).filter(|name| meant.contains(name)).collect(),
        found,
    };
    entries.all();
    entries.too_many();
    entries.missing();
}

struct Entries<'s, 'a, 'f> {
    schema: &'s Schema,
    shape: &'s Shape,
    node: Node<'a>,
    /// What to call the node.
    word: Cow<'s, str>,
    /// By index of the slot: the property, where it is written.
    seen: Vec<Option<Prop<'a>>>,
    args: usize,
    /// Arguments for which there is no slot.
    extra: Vec<Value<'a>>,
    /// What other words were taken for; it is not said to be missing as well.
    meant: Vec<&'s str>,
    found: &'f mut Vec<Diagnostic>,
}

impl<'s, 'a: 's> Entries<'s, 'a, '_> {
    fn all(&mut self) {
        if let Some(ty) = self.node.ty() {
            self.annotated(ty, &format!("`{}`", self.word));
        }
        for entry in self.node.entries() {
            match entry {
                Entry::Arg(value) => self.argument(value),
                Entry::Prop(prop) => self.property(prop),
            }
        }
    }

    fn argument(&mut self, value: Value<'a>) {
        let slot = self.shape.args.get(self.args).or_else(|| self.shape.args.last().filter(|last| last.many));
        self.args += 1;
        match slot {
            Some(slot) => self.value(slot, value, None),
            None => self.extra.push(value),
        }
    }

    fn property(&mut self, prop: Prop<'a>) {
        let Some(index) = self.shape.props.iter().position(|slot| slot.name == prop.key()) else {
            return self.unknown(prop);
        };
        if let Some(before) = self.seen[index] {
            self.found.push(
                Diagnostic::new("repeated-property", format!("{} is written twice", shown(prop.key())))
                    .label(prop.span(), "again")
                    .label(before.span(), "first here")
                    .help("keep one of them"),
            );
        }
        self.seen[index] = Some(prop);
        self.value(&self.shape.props[index], prop.value(), Some(prop));
    }

    fn value(&mut self, slot: &Slot, value: Value<'a>, prop: Option<Prop<'a>>) {
        let subject = |word: &str| match prop {
            Some(_) => format!("`{}` of `{word}`", slot.name),
            None => format!("the {} of `{word}`", slot.name),
        };
        if let Some(ty) = value.ty() {
            self.annotated(ty, &subject(&self.word));
        }
        if let Err(problem) = value::verify(slot, value) {
            let key = prop.map_or(String::new(), |_| format!("{}=", slot.name));
            self.found.push(refused(problem, &subject(&self.word), &key, value));
        }
    }

    fn annotated(&mut self, ty: Spanned<&str>, subject: &str) {
        let written = format!("({})", ty.value);
        self.found.push(
            Diagnostic::new("type-annotation", format!("{subject} takes no type annotation"))
                .label(ty.span, "nothing reads it")
                .help(format!("remove {}", shown(&written))),
        );
    }

    fn unknown(&mut self, prop: Prop<'a>) {
        let (word, key, raw) = (&self.word, prop.key(), brief(prop.value()));
        let diagnostic = Diagnostic::new("unknown-property", format!("`{word}` has no property {}", shown(key)))
            .label(prop.key_span(), "unknown");
        let help = if let Some((_, slot)) = self.shape.arg(key) {
            self.meant.push(&slot.name);
            format!("the {key} is an argument: write `{word} {raw}`")
        } else if self.schema.children(self.shape).any(|child| child.word == key) {
            format!("`{key}` is a child: write `{key} {raw}` inside the braces of `{word}`")
        } else if let Some(meant) = closest(key, self.shape.props.iter().map(|slot| slot.name.as_str())) {
            self.meant.push(meant);
            format!("did you mean `{meant}`?")
        } else if self.shape.props.is_empty() {
            format!("`{word}` has no properties at all")
        } else {
            let all: Vec<String> = self.shape.props.iter().map(|slot| format!("`{}`", slot.name)).collect();
            format!("its properties: {}", all.join(", "))
        };
        self.found.push(diagnostic.help(help));
    }

    fn too_many(&mut self) {
        /// More labels than this help nobody.
        const MOST: usize = 8;
        let Some(first) = self.extra.first() else { return };
        let takes = match self.shape.args.len() {
            0 => "no arguments".to_owned(),
            1 => "one argument".to_owned(),
            n => format!("{n} arguments"),
        };
        let mut diagnostic = Diagnostic::new("too-many-arguments", format!("`{}` takes {takes}", self.word));
        for (n, value) in self.extra.iter().take(MOST).enumerate() {
            diagnostic = diagnostic.label(value.span(), if n == 0 { "one too many" } else { "and this" });
        }
        let slots = self.shape.props.iter().zip(&self.seen);
        let mut fitting = slots.filter(|(slot, seen)| slot.required && seen.is_none());
        let fits = fitting.find(|(slot, _)| value::verify(slot, *first).is_ok());
        let help = match fits {
            Some((slot, _)) => {
                self.meant.push(&slot.name);
                format!("did you mean `{}={}`?", slot.name, brief(*first))
            }
            None => "remove what is too much".to_owned(),
        };
        self.found.push(diagnostic.help(help));
    }

    fn missing(&mut self) {
        let unsaid = |slot: &&Slot| slot.required && !self.meant.contains(&slot.name.as_str());
        let args: Vec<&Slot> = self.shape.args.iter().skip(self.args).filter(unsaid).collect();
        let props = self.shape.props.iter().zip(&self.seen).filter(|(_, seen)| seen.is_none()).map(|(slot, _)| slot);
        let props: Vec<&Slot> = props.filter(unsaid).collect();
        let Some(first) = args.first().or(props.first()) else { return };

        let names = args.iter().map(|slot| format!("its {}", slot.name));
        let keys = props.iter().map(|slot| format!("`{}=`", slot.name));
        let mut all: Vec<String> = names.chain(keys).collect();
        let last = all.pop().unwrap_or_default();
        let lacking = if all.is_empty() { last } else { format!("{} and {last}", all.join(", ")) };
        let code = if args.is_empty() { "missing-property" } else { "missing-argument" };
        let mut diagnostic = Diagnostic::new(code, format!("`{}` lacks {lacking}", self.word))
            .label(self.node.name_span(), format!("needs {lacking}"))
            .help(format!("write `{}`", self.example(&args, &props)));
        if args.len() + props.len() == 1 {
            let what = if args.is_empty() { format!("`{}=`", first.name) } else { format!("the {}", first.name) };
            diagnostic = diagnostic.note(format!("{what}: {}", first.doc));
        }
        self.found.push(diagnostic);
    }

    /// The node with its arguments, as far as they are written, and with what is missing.
    fn example(&self, args: &[&Slot], props: &[&Slot]) -> String {
        let mut out = String::from(self.word.as_ref());
        for value in self.node.args().take(self.shape.args.len()) {
            out.push(' ');
            out.push_str(brief(value));
        }
        for slot in args {
            out.push(' ');
            out.push_str(slot.ty.example());
        }
        for slot in props {
            out.extend([" ", slot.name.as_str(), "=", slot.ty.example()]);
        }
        out
    }
}

/// The value as it is written, if it is short enough to be repeated.
pub(super) fn brief(value: Value<'_>) -> &str {
    const LONGEST: usize = 40;
    let raw = value.raw();
    if raw.len() <= LONGEST && !raw.contains(char::is_control) { raw } else { "…" }
}

/// What the value's function says, with the place for which the value was written.
fn refused(problem: Problem, subject: &str, key: &str, value: Value<'_>) -> Diagnostic {
    if let Some(inner) = in_other_quotes(value.raw()) {
        return Diagnostic::new(problem.code, format!("{subject} stands in quotes that KDL does not know"))
            .label(value.span(), "a part of the text itself")
            .note("strings stand between plain double quotes; \u{27} \u{201c} \u{201d} and the like are letters to KDL")
            .help(format!("write `{key}{}`", quoted(inner)));
    }
    let mut diagnostic =
        Diagnostic::new(problem.code, format!("{subject} {}", problem.says)).label(value.span(), problem.label);
    diagnostic.note = problem.note.map(str::to_owned);
    diagnostic.help = match (problem.instead, problem.help) {
        (Some(instead), Some(help)) => Some(format!("write `{key}{instead}`; {help}")),
        (Some(instead), None) => Some(format!("write `{key}{instead}`")),
        (None, help) => help.map(String::from),
    };
    diagnostic
}

/// What stands between quotes of other languages, or those that word processors make.
fn in_other_quotes(raw: &str) -> Option<&str> {
    const OPEN: &[char] = &['\'', '`', '\u{2018}', '\u{2019}', '\u{201c}', '\u{201d}', '\u{201e}', '\u{ab}'];
    const CLOSE: &[char] = &['\'', '`', '\u{2018}', '\u{2019}', '\u{201c}', '\u{201d}', '\u{bb}'];
    raw.strip_prefix(OPEN)?.strip_suffix(CLOSE)
}
