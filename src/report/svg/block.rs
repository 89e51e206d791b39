use super::text::{Type, shortened};

/// A rectangle in pixels.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Rect {
    pub(super) x: i64,
    pub(super) y: i64,
    pub(super) w: i64,
    pub(super) h: i64,
}

/// Something that stands at a place within a block.
#[derive(Clone, Debug)]
pub(super) enum Part {
    /// A line of text; `y` is its base line.
    Text { x: i64, y: i64, set: Type, text: String },
    /// The mark of a network, in its colour; `x` and `y` are the middle.
    Dot { x: i64, y: i64, network: usize },
    /// A frame within the block.
    Frame { rect: Rect, title: String },
}

/// A box with all that is written in it.
#[derive(Clone, Debug, Default)]
pub(super) struct Block {
    pub(super) w: i64,
    pub(super) h: i64,
    /// The class of its frame.
    pub(super) class: &'static str,
    /// What a pointer on it, or a reader for the blind, tells.
    pub(super) title: String,
    pub(super) parts: Vec<Part>,
    /// Room between its frame and what is in it.
    pad: i64,
}

/// Room between a frame and what is in it.
const PAD: i64 = 10;

/// Radius of a network's mark, and what it takes with the room behind it.
pub(super) const DOT: i64 = 4;
const DOT_ROOM: i64 = 2 * DOT + 6;

impl Block {
    pub(super) fn new(class: &'static str, title: String) -> Self {
        Self { w: 2 * PAD, h: 2 * PAD, class, title, parts: Vec::new(), pad: PAD }
    }

    /// One without a frame, and without room for it.
    pub(super) fn bare() -> Self {
        Self::default()
    }

    /// Adds a line below the others.
    pub(super) fn line(&mut self, runs: &[(Type, &str)]) {
        self.marked(None, runs);
    }

    /// Adds a line below the others, behind the mark of a network.
    pub(super) fn marked(&mut self, network: Option<usize>, runs: &[(Type, &str)]) {
        let height = runs.iter().map(|(set, _)| set.line()).max().unwrap_or_default();
        let base = self.h - self.pad + height - 5;
        let mut x = self.pad;
        if let Some(network) = network {
            self.parts.push(Part::Dot { x: x + DOT, y: base - DOT, network });
            x += DOT_ROOM;
        }
        for (n, (set, text)) in runs.iter().enumerate() {
            let text = shortened(text);
            x += if n > 0 { 8 } else { 0 };
            let width = set.width(&text);
            self.parts.push(Part::Text { x, y: base, set: *set, text });
            x += width;
        }
        self.w = self.w.max(x + self.pad);
        self.h += height;
    }

    /// Adds words below the others, as many a line as fit into `width`.
    pub(super) fn words(&mut self, set: Type, words: &[String], width: i64) {
        const BETWEEN: &str = " · ";
        let mut line = String::new();
        let mut used = 0;
        for word in words {
            let word = shortened(word);
            let more = set.width(&word) + set.width(BETWEEN);
            if !line.is_empty() && used + more > width {
                self.whole(set, std::mem::take(&mut line));
                used = 0;
            }
            if !line.is_empty() {
                line.push_str(BETWEEN);
            }
            line.push_str(&word);
            used += more;
        }
        if !line.is_empty() {
            self.whole(set, line);
        }
    }

    /// A line that is not shortened.
    fn whole(&mut self, set: Type, text: String) {
        self.w = self.w.max(2 * self.pad + set.width(&text));
        self.parts.push(Part::Text { x: self.pad, y: self.h - self.pad + set.line() - 5, set, text });
        self.h += set.line();
    }

    /// Adds blocks below the others, in rows that are about as long as `width` allows, each with a frame of its own if
    /// it has a title.
    pub(super) fn grid(&mut self, cells: Vec<Block>, gap: i64, width: i64) {
        /// More in a row than this are hard to count.
        const COLUMNS: usize = 6;
        let cell_w = cells.iter().map(|cell| cell.w).max().unwrap_or_default();
        let cell_h = cells.iter().map(|cell| cell.h).max().unwrap_or_default();
        let fit = usize::try_from((width + gap) / (cell_w + gap).max(1)).unwrap_or(1).clamp(1, COLUMNS);
        // As many rows as needed, and all of them as equal as can be.
        let columns = cells.len().div_ceil(cells.len().div_ceil(fit).max(1)).max(1);
        let top = self.h - self.pad + gap;
        let (mut right, mut bottom) = (0, top);
        for (n, cell) in cells.into_iter().enumerate() {
            let at = |n: usize, size: i64| i64::try_from(n).unwrap_or_default().saturating_mul(size + gap);
            let (x, y) = (self.pad + at(n % columns, cell_w), top + at(n / columns, cell_h));
            if !cell.title.is_empty() {
                let rect = Rect { x, y, w: cell_w, h: cell_h };
                self.parts.push(Part::Frame { rect, title: cell.title });
            }
            self.parts.extend(cell.parts.into_iter().map(|part| part.moved(x, y)));
            (right, bottom) = (right.max(x + cell_w), bottom.max(y + cell_h));
        }
        self.w = self.w.max(right + self.pad);
        self.h = bottom + self.pad;
    }

    /// Makes it at least this wide; what is in it moves to the middle.
    pub(super) fn widen(&mut self, width: i64) {
        let by = (width - self.w) / 2;
        if by > 0 {
            self.w = width;
            let parts = std::mem::take(&mut self.parts);
            self.parts = parts.into_iter().map(|part| part.moved(by, 0)).collect();
        }
    }
}

impl Part {
    fn moved(self, by_x: i64, by_y: i64) -> Self {
        match self {
            Self::Text { x, y, set, text } => Self::Text { x: x + by_x, y: y + by_y, set, text },
            Self::Dot { x, y, network } => Self::Dot { x: x + by_x, y: y + by_y, network },
            Self::Frame { rect, title } => {
                Self::Frame { rect: Rect { x: rect.x + by_x, y: rect.y + by_y, ..rect }, title }
            }
        }
    }
}
