use super::INDENT;
use super::columns::{Pad, columns, stays_flat};
use super::tree::{Block, Item, Node, Part, Tree, What, has_newline, is_line_comment};

/// The text of a tree.
pub(super) fn document(tree: &Tree<'_>) -> String {
    let mut writer = Writer { out: String::new(), depth: 0, pad: 0, flat: true };
    writer.items(&tree.top);
    writer.out
}

/// What the parts of a node are given to: one that writes them, and one that only counts columns.
trait Sink<'a> {
    fn text(&mut self, text: &str);
    /// Ends the line inside a node; the next one is one level deeper than the node.
    fn newline(&mut self);
    /// The first property begins here.
    fn column(&mut self);
    fn block(&mut self, block: &Block<'a>);
}

fn parts<'a>(node: &Node<'a>, sink: &mut impl Sink<'a>) {
    let mut line_start = true;
    let mut behind_comment = false;
    let mut broken = false;
    for (n, part) in node.parts.iter().enumerate() {
        let glued = match part {
            Part::Text { glued, .. } | Part::Block { glued, .. } => *glued && !behind_comment,
            Part::Comment(_) | Part::Break(_) => false,
        };
        // Where nothing belongs between two parts, and before children, a line need not end.
        if broken && !glued && !line_start && !matches!(part, Part::Block { .. } | Part::Break(_)) {
            sink.text(" \\");
            sink.newline();
            line_start = true;
        }
        match part {
            Part::Break(comments) if comments.is_empty() => {
                broken = true;
                continue;
            }
            Part::Break(comments) => {
                sink.text(if line_start { "\\" } else { " \\" });
                for comment in comments {
                    sink.text(" ");
                    sink.text(comment);
                }
                sink.newline();
                (line_start, behind_comment, broken) = (true, false, false);
                continue;
            }
            Part::Text { text, .. } => {
                if node.first_property == Some(n) {
                    sink.column();
                }
                if !line_start && !glued {
                    sink.text(" ");
                }
                sink.text(text);
            }
            Part::Comment(comment) => {
                if !line_start {
                    sink.text(" ");
                }
                sink.text(comment);
                if is_line_comment(comment) {
                    sink.newline();
                    (line_start, behind_comment, broken) = (true, false, false);
                    continue;
                }
            }
            Part::Block { block, .. } => {
                if !line_start && !glued {
                    sink.text(" ");
                }
                sink.block(block);
            }
        }
        line_start = false;
        broken = false;
        behind_comment = matches!(part, Part::Comment(_));
    }
}

/// A block on one line.
fn flat<'a>(block: &Block<'a>, sink: &mut impl Sink<'a>) {
    if block.is_empty() {
        return sink.text("{}");
    }
    sink.text("{ ");
    for (n, item) in block.items.iter().enumerate() {
        let comments = match &item.what {
            What::Comments(comments) => comments,
            What::Node(node) => {
                parts(node, sink);
                if !node.trailing.is_empty() {
                    sink.text(" ");
                }
                &node.trailing
            }
        };
        for (n, comment) in comments.iter().enumerate() {
            sink.text(if n > 0 { " " } else { "" });
            sink.text(comment);
        }
        if let What::Node(node) = &item.what {
            // What ends in `}` needs no `;` before another.
            let last = n + 1 == block.items.len();
            let closed = matches!(node.parts.last(), Some(Part::Block { .. }));
            sink.text(if last && closed { "" } else { ";" });
        }
        sink.text(" ");
    }
    sink.text("}");
}

/// Columns that a node takes.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Width {
    /// Of its last line, without the indentation of the node.
    pub(super) last: usize,
    /// It has no other line.
    pub(super) one_line: bool,
    /// Of what stands before the first property, where that is on the first line.
    pub(super) head: Option<usize>,
}

impl Width {
    pub(super) fn of(node: &Node<'_>) -> Self {
        let mut width = Self { one_line: true, ..Self::default() };
        parts(node, &mut width);
        width
    }
}

/// Columns that a block takes on one line.
pub(super) fn width_of_block(block: &Block<'_>) -> usize {
    let mut width = Width::default();
    if block.one_line {
        flat(block, &mut width);
    }
    width.last
}

impl<'a> Sink<'a> for Width {
    fn text(&mut self, text: &str) {
        if has_newline(text) {
            self.one_line = false;
            let last = text.rsplit(['\n', '\r', '\u{B}', '\u{C}', '\u{85}', '\u{2028}', '\u{2029}']).next();
            self.last = last.unwrap_or_default().chars().count();
        } else {
            self.last = self.last.saturating_add(text.chars().count());
        }
    }

    fn newline(&mut self) {
        self.one_line = false;
        self.last = INDENT;
    }

    fn column(&mut self) {
        self.head = self.one_line.then_some(self.last);
    }

    fn block(&mut self, block: &Block<'a>) {
        self.last = self.last.saturating_add(block.width);
    }
}

/// Writes.
struct Writer {
    out: String,
    depth: usize,
    /// Spaces before the first property of the node that comes.
    pad: usize,
    /// The blocks of the node stand on its line.
    flat: bool,
}

impl Writer {
    fn items(&mut self, block: &Block<'_>) {
        let kept = block.kept();
        for (n, (item, pad)) in block.items.iter().zip(columns(block, &kept, self.depth)).enumerate() {
            if kept[n] {
                self.out.push_str("; ");
            } else {
                self.out.push_str(if n > 0 { "\n" } else { "" });
                self.out.push_str(if item.blank { "\n" } else { "" });
                self.indent(self.depth);
            }
            self.item(item, pad);
        }
        self.out.push_str(if block.items.is_empty() { "" } else { "\n" });
    }

    fn item(&mut self, item: &Item<'_>, pad: Pad) {
        let behind = match &item.what {
            What::Comments(comments) => comments,
            What::Node(node) => {
                self.pad = pad.property;
                self.flat = stays_flat(node, self.depth);
                parts(node, self);
                self.spaces(pad.comment + usize::from(!node.trailing.is_empty()));
                &node.trailing
            }
        };
        for (n, comment) in behind.iter().enumerate() {
            self.spaces(usize::from(n > 0));
            self.text(comment);
        }
    }

    fn indent(&mut self, depth: usize) {
        self.spaces(depth * INDENT);
    }

    fn spaces(&mut self, count: usize) {
        self.out.extend(std::iter::repeat_n(' ', count));
    }
}

impl<'a> Sink<'a> for Writer {
    fn text(&mut self, text: &str) {
        let text = if is_line_comment(text) { text.trim_end() } else { text };
        // Inside a string or a comment CR LF is one newline, as LF is.
        for (n, piece) in text.split("\r\n").enumerate() {
            self.out.push_str(if n > 0 { "\n" } else { "" });
            self.out.push_str(piece);
        }
    }

    fn newline(&mut self) {
        self.out.push('\n');
        self.indent(self.depth + 1);
    }

    fn column(&mut self) {
        let pad = std::mem::take(&mut self.pad);
        self.spaces(pad);
    }

    fn block(&mut self, block: &Block<'a>) {
        if self.flat || block.is_empty() {
            return flat(block, self);
        }
        self.out.push('{');
        for comment in &block.opening {
            self.out.push(' ');
            self.text(comment);
        }
        self.out.push('\n');
        self.depth += 1;
        self.items(block);
        self.depth -= 1;
        self.indent(self.depth);
        self.out.push('}');
        self.flat = false;
    }
}
