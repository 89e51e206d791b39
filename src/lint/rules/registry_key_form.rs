use std::collections::BTreeSet;

use crate::lint::members::place;
use crate::lint::{Check, Context, Fix, Level, Rule, Sink};
use crate::source::Span;
use crate::system::{Fact, key_folder};
use crate::topology::Follow;

/// A key of Consul's store begins without a slash; the folder of an application ends with one.
pub const RULE: Rule = Rule {
    name: "registry-key-form",
    level: Level::Warning,
    page: include_str!("../../../docs/rules/registry-key-form.md"),
    check: Check::Claims(check),
};

fn check(context: &Context<'_>, sink: &mut Sink) {
    let system = context.system;
    let registered = system.registers.values().map(|claim| (&claim.key, claim.span));
    // By name, nobody reads a key.
    let by_key = system.follows.values().filter(|claim| claim.method.known() != Some(&Follow::Dns));
    let mut seen = BTreeSet::new();
    for (key, declaration) in registered.chain(by_key.map(|claim| (&claim.key, claim.span))) {
        if key.is_written() && seen.insert(key.span()) {
            judge(key, place(key, declaration), sink);
        }
    }
}

fn judge(key: &Fact<String>, at: Span, sink: &mut Sink) {
    let Some(text) = key.known() else { return };
    let folder = key_folder(text);
    if folder.is_empty() || folder.split('/').any(|part| matches!(part, "" | "." | "..")) {
        sink.finding("a part of the key is empty, `.` or `..`")
            .level(Level::Error)
            .label(at, "cannot be asked for over HTTP")
            .note("Consul takes such a path for a way through folders and redirects: whoever does not follow stores nothing")
            .help("write names between single slashes, such as key=\"upstreams/shop/\"")
            .emit();
        return;
    }
    let (message, note) = if text.starts_with('/') {
        (
            "a key of Consul begins without a slash",
            "hacc leaves it out. Whoever writes it as it stands here asks for /v1/kv//…, is redirected (301), and stores or \
             reads nothing unless it follows",
        )
    } else if !text.ends_with('/') || text.ends_with("//") {
        (
            "the folder of an application ends with one slash",
            "a reader asks for everything that begins like this: without it, `shop` is also `shop2` and `shop-test`, whose \
             instances would get the requests",
        )
    } else {
        return;
    };
    let certain = folder.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '/' | '-' | '_' | '.'));
    let right = format!("\"{folder}/\"");
    sink.finding(message)
        .label(at, "one slash, at the end")
        .note(note)
        .help(if certain { format!("write {right}") } else { "write it without the first slash and with one at the end".to_owned() })
        .fix(certain.then(|| Fix { title: "write the folder as it is stored".to_owned(), safe: true, edits: vec![(at, right)] }))
        .emit();
}
