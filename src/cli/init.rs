use std::fs::OpenOptions;
use std::io::{ErrorKind, Write as _};

use camino::{Utf8Path, Utf8PathBuf};

use super::Exit;
use super::output;

/// Write a commented topology to start from.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The file to write; it must not exist
    #[arg(default_value = "topo.kdl")]
    file: Utf8PathBuf,
    /// The name of the topology; by default that of the file's folder
    #[arg(long)]
    name: Option<String>,
}

/// The file to start from; the name of the topology is put in where it says `my-cluster`.
const STARTER: &str = include_str!("../../stdlib/init.kdl");

pub(super) fn run(arguments: &Arguments) -> Exit {
    let file = &arguments.file;
    let name = arguments.name.clone().or_else(|| folder_name(file)).unwrap_or_else(|| "my-cluster".to_owned());
    let text = match starter(&name) {
        Ok(text) => text,
        Err(why) => {
            output::say(&format!("hacc: {why}\n"));
            return Exit::Failed;
        }
    };
    let written =
        OpenOptions::new().write(true).create_new(true).open(file).and_then(|mut to| to.write_all(text.as_bytes()));
    match written {
        Ok(()) => {
            output::result(&format!("{file} written; build it with\n  hacc build {file} -o out/\n"));
            Exit::Fine
        }
        Err(error) => {
            let why = match error.kind() {
                ErrorKind::AlreadyExists => "exists already; nothing was written".to_owned(),
                ErrorKind::NotFound => "cannot be written: its folder does not exist".to_owned(),
                _ => format!("cannot be written: {error}"),
            };
            output::say(&format!("hacc: {file} {why}\n"));
            Exit::Failed
        }
    }
}

/// The starter with another name in it; its comments stay.
fn starter(name: &str) -> Result<String, String> {
    let mut document: kdl::KdlDocument = STARTER.parse().map_err(|_| "the starter file is broken".to_owned())?;
    let valid = !name.is_empty()
        && name.len() <= 63
        && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        && !name.starts_with('-')
        && !name.ends_with('-');
    if !valid {
        return Err(format!(
            "`{}` cannot name a topology: use lower-case letters, digits and `-` (`--name NAME`)",
            name.escape_debug()
        ));
    }
    if let Some(entry) = document.get_mut("topology").and_then(|node| node.entry_mut(0)) {
        *entry = kdl::KdlEntry::new(name);
        entry.set_format(kdl::KdlEntryFormat {
            value_repr: format!("\"{name}\""),
            leading: " ".to_owned(),
            ..kdl::KdlEntryFormat::default()
        });
    }
    Ok(document.to_string())
}

/// The folder's name, made into a topology's name; `None` where nothing of it can be used.
fn folder_name(file: &Utf8Path) -> Option<String> {
    let folder = match file.parent().filter(|parent| !parent.as_str().is_empty()) {
        Some(parent) => parent.canonicalize_utf8().ok()?,
        None => Utf8PathBuf::from_path_buf(std::env::current_dir().ok()?).ok()?,
    };
    let name: String = folder
        .file_name()?
        .to_ascii_lowercase()
        .chars()
        .map(|c| if c.is_ascii_lowercase() || c.is_ascii_digit() { c } else { '-' })
        .take(63)
        .collect();
    let name = name.trim_matches('-').to_owned();
    (!name.is_empty()).then_some(name)
}
