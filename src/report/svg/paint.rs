use std::fmt::Write;

use super::super::scene::Kind;
use super::block::{Block, DOT, Part, Rect};
use super::picture::{Picture, SAMPLE, Wire, meaning};
use super::text::{Type, element, escape};

/// How many colours there are for networks in `style.css`.
const COLOURS: usize = 8;
/// Radius of a line's corners.
const CORNER: i64 = 6;
/// Length of an arrow's head, and half its width.
const HEAD: (i64, i64) = (9, 4);

/// The picture as text.
pub(super) fn paint(picture: &Picture) -> String {
    let (w, h) = (picture.w, picture.h);
    let mut out = String::new();
    let _ = writeln!(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{w}\" height=\"{h}\" viewBox=\"0 0 {w} {h}\" role=\"img\">"
    );
    element(
        "title",
        &format!("{}: hosts, networks, services and who hands connections to whom", picture.name),
        &mut out,
    );
    let _ = write!(out, "\n<style>\n{}</style>\n", include_str!("style.css"));
    let _ = writeln!(out, "<rect class=\"ground\" width=\"{w}\" height=\"{h}\"/>");
    text(24, 46, Type::Title, &picture.name, &mut out);
    for (rect, title) in &picture.hosts {
        frame("host", *rect, 10, title, &mut out);
        out.push_str("</g>\n");
    }
    for wire in &picture.wires {
        line(wire, &mut out);
    }
    for (x, y, block) in &picture.blocks {
        paint_block(*x, *y, block, &mut out);
    }
    for (x, y, kind) in &picture.legend {
        let way = vec![(*x, *y), (x + SAMPLE, *y)];
        line(&Wire { way, kind: *kind, label: Vec::new(), head: true, title: String::new() }, &mut out);
        text(x + SAMPLE + 8, y + 4, Type::Quiet, meaning(*kind), &mut out);
    }
    out.push_str("</svg>\n");
    out
}

/// A frame with its title, in a group that stays open.
fn frame(class: &str, rect: Rect, corner: i64, title: &str, out: &mut String) {
    out.push_str("<g>");
    element("title", title, out);
    let Rect { x, y, w, h } = rect;
    let _ = writeln!(out, "<rect class=\"{class}\" x=\"{x}\" y=\"{y}\" width=\"{w}\" height=\"{h}\" rx=\"{corner}\"/>");
}

fn paint_block(x: i64, y: i64, block: &Block, out: &mut String) {
    if block.class.is_empty() {
        out.push_str("<g>\n");
    } else {
        frame(block.class, Rect { x, y, w: block.w, h: block.h }, 6, &block.title, out);
    }
    for part in &block.parts {
        match part {
            Part::Text { x: dx, y: dy, set, text: words } => text(x + dx, y + dy, *set, words, out),
            Part::Dot { x: dx, y: dy, network } => {
                let colour = network % COLOURS;
                let _ = writeln!(out, "<circle class=\"n{colour}\" cx=\"{}\" cy=\"{}\" r=\"{DOT}\"/>", x + dx, y + dy);
            }
            Part::Frame { rect, title } => {
                frame("unit", Rect { x: x + rect.x, y: y + rect.y, ..*rect }, 4, title, out);
                out.push_str("</g>\n");
            }
        }
    }
    out.push_str("</g>\n");
}

fn text(x: i64, y: i64, set: Type, words: &str, out: &mut String) {
    let _ = write!(out, "<text class=\"{}\" x=\"{x}\" y=\"{y}\">", set.class());
    escape(words, out);
    out.push_str("</text>\n");
}

fn line(wire: &Wire, out: &mut String) {
    let class = match wire.kind {
        Kind::Forward => "forward",
        Kind::NoWay => "no-way",
        Kind::Held => "held",
        Kind::Published => "published",
    };
    out.push_str("<g>");
    if !wire.title.is_empty() {
        element("title", &wire.title, out);
    }
    let _ = writeln!(out, "<path class=\"line {class}\" d=\"{}\"/>", path(&wire.way, wire.head));
    if let (true, [.., before, end]) = (wire.head, wire.way.as_slice()) {
        let (x, y) = *end;
        let (long, half) = HEAD;
        let (dx, dy) = ((x - before.0).signum(), (y - before.1).signum());
        let (ax, ay, px, py) = (x - dx * long, y - dy * long, dy * half, dx * half);
        let _ = writeln!(
            out,
            "<path class=\"{class}-head\" d=\"M{x} {y}L{} {}L{} {}Z\"/>",
            ax + px,
            ay + py,
            ax - px,
            ay - py
        );
    }
    if let Some((x, y)) = wire.way.first() {
        let mut base = y + Type::Quiet.size() + 2;
        for words in &wire.label {
            text(x + 7, base, Type::Quiet, words, out);
            base += Type::Quiet.line();
        }
    }
    out.push_str("</g>\n");
}

/// The line with round corners, a little shorter where a head follows.
fn path(way: &[(i64, i64)], head: bool) -> String {
    let mut out = String::new();
    let toward = |from: (i64, i64), to: (i64, i64), most: i64| {
        let (dx, dy) = (to.0 - from.0, to.1 - from.1);
        let by = most.min(dx.abs().max(dy.abs()) / 2);
        (from.0 + dx.signum() * by, from.1 + dy.signum() * by)
    };
    for (n, at) in way.iter().enumerate() {
        match (n.checked_sub(1).and_then(|n| way.get(n)), way.get(n + 1)) {
            (None, _) => {
                let _ = write!(out, "M{} {}", at.0, at.1);
            }
            (Some(before), Some(next)) => {
                let (a, b) = (toward(*at, *before, CORNER), toward(*at, *next, CORNER));
                let _ = write!(out, "L{} {}Q{} {} {} {}", a.0, a.1, at.0, at.1, b.0, b.1);
            }
            (Some(before), None) => {
                let end = if head { toward(*at, *before, HEAD.0 - 2) } else { *at };
                let _ = write!(out, "L{} {}", end.0, end.1);
            }
        }
    }
    out
}
