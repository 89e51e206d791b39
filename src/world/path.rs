use camino::{Utf8Component, Utf8Path, Utf8PathBuf};

/// The path without `.` and, as far as the text alone can tell, without `..`: two spellings of one file meet here.
/// Links can still hide that two paths are one file.
#[must_use]
pub fn plain(path: &Utf8Path) -> Utf8PathBuf {
    let mut out = Utf8PathBuf::new();
    for component in path.components() {
        match component {
            Utf8Component::CurDir => {}
            Utf8Component::ParentDir if matches!(out.components().next_back(), Some(Utf8Component::Normal(_))) => {
                out.pop();
            }
            other => out.push(other.as_str()),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_the_text_tells_is_removed() {
        for (path, expected) in [
            ("./a/./b", "a/b"),
            ("a/../b", "b"),
            ("../a", "../a"),
            ("a/../../b", "../b"),
            ("/a/..", "/"),
            ("a//b/", "a/b"),
        ] {
            assert_eq!(plain(path.into()), expected, "{path}");
        }
    }
}
