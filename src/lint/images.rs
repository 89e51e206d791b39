//! The parts of an image's name.

/// `registry/name:tag@digest`, taken apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Image<'a> {
    /// All before the tag.
    pub(super) name: &'a str,
    /// The tag.
    pub(super) tag: Option<&'a str>,
    /// Whether a digest says which bytes are meant.
    pub(super) pinned: bool,
}

impl<'a> Image<'a> {
    pub(super) fn of(text: &'a str) -> Self {
        let (rest, pinned) = match text.split_once('@') {
            Some((rest, _)) => (rest, true),
            None => (text, false),
        };
        // A colon before the last slash is a registry's port.
        match rest.rsplit_once(':') {
            Some((name, tag)) if !tag.contains('/') => Self { name, tag: Some(tag), pinned },
            _ => Self { name: rest, tag: None, pinned },
        }
    }

    /// The numbers with which the tag begins: `[3, 13, 7]` of `3.13.7-management`.
    pub(super) fn numbers(&self) -> Vec<u32> {
        let tag = self.tag.unwrap_or_default();
        let end = tag.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(tag.len());
        let numbers: Option<Vec<u32>> = tag[..end].split('.').map(|part| part.parse().ok()).collect();
        numbers.unwrap_or_default()
    }

    /// The last part of the name: the program, where the image is called so.
    pub(super) fn last(&self) -> &'a str {
        self.name.rsplit('/').next().unwrap_or(self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::Image;

    #[test]
    fn parts() {
        let parts = |text| {
            let image = Image::of(text);
            (image.last(), image.tag, image.pinned, image.numbers())
        };
        assert_eq!(parts("nginx"), ("nginx", None, false, vec![]));
        assert_eq!(parts("localhost:5000/a/nginx"), ("nginx", None, false, vec![]));
        assert_eq!(parts("r:5000/nginx:1.26-alpine@sha256:00"), ("nginx", Some("1.26-alpine"), true, vec![1, 26]));
        assert_eq!(parts("x:2.3-dev3"), ("x", Some("2.3-dev3"), false, vec![2, 3]));
        assert_eq!(parts("x:v1..2"), ("x", Some("v1..2"), false, vec![]));
    }
}
