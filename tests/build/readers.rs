//! Small readers of the emitted grammars: as much as is emitted, written after the programs' own manuals.

use serde_json::{Map, Value};

/// The YAML that is emitted for Compose: block maps and lists, flow lists of strings, empty flow maps, double-quoted and plain scalars.
/// `$$` is read as Compose reads it; a single `$` is an error.
pub fn compose(text: &str) -> Value {
    let lines: Vec<(usize, &str)> = text
        .lines()
        .filter(|line| !line.trim().is_empty() && !line.trim_start().starts_with('#'))
        .map(|line| (line.len() - line.trim_start().len(), line.trim_start()))
        .collect();
    let (value, rest) = block(&lines);
    assert!(rest.is_empty(), "left over: {rest:?}");
    value
}

type Lines<'a, 'b> = &'b [(usize, &'a str)];

fn block<'a, 'b>(lines: Lines<'a, 'b>) -> (Value, Lines<'a, 'b>) {
    let indent = lines[0].0;
    let mut rest = lines;
    if lines[0].1.starts_with("- ") {
        let mut list = Vec::new();
        while let Some((at, line)) = rest.first().filter(|(at, line)| *at == indent && line.starts_with("- ")) {
            let item = &line[2..];
            if item.starts_with('"') {
                list.push(scalar(item));
                rest = &rest[1..];
            } else {
                // A map whose first line stands behind the dash.
                let end = 1 + rest[1..].iter().take_while(|(inner, _)| inner > at).count();
                let mut inner = rest[..end].to_vec();
                inner[0] = (at + 2, item);
                list.push(block(&inner).0);
                rest = &rest[end..];
            }
        }
        return (Value::Array(list), rest);
    }
    let mut map = Map::new();
    while let Some((_, line)) = rest.first().filter(|(at, _)| *at == indent) {
        let (key, value) = pair(line);
        rest = &rest[1..];
        let value = if value.is_empty() {
            let (value, after) = block(rest);
            rest = after;
            value
        } else {
            scalar(value)
        };
        assert!(map.insert(key.clone(), value).is_none(), "`{key}` twice");
    }
    (Value::Object(map), rest)
}

fn pair(line: &str) -> (String, &str) {
    if line.starts_with('"') {
        let (key, after) = quoted(line);
        return (key, after.strip_prefix(':').unwrap_or_else(|| panic!("{line}")).trim_start());
    }
    let (key, value) = line.split_once(':').unwrap_or_else(|| panic!("{line}"));
    assert!(
        key.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_' || b == b'-' || b == b'.'),
        "{line}"
    );
    (key.to_owned(), value.trim_start())
}

fn scalar(text: &str) -> Value {
    if text == "{}" {
        return Value::Object(Map::new());
    }
    if let Some(inner) = text.strip_prefix('[') {
        let mut list = Vec::new();
        let mut rest = inner;
        while !rest.starts_with(']') {
            let (item, after) = quoted(rest);
            list.push(Value::String(item));
            rest = after.strip_prefix(", ").unwrap_or(after);
        }
        assert_eq!(rest, "]");
        return Value::Array(list);
    }
    if text.starts_with('"') {
        let (value, after) = quoted(text);
        assert_eq!(after, "", "{text}");
        return Value::String(value);
    }
    assert!(text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-'), "{text}");
    serde_json::from_str(text).unwrap_or_else(|_| Value::String(text.to_owned()))
}

/// A double-quoted YAML scalar, and what stands behind it.
fn quoted(text: &str) -> (String, &str) {
    let mut out = String::new();
    let mut chars = text.strip_prefix('"').unwrap_or_else(|| panic!("{text}")).char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => return (out, &text[at + 2..]),
            '$' => {
                assert_eq!(chars.next().unwrap().1, '$', "Compose would fill in {text}");
                out.push('$');
            }
            '\\' => match chars.next().unwrap().1 {
                'n' => out.push('\n'),
                'r' => out.push('\r'),
                't' => out.push('\t'),
                'u' => {
                    let hex: String = chars.by_ref().take(4).map(|(_, c)| c).collect();
                    out.push(char::from_u32(u32::from_str_radix(&hex, 16).unwrap()).unwrap());
                }
                c @ ('"' | '\\') => out.push(c),
                c => panic!("`\\{c}` in {text}"),
            },
            c => {
                assert!(!c.is_control(), "{text}");
                out.push(c);
            }
        }
    }
    panic!("no end: {text}")
}

/// Lines of words as HAProxy reads them ("Quoting and escaping" of its manual).
pub fn haproxy(text: &str) -> Vec<Vec<String>> {
    text.lines().map(|line| words(line, "#", true)).filter(|words| !words.is_empty()).collect()
}

/// Lines of words as keepalived reads them: `#` and `!` begin comments, double quotes keep a word together.
pub fn keepalived(text: &str) -> Vec<Vec<String>> {
    text.lines().map(|line| words(line, "#!", false)).filter(|words| !words.is_empty()).collect()
}

/// Words of a line. `shell`: with single quotes and backslashes as well.
fn words(line: &str, comment: &str, shell: bool) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut chars = line.chars();
    while let Some(c) = chars.next() {
        match c {
            ' ' | '\t' => words.extend(word.take()),
            '\'' if shell => {
                let word = word.get_or_insert_default();
                loop {
                    match chars.next().expect("a quote ends on its line") {
                        '\'' => break,
                        c => word.push(c),
                    }
                }
            }
            '"' => {
                let word = word.get_or_insert_default();
                loop {
                    match chars.next().expect("a quote ends on its line") {
                        '"' => break,
                        '\\' if shell => word.push(chars.next().unwrap()),
                        c => word.push(c),
                    }
                }
            }
            '\\' if shell => word.get_or_insert_default().push(chars.next().unwrap()),
            c if comment.contains(c) => break,
            c => {
                assert!(shell || c != '~', "keepalived expands ~SEQ: {line}");
                word.get_or_insert_default().push(c);
            }
        }
    }
    words.extend(word);
    words
}

/// Directives of nginx.conf as words, with `{`, `}` and `;` as words of their own.
pub fn nginx(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match c {
            ' ' | '\t' | '\n' => words.extend(word.take()),
            '#' if word.is_none() => while chars.next().is_some_and(|c| c != '\n') {},
            '{' | '}' | ';' if !word.as_ref().is_some_and(|word| word.ends_with('$')) => {
                words.extend(word.take());
                words.push(c.to_string());
            }
            '"' | '\'' if word.is_none() => {
                let word = word.get_or_insert_default();
                loop {
                    match chars.next().expect("a quote has an end") {
                        end if end == c => break,
                        '\\' => word.push(chars.next().unwrap()),
                        c => word.push(c),
                    }
                }
            }
            '\\' => word.get_or_insert_default().push(chars.next().unwrap()),
            c => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    words
}

/// Keys and values of rabbitmq.conf; `#` ends a value.
pub fn rabbitmq_conf(text: &str) -> Vec<(String, String)> {
    let lines = text.lines().map(|line| line.split('#').next().unwrap()).filter(|line| !line.trim().is_empty());
    lines
        .map(|line| {
            let (key, value) = line.split_once('=').unwrap_or_else(|| panic!("{line}"));
            (key.trim().to_owned(), value.trim().to_owned())
        })
        .collect()
}

/// The atoms of an `enabled_plugins` file, which is one Erlang list.
pub fn plugins(text: &str) -> Vec<String> {
    let list = text.trim_end().strip_prefix('[').and_then(|rest| rest.strip_suffix("].")).unwrap();
    let atoms = list.split(',').map(str::to_owned).collect::<Vec<_>>();
    for atom in &atoms {
        let plain = atom.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'@');
        assert!(plain && atom.starts_with(|c: char| c.is_ascii_lowercase()), "{atom} is no plain atom");
    }
    atoms
}
