//! Writes a table.

use std::fmt::Write as _;

use super::style::{Palette, class_of};
use crate::description;
use crate::layout::Point;
use crate::model::Change;
use crate::selection::Shown;
use crate::table_box::{HEADER, ROW, RowText, TableBox, middle};
use crate::text::escaped;

/// How round the corners are.
const RADIUS: i32 = 5;

pub(super) fn write(svg: &mut String, table: &Shown<'_>, drawn: &TableBox<'_>, (x, y): Point) {
    let entity = table.entity;
    let (width, height, change) = (drawn.size.width, drawn.size.height, entity.change);
    let class = class_of(change);
    let edge = if change == Change::None { Palette::EDGE } else { Palette::of(change) };
    let _ = write!(svg, "<g transform=\"translate({x},{y})\" fill=\"{}\">", Palette::INK);
    let _ = writeln!(svg, "<title>{}</title>", escaped(&description::of_table(entity)));
    let dashes = if change == Change::Removed { " stroke-dasharray=\"5 3\"" } else { "" };
    let _ = writeln!(
        svg,
        "<rect class=\"box{class}\" width=\"{width}\" height=\"{height}\" rx=\"{RADIUS}\" fill=\"{}\" stroke=\"{edge}\"{dashes}/>",
        Palette::BOX
    );
    let _ = writeln!(
        svg,
        "<path class=\"head{class}\" d=\"M.5 {HEADER}V{RADIUS}Q.5 .5 {RADIUS} .5H{}Q{w} .5 {w} {RADIUS}V{HEADER}Z\" fill=\"{}\"/>",
        width - RADIUS,
        Palette::behind(change),
        w = f64::from(width) - 0.5,
    );
    let baseline = HEADER / 2 + 4;
    write_sign(svg, change, drawn.sign_x, baseline);
    let _ = write!(
        svg,
        "<text class=\"ink\" x=\"{}\" y=\"{baseline}\" font-weight=\"700\"{}>{}</text>",
        drawn.keys_x,
        struck(change),
        escaped(&drawn.name)
    );
    if !drawn.note.is_empty() {
        let _ = write!(
            svg,
            "<text class=\"dim\" x=\"{}\" y=\"{baseline}\" fill=\"{}\">{}</text>",
            drawn.note_x,
            Palette::DIM,
            drawn.note
        );
    }
    svg.push('\n');
    for (number, row) in drawn.rows.iter().enumerate() {
        write_row(svg, drawn, row, number, change);
    }
    if let Some(more) = &drawn.more {
        let y = middle(drawn.rows.len()) + 4;
        let (x, color) = (drawn.name_x, Palette::DIM);
        let _ = writeln!(svg, "<text class=\"dim\" x=\"{x}\" y=\"{y}\" fill=\"{color}\">{}</text>", escaped(more));
    }
    svg.push_str("</g>\n");
}

fn write_row(svg: &mut String, drawn: &TableBox<'_>, row: &RowText<'_>, number: usize, whole: Change) {
    let (middle, change) = (middle(number), row.row.change);
    let _ = write!(svg, "<g><title>{}</title>", escaped(&description::of_row(row.row)));
    if change != Change::None && change != whole || change == Change::Changed {
        let _ = write!(
            svg,
            "<rect class=\"band{}\" x=\"1\" y=\"{}\" width=\"{}\" height=\"{ROW}\" fill=\"{}\"/>",
            class_of(change),
            middle - ROW / 2,
            drawn.size.width - 2,
            Palette::behind(change)
        );
    }
    let baseline = middle + 4;
    write_sign(svg, change, drawn.sign_x, baseline);
    if !row.keys.is_empty() {
        let (x, color) = (drawn.keys_x, Palette::KEY);
        let _ = write!(svg, "<text class=\"key\" x=\"{x}\" y=\"{baseline}\" fill=\"{color}\">{}</text>", row.keys);
    }
    let (fill, class) = if row.row.column.is_nullable { ("none", "dot") } else { (Palette::DIM, "dot full") };
    let _ = write!(
        svg,
        "<circle class=\"{class}\" cx=\"{}\" cy=\"{middle}\" r=\"3\" fill=\"{fill}\" stroke=\"{}\"/>",
        drawn.circle_x,
        Palette::DIM
    );
    let struck = struck(change);
    let _ = write!(
        svg,
        "<text class=\"ink\" x=\"{}\" y=\"{baseline}\"{struck}>{}</text>",
        drawn.name_x,
        escaped(&row.name)
    );
    let _ = writeln!(
        svg,
        "<text class=\"dim\" x=\"{}\" y=\"{baseline}\" fill=\"{}\"{struck}>{}</text></g>",
        drawn.type_x,
        Palette::DIM,
        escaped(&row.type_name)
    );
}

fn write_sign(svg: &mut String, change: Change, x: i32, y: i32) {
    if change != Change::None {
        let (class, color, sign) = (class_of(change), Palette::of(change), change.sign());
        let _ = write!(
            svg,
            "<text class=\"ink{class}\" x=\"{x}\" y=\"{y}\" font-weight=\"700\" fill=\"{color}\">{sign}</text>"
        );
    }
}

fn struck(change: Change) -> &'static str {
    if change == Change::Removed { " text-decoration=\"line-through\"" } else { "" }
}
