//! Findings mended: fixes applied and the result judged again, until there is nothing left that may be done.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use camino::{Utf8Path, Utf8PathBuf};

use crate::check::{Checked, check};
use crate::diagnostic::Diagnostic;
use crate::lint::{Finding, Fix, fix};
use crate::source::{Place, SourceMap};
use crate::store::Rewrite;
use crate::system::Lock;
use crate::world::Overlay;

/// How often fixes are applied and the result is judged, at most: fixes that get in each other's way need a round each.
const ROUNDS: usize = 100;

/// What may be done.
#[derive(Clone, Copy)]
pub struct Limits<'a> {
    /// Fixes too that change how the cluster behaves.
    pub behaviour: bool,
    /// Which findings are to be mended.
    pub wanted: &'a dyn Fn(&Finding) -> bool,
    /// Which files may be changed.
    pub may_edit: &'a dyn Fn(&Utf8Path) -> bool,
}

/// What was done. Nothing is written yet.
pub struct Mended<'w> {
    /// The world in which it is written.
    pub world: Overlay<'w>,
    /// The files that change, by path.
    pub files: Vec<Rewrite>,
    /// Fixes that were applied, in order.
    pub done: Vec<Done>,
    /// Files that would have to change and may not.
    pub outside: BTreeSet<Utf8PathBuf>,
    /// Fixes that were taken back: with them the topology has errors.
    pub undone: Vec<Done>,
    /// How many findings are left whose fix changes how the cluster behaves.
    pub withheld: usize,
}

/// A fix that was applied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Done {
    /// The rule whose finding it mends.
    pub rule: &'static str,
    /// What it does.
    pub title: String,
    /// Where the finding stood when it was found.
    pub place: Option<Place>,
}

/// What makes two findings of different rounds one and the same.
type Key = (&'static str, String, String);

/// What goes on from round to round.
#[derive(Clone, Default)]
struct State {
    /// What each file that changed said at first, and says now.
    files: BTreeMap<Utf8PathBuf, (Arc<str>, String)>,
    /// Fixes that were applied: what did not help once does not help twice.
    spent: BTreeSet<Key>,
    /// Those of the last round.
    tried: BTreeSet<Key>,
    /// In this round one fix is applied alone.
    single: bool,
}

/// How it was before a round.
struct Step<'w> {
    world: Overlay<'w>,
    done: usize,
    state: State,
}

/// Applies the fixes of the topology at `path`, as it stands in `world`.
///
/// # Errors
/// Those of the topology; then there are no findings.
pub fn mend<'w>(
    world: Overlay<'w>,
    path: &Utf8Path,
    lock: &Lock,
    limits: Limits<'_>,
) -> Result<Mended<'w>, Vec<Diagnostic>> {
    let mut mended = Mended {
        world,
        files: Vec::new(),
        done: Vec::new(),
        outside: BTreeSet::new(),
        undone: Vec::new(),
        withheld: 0,
    };
    let mut state = State::default();
    let mut last: Option<Step<'w>> = None;
    for round in 0..=ROUNDS {
        let mut sources = SourceMap::new();
        let checked = match (check(&mended.world, path, lock, &mut sources), last.take()) {
            (Ok(checked), _) => checked,
            (Err(errors), None) => return Err(errors),
            // Fixes that are well each for itself can be too much together; one that is wrong alone is left out.
            (Err(_), Some(step)) => {
                let taken_back = mended.done.split_off(step.done);
                mended.world = step.world;
                let tried = std::mem::replace(&mut state, step.state).tried;
                if state.single {
                    mended.undone.extend(taken_back);
                    state.spent.extend(tried);
                }
                state.single = !state.single;
                continue;
            }
        };
        if round == ROUNDS {
            break;
        }
        let before = Step { world: mended.world.clone(), done: mended.done.len(), state: state.clone() };
        if !mended.round(&checked, &sources, limits, &mut state) {
            break;
        }
        state.single = false;
        last = Some(before);
    }
    let State { files, .. } = state;
    let changed = files.into_iter().filter(|(_, (before, after))| **before != **after);
    mended.files = changed.map(|(path, (before, after))| Rewrite { path, before, after }).collect();
    Ok(mended)
}

impl Mended<'_> {
    /// Applies what can be applied at once; whether that was anything.
    fn round(&mut self, checked: &Checked, sources: &SourceMap, limits: Limits<'_>, state: &mut State) -> bool {
        let mut chosen: Vec<(&Finding, &Fix)> = Vec::new();
        let mut waits = BTreeSet::new();
        self.withheld = 0;
        for finding in checked.findings.findings.iter().filter(|finding| (limits.wanted)(finding)) {
            let Some(fix) = &finding.fix else { continue };
            if !(fix.safe || limits.behaviour) {
                self.withheld += 1;
                continue;
            }
            let key = key(finding, fix);
            if state.spent.contains(&key) {
                continue;
            }
            if state.single && !chosen.is_empty() {
                waits.insert(key);
                continue;
            }
            let places = fix.edits.iter().filter_map(|(span, _)| sources.source_of(*span));
            let closed: Vec<&Utf8Path> =
                places.map(|(_, source)| source.path()).filter(|path| !(limits.may_edit)(path)).collect();
            if closed.is_empty() {
                chosen.push((finding, fix));
            }
            self.outside.extend(closed.into_iter().map(Utf8Path::to_owned));
        }
        let fixes: Vec<&Fix> = chosen.iter().map(|(_, fix)| *fix).collect();
        let applied = fix::apply(sources, &fixes);
        state.tried.clear();
        for ((finding, fix), taken) in chosen.iter().zip(&applied.taken) {
            if *taken {
                state.tried.insert(key(finding, fix));
                let place = finding.diagnostic.labels.first().and_then(|label| sources.place_of(label.span));
                self.done.push(Done { rule: finding.diagnostic.code, title: fix.title.clone(), place });
            } else {
                waits.insert(key(finding, fix));
            }
        }
        state.spent.extend(state.tried.difference(&waits).cloned());
        let any = !applied.texts.is_empty();
        for (id, text) in applied.texts {
            let source = sources.get(id);
            self.world.put(source.path(), text.clone());
            state.files.entry(source.path().to_owned()).or_insert_with(|| (source.shared_text(), String::new())).1 =
                text;
        }
        any
    }
}

fn key(finding: &Finding, fix: &Fix) -> Key {
    (finding.diagnostic.code, finding.diagnostic.message.clone(), fix.title.clone())
}
