use similar::TextDiff;

use super::clean::substitute;
use super::mask::Masks;
use crate::source::{Source, SourceMap};

/// Lines that differ somewhere between the first and the last change, beyond which all of them are shown as one change: to
/// find the fewest takes time in the square.
const COMPARED: usize = 5000;

/// What changes from one text of a file to another, as `diff -u` says it; empty where nothing does. What looks like a secret
/// is not shown.
#[must_use]
pub fn diff(path: &str, before: &str, after: &str) -> String {
    let mut map = SourceMap::new();
    let (Some(old), Some(new)) = (map.add(path, before), map.add(path, after)) else {
        return format!("--- {path}\n+++ {path}\n");
    };
    let masks = Masks::new(&map, &[]);
    let (old, new) = (shown(map.get(old), &masks), shown(map.get(new), &masks));
    if before == after {
        return String::new();
    }
    let (old_lines, new_lines): (Vec<&str>, Vec<&str>) =
        (old.split_inclusive('\n').collect(), new.split_inclusive('\n').collect());
    let same = |pairs: &mut dyn Iterator<Item = (&&str, &&str)>| pairs.take_while(|(a, b)| a == b).count();
    let head = same(&mut old_lines.iter().zip(&new_lines));
    let tail = same(&mut old_lines[head..].iter().rev().zip(new_lines[head..].iter().rev()));
    let changed = [&old_lines[head..old_lines.len() - tail], &new_lines[head..new_lines.len() - tail]];
    if changed.iter().all(|lines| lines.len() <= COMPARED) {
        return TextDiff::from_lines(&old, &new).unified_diff().header(path, path).to_string();
    }
    let counts = changed.map(|lines| format!("{},{}", head + usize::from(!lines.is_empty()), lines.len()));
    let mut out = format!("--- {path}\n+++ {path}\n@@ -{} +{} @@\n", counts[0], counts[1]);
    for (mark, lines) in ['-', '+'].into_iter().zip(changed) {
        for line in lines {
            out.push(mark);
            out.push_str(line);
            if !line.ends_with('\n') {
                out.push_str("\n\\ No newline at end of file\n");
            }
        }
    }
    out
}

/// A text as it may be printed.
fn shown(source: &Source, masks: &Masks) -> String {
    let base = source.base();
    let show = |(at, c): (usize, char)| match c {
        '\n' | '\t' | '\r' => c,
        _ if masks.hides(base.saturating_add(u32::try_from(at).unwrap_or(u32::MAX))) => '*',
        _ => substitute(c, false).unwrap_or(c),
    };
    source.text().char_indices().map(show).collect()
}
