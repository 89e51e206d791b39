//! What stands in the folders of a build and is not hacc's.

use std::collections::BTreeSet;

use rayon::prelude::*;
use rustc_hash::FxHashSet;
use rustix::fs::FileType;

use super::folder::Folder;
use super::manifest::Entry;
use super::walk::Walk;
use super::{Change, FileOutcome};
use crate::plan::Keep;

/// Folders that a thread lists before it takes the next ones.
const LOT: usize = 64;

/// All names that are not among `ours` (sorted), below the top folders that `ours` has files in but for those in
/// `fresh`; sorted. What cannot be listed is named itself.
pub(super) fn list(root: &Folder, ours: &[&str], fresh: &FxHashSet<&str>) -> Vec<String> {
    let tops = ours.iter().filter_map(|path| path.split_once('/')).map(|(top, _)| top);
    let tops: BTreeSet<&str> = tops.filter(|top| !fresh.contains(top)).collect();
    let mut found = Vec::new();
    // One depth after the other; folders of one parent stay together, so that it is opened once a lot.
    let mut open: Vec<String> = tops.into_iter().map(str::to_owned).collect();
    while !open.is_empty() {
        let lot = |lot: &[String]| list_lot(root, ours, lot);
        let listed: Vec<Listed> =
            if open.len() <= LOT { vec![lot(&open)] } else { open.par_chunks(LOT).map(lot).collect() };
        open = Vec::new();
        for lot in listed {
            found.extend(lot.found);
            open.extend(lot.folders);
        }
    }
    found.sort_unstable();
    found
}

#[derive(Default)]
struct Listed {
    found: Vec<String>,
    folders: Vec<String>,
}

fn list_lot(root: &Folder, ours: &[&str], folders: &[String]) -> Listed {
    let mut listed = Listed::default();
    let mut walk = Walk::new(root);
    for at in folders {
        let names = match walk.folder(at) {
            Ok(folder) => folder.names(),
            Err(stop) if stop.is_absent() => continue,
            Err(stop) => Err(stop.error),
        };
        let Ok(names) = names else {
            listed.found.push(at.clone());
            continue;
        };
        // What is ours there stands together in the sorted list.
        let begin = ours.partition_point(|path| *path < at.as_str());
        let end = begin + ours[begin..].partition_point(|path| path.starts_with(at.as_str()));
        let here = &ours[begin..end];
        let mut path = format!("{at}/");
        for (name, kind) in names {
            path.truncate(at.len() + 1);
            path.push_str(&name);
            if kind == FileType::Directory {
                listed.folders.push(path.clone());
            } else if here.binary_search(&path.as_str()).is_err() {
                listed.found.push(path.clone());
            }
        }
    }
    listed
}

/// What is said of a file that stands as it should.
pub(super) fn standing(entry: &Entry) -> FileOutcome {
    let change = if entry.keep == Keep::Seeded { Change::Seeded } else { Change::Unchanged };
    FileOutcome { path: entry.path.as_str().into(), change }
}
