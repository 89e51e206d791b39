//! The files of a topology as they are planned, without a disk.

use std::collections::BTreeMap;

use camino::Utf8Path;
use hacc::check::check;
use hacc::diagnostic::Diagnostic;
use hacc::plan::templates::Templates;
use hacc::plan::{self, Input};
use hacc::secrets::{self, Need, Secrets, Wanted};
use hacc::source::SourceMap;
use hacc::system::Lock;
use hacc::world::Memory;

/// An emitted file.
pub struct File {
    pub mode: u32,
    pub keep: &'static str,
    pub text: String,
}

pub type Tree = BTreeMap<String, File>;

/// The files, or for each refusal the texts that it points at.
pub fn planned(text: &str) -> Result<Tree, Vec<Vec<String>>> {
    let mut sources = SourceMap::new();
    tree(text, &mut sources).map_err(|errors| {
        let texts = |error: &Diagnostic| {
            let labels = error.labels.iter().filter_map(|label| sources.text_of(label.span));
            labels.map(|text| text.trim_matches('"').to_owned()).collect()
        };
        errors.iter().map(texts).collect()
    })
}

fn tree(text: &str, sources: &mut SourceMap) -> Result<Tree, Vec<Diagnostic>> {
    let world = Memory::new().file("topo.kdl", text);
    let mut lock = Lock::default();
    let checked = check(&world, Utf8Path::new("topo.kdl"), &lock, sources)?;
    let wanted = Wanted {
        secrets: &checked.topology.secrets,
        salts: &plan::salts(&checked.topology),
        base: Utf8Path::new(""),
        need: Need::All,
        new_secrets: false,
    };
    let secrets = secrets::resolve(&wanted, &mut Secrets::default(), &mut lock, &world)?;
    let tree = plan::plan(&Input {
        topology: &checked.topology,
        system: &checked.system,
        derived: &checked.derived,
        secrets: &secrets,
        templates: &Templates::standard(),
    })?;
    let files = tree.iter().map(|artifact| {
        let text = String::from_utf8(artifact.body.to_vec()).unwrap();
        (artifact.path().to_string(), File { mode: artifact.mode, keep: artifact.keep.word(), text })
    });
    Ok(files.collect())
}

/// A text as it stands between the quotes of a KDL string.
pub fn escaped(text: &str) -> String {
    let escaped = |c: char| match c {
        '"' => "\\\"".to_owned(),
        '\\' => "\\\\".to_owned(),
        c if c.is_ascii_alphanumeric() || c.is_ascii_punctuation() || c == ' ' => c.to_string(),
        c => format!("\\u{{{:x}}}", u32::from(c)),
    };
    text.chars().map(escaped).collect()
}
