//! What the signs mean.

use std::fmt::Write as _;

use super::style::{Palette, class_of};
use crate::model::Change;
use crate::text::width;

const LINE: i32 = 22;

/// The drawing before a text, from 0 to its width, on the line at 0.
struct Item {
    drawing: String,
    width: i32,
    text: &'static str,
}

/// The legend, and its height.
pub(super) fn legend(is_comparison: bool, most: i32) -> (String, i32) {
    let mut svg = String::new();
    let (mut x, mut y) = (0, 12);
    for item in items(is_comparison) {
        let needed = item.width + 6 + width(item.text);
        if x > 0 && x + needed > most {
            (x, y) = (0, y + LINE);
        }
        let _ = writeln!(
            svg,
            "<g transform=\"translate({x},{y})\">{}<text class=\"dim\" x=\"{}\" y=\"4\" fill=\"{}\">{}</text></g>",
            item.drawing,
            item.width + 6,
            Palette::DIM,
            item.text
        );
        x += needed + 22;
    }
    (svg, y + LINE / 2)
}

fn items(is_comparison: bool) -> Vec<Item> {
    let key = |sign: &str, text| Item {
        drawing: format!("<text class=\"key\" y=\"4\" fill=\"{}\">{sign}</text>", Palette::KEY),
        width: width(sign),
        text,
    };
    let circle = |class: &str, fill: &str, text| Item {
        drawing: format!(
            "<circle class=\"{class}\" cx=\"4\" cy=\"0\" r=\"3\" fill=\"{fill}\" stroke=\"{}\"/>",
            Palette::DIM
        ),
        width: 8,
        text,
    };
    let end = |signs: &str, text| Item {
        drawing: format!(
            "<g fill=\"none\" stroke=\"{}\" stroke-width=\"1.4\"><path d=\"M0 0H24\"/>{signs}</g>",
            Palette::LINE
        ),
        width: 24,
        text,
    };
    let hollow = format!("<circle class=\"page\" cx=\"10\" cy=\"0\" r=\"3.5\" fill=\"{}\"/>", Palette::PAGE);
    let mut items = vec![
        key("PK", "primary key"),
        key("FK", "foreign key"),
        key("UK", "unique"),
        circle("dot full", Palette::DIM, "not null"),
        circle("dot", "none", "nullable"),
        end(&format!("<path d=\"M24 -5L14 0L24 5\"/>{hollow}"), "any number"),
        end(&format!("<path d=\"M17 -5V5\"/>{hollow}"), "at most one"),
        end("<path d=\"M17 -5V5M13 -5V5\"/>", "exactly one"),
    ];
    if is_comparison {
        items.extend([Change::Added, Change::Changed, Change::Removed].map(|change| Item {
            drawing: format!(
                "<text class=\"ink{}\" y=\"4\" font-weight=\"700\" fill=\"{}\">{}</text>",
                class_of(change),
                Palette::of(change),
                change.sign()
            ),
            width: 8,
            text: change.word(),
        }));
    }
    items
}
