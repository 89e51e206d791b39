use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::diagnostic::Diagnostic;

use super::draft::Draft;
use super::templates::Templates;
use super::{Artifact, Clash};

/// Fills the templates of drafts, one after the other.
pub(super) struct Renderer<'a> {
    templates: &'a Templates,
    /// The last text of each template: most are alike from node to node, and then kept once.
    last: FxHashMap<&'static str, Arc<[u8]>>,
}

impl<'a> Renderer<'a> {
    pub(super) fn new(templates: &'a Templates) -> Self {
        Self { templates, last: FxHashMap::default() }
    }

    /// The file of a draft.
    pub(super) fn render(&mut self, draft: Draft) -> Result<Artifact, Diagnostic> {
        let text = self.templates.render(draft.template, &draft.context, draft.span)?;
        let body = match self.last.get(draft.template) {
            Some(last) if **last == *text.as_bytes() => Arc::clone(last),
            _ => {
                let body: Arc<[u8]> = text.into_bytes().into();
                self.last.insert(draft.template, Arc::clone(&body));
                body
            }
        };
        let path = draft.path.clone();
        let mut artifact = Artifact::new(draft.path, body, draft.from).map_err(|error| {
            Diagnostic::new("path-refused", format!("`{path}` cannot be a path: {error}"))
                .label(draft.span, "for this node")
                .help("choose another name")
        })?;
        artifact.mode = draft.mode;
        artifact.secret = draft.secret;
        artifact.keep = draft.keep;
        artifact.apply = draft.apply;
        Ok(artifact)
    }
}

pub(super) fn clash(clash: &Clash) -> Diagnostic {
    Diagnostic::new(
        "paths-clash",
        format!(
            "`{}` (from {}) and `{}` (from {}) cannot both be written",
            clash.first, clash.first_from, clash.second, clash.second_from
        ),
    )
    .help("rename one of the nodes")
}
