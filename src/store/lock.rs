//! `<topology>.lock`: what was chosen once and must stay.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::net::Ipv4Addr;

use camino::Utf8Path;
use ipnet::Ipv4Net;

use super::beside::Beside;
use crate::diagnostic::Diagnostic;
use crate::schema::quoted;
use crate::source::{SourceMap, Span};
use crate::syntax::{self, Entry, Node, Value};
use crate::system::Lock;
use crate::world::World;

const HEAD: &str = "\
// Written by hacc: addresses, VRIDs and ports that it chose where the topology leaves them open, and the names of the
// secrets that it generated. Keep this file in version control: without it, a build may choose other ones.
hacc-lock 1
";

const RESTORE: &str = "restore the lock from version control; or correct the line; or remove the file, and hacc chooses \
                       anew what the topology leaves open";

/// The lock of a topology, and the file that it came from.
#[derive(Clone)]
pub struct LockFile {
    /// What it says; change it, then [save](super::save) it.
    pub lock: Lock,
    before: Lock,
    file: Beside,
}

impl LockFile {
    /// Reads the lock beside a topology; an empty one where there is none. Its text is added to `sources`.
    ///
    /// # Errors
    /// Where there is something else than a lock of this version; all problems with their places.
    pub fn read(world: &dyn World, sources: &mut SourceMap, topology: &Utf8Path) -> Result<Self, Vec<Diagnostic>> {
        let file = Beside::read(world, topology, "lock").map_err(|diagnostic| vec![*diagnostic])?;
        let lock = match &file.text {
            None => Lock::default(),
            Some(text) => {
                let Some(id) = sources.add(file.path.clone(), text.as_str()) else {
                    return Err(vec![
                        file.trouble("too-large", "does not fit beside the other texts of this run (4 GiB)"),
                    ]);
                };
                let source = sources.get(id);
                if let Some((at, found)) = file.conflict(
                    "keep the lines of both sides; where a key is there twice, keep the line that is in use on the machines",
                ) {
                    let mark = |local: usize| {
                        let at = source.base().saturating_add(u32::try_from(local).unwrap_or(u32::MAX));
                        Span::new(at, at.saturating_add(7).min(source.end()))
                    };
                    let found = found.label(mark(at), "from here");
                    let end = text.get(at..).and_then(|rest| rest.find("\n>>>>>>> ")).map(|end| at + end + 1);
                    return Err(vec![match end {
                        Some(end) => found.label(mark(end), "to here"),
                        None => found,
                    }]);
                }
                let (document, errors) = syntax::read(source);
                let begins = text.lines().map(str::trim_start).find(|line| !line.is_empty() && !line.starts_with("//"));
                if !errors.is_empty() && begins.is_some_and(|line| !line.starts_with("hacc-lock")) {
                    return Err(vec![not_a_lock(Span::new(source.base(), source.base())).help(RESTORE)]);
                }
                if !errors.is_empty() {
                    return Err(errors.into_iter().map(|error| error.maybe_help(Some(RESTORE.to_owned()))).collect());
                }
                if document.node_count() == 0 {
                    let found = file.trouble("lock", "is empty: it does not begin with `hacc-lock 1`").help(RESTORE);
                    return Err(vec![found]);
                }
                parse(document.nodes()).map_err(|found| found.into_iter().map(with_way_out).collect::<Vec<_>>())?
            }
        };
        Ok(Self { before: lock.clone(), lock, file })
    }

    /// Where the file is.
    pub fn path(&self) -> &Utf8Path {
        &self.file.path
    }

    /// Whether it must be written.
    pub fn is_changed(&self) -> bool {
        self.lock != self.before
    }

    pub(super) fn save(&self) -> Result<(), Box<Diagnostic>> {
        if self.is_changed() { self.file.write(&render(&self.lock), 0o644) } else { Ok(()) }
    }
}

fn render(lock: &Lock) -> String {
    let mut out = HEAD.to_owned();
    // Writing into a String cannot fail.
    for (key, subnet) in &lock.subnets {
        let _ = writeln!(out, "subnet {} \"{subnet}\"", quoted(key));
    }
    for (key, address) in &lock.addresses {
        let _ = writeln!(out, "address {} \"{address}\"", quoted(key));
    }
    for (key, vrid) in &lock.vrids {
        let _ = writeln!(out, "vrid {} {vrid}", quoted(key));
    }
    for (key, port) in &lock.ports {
        let _ = writeln!(out, "port {} {port}", quoted(key));
    }
    for name in &lock.secrets {
        let _ = writeln!(out, "secret {}", quoted(name));
    }
    out
}

fn parse<'a>(nodes: impl Iterator<Item = Node<'a>>) -> Result<Lock, Vec<Diagnostic>> {
    let mut lock = Lock::default();
    let mut found = Vec::new();
    let mut seen: BTreeMap<(&str, &str), Span> = BTreeMap::new();
    for (index, node) in nodes.enumerate() {
        if index == 0 {
            if let Err(error) = version(node) {
                return Err(vec![*error]);
            }
            continue;
        }
        let entry = match entry(node) {
            Ok(entry) => entry,
            Err(error) => {
                found.push(*error);
                continue;
            }
        };
        let (key, span): (&str, Span) = match entry {
            Line::Subnet(key, subnet) => {
                lock.subnets.insert(key.0.to_owned(), subnet);
                key
            }
            Line::Address(key, address) => {
                lock.addresses.insert(key.0.to_owned(), address);
                key
            }
            Line::Vrid(key, vrid) => {
                lock.vrids.insert(key.0.to_owned(), vrid);
                key
            }
            Line::Port(key, port) => {
                lock.ports.insert(key.0.to_owned(), port);
                key
            }
            Line::Secret(key) => {
                lock.secrets.insert(key.0.to_owned());
                key
            }
        };
        if let Some(first) = seen.insert((node.name(), key), span) {
            let message = format!("the lock has `{} {}` twice", node.name(), key.escape_debug());
            found.push(Diagnostic::new("lock", message).label(span, "again here").label(first, "first here"));
        }
    }
    if found.is_empty() { Ok(lock) } else { Err(found) }
}

enum Line<'a> {
    Subnet((&'a str, Span), Ipv4Net),
    Address((&'a str, Span), Ipv4Addr),
    Vrid((&'a str, Span), i64),
    Port((&'a str, Span), i64),
    Secret((&'a str, Span)),
}

fn not_a_lock(at: Span) -> Diagnostic {
    Diagnostic::new("lock", "this is not a lock of hacc: it does not begin with `hacc-lock`").label(at, "")
}

/// The diagnostic, with the usual way out where it has none of its own.
fn with_way_out(diagnostic: Diagnostic) -> Diagnostic {
    if diagnostic.help.is_some() { diagnostic } else { diagnostic.help(RESTORE) }
}

fn version(node: Node<'_>) -> Result<(), Box<Diagnostic>> {
    if node.name() != "hacc-lock" {
        return Err(Box::new(not_a_lock(node.name_span())));
    }
    let version = plain(node, 1)?[0];
    if version.as_integer() == Some(1) {
        return Ok(());
    }
    let error = Diagnostic::new("lock", "the lock has a version that this hacc does not know; it knows 1");
    Err(Box::new(error.label(version.span(), "").note("a newer hacc may have written it").help("build with that one")))
}

fn entry(node: Node<'_>) -> Result<Line<'_>, Box<Diagnostic>> {
    let wrong = |value: Value<'_>, what: &str| {
        Box::new(Diagnostic::new("lock", format!("`{}` wants {what} here", node.name())).label(value.span(), ""))
    };
    let count = if node.name() == "secret" { 1 } else { 2 };
    if !["subnet", "address", "vrid", "port", "secret"].contains(&node.name()) {
        let message = format!("the lock has no entries called `{}`", node.name().escape_debug());
        return Err(Box::new(Diagnostic::new("lock", message).label(node.name_span(), "")));
    }
    let args = plain(node, count)?;
    let key = args[0].as_str().ok_or_else(|| wrong(args[0], "a name in quotes"))?;
    let key = (key, args[0].span());
    let number = || {
        let number = args[1].as_integer().and_then(|number| i64::try_from(number).ok());
        number.ok_or_else(|| wrong(args[1], "a whole number"))
    };
    Ok(match node.name() {
        "subnet" => {
            let subnet = args[1].as_str().and_then(|text| text.parse().ok());
            Line::Subnet(key, subnet.ok_or_else(|| wrong(args[1], "an IPv4 network in quotes"))?)
        }
        "address" => {
            let address = args[1].as_str().and_then(|text| text.parse().ok());
            Line::Address(key, address.ok_or_else(|| wrong(args[1], "an IPv4 address in quotes"))?)
        }
        "vrid" => Line::Vrid(key, number()?),
        "port" => Line::Port(key, number()?),
        _ => Line::Secret(key),
    })
}

/// The arguments of a node that has exactly `count` of them and nothing else. Names no text of the file, so that
/// the secret store can use it.
pub(super) fn plain(node: Node<'_>, count: usize) -> Result<Vec<Value<'_>>, Box<Diagnostic>> {
    let args: Vec<Value<'_>> = node.args().collect();
    let odd = node.entries().find_map(|entry| match entry {
        Entry::Prop(prop) => Some(prop.span()),
        Entry::Arg(value) => value.ty().map(|ty| ty.span),
    });
    let odd = odd.or(node.children_span()).or(node.ty().map(|ty| ty.span));
    if args.len() == count && odd.is_none() {
        return Ok(args);
    }
    let message =
        format!("an entry of this kind has {count} value{}, and nothing else", if count == 1 { "" } else { "s" });
    let span = odd.unwrap_or_else(|| node.span());
    Err(Box::new(Diagnostic::new("lock", message).label(span, "")))
}
