//! Writes a diagram as SVG. Colors are attributes, which every reader and every content security policy accepts; the style
//! sheet only adapts them to a dark page. There are no scripts and no references to other files.

mod ends;
mod legend;
mod style;
mod table;

use std::collections::BTreeSet;
use std::fmt::Write as _;

use crate::description;
use crate::layout::{End, Layout, Line, Point, layout};
use crate::model::Change;
use crate::selection::{Selection, ShownLink};
use crate::table_box::TableBox;
use crate::text::{escaped, width};
use ends::Ends;
use style::{Palette, STYLE};

/// The space around everything, and the height of the title.
const MARGIN: i32 = 24;
const TITLE: i32 = 58;

/// The drawing.
pub(crate) fn write(selection: &Selection<'_>, title: &str) -> String {
    let boxes: Vec<TableBox<'_>> =
        selection.tables.iter().map(|table| TableBox::new(table, selection.is_comparison)).collect();
    let sizes: Vec<_> = boxes.iter().map(|table| table.size).collect();
    let lines: Vec<Line> = selection.links.iter().map(|link| line(link, &boxes)).collect();
    let layout = layout(&sizes, &lines);
    let summary = description::summary(selection);
    let least = (width(&summary)).max(width(title) * 4 / 3).max(440);
    let inner = layout.size.0.max(least);
    let (legend, legend_height) = legend::legend(selection.is_comparison, inner);
    let (width, height) = (inner + 2 * MARGIN, TITLE + layout.size.1 + MARGIN + legend_height + MARGIN);

    let mut svg = String::new();
    let _ = writeln!(
        svg,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\" \
         role=\"img\" aria-labelledby=\"title desc\" font-family=\"ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans \
         Mono','Liberation Mono',monospace\" font-size=\"12\">"
    );
    let _ = writeln!(svg, "<title id=\"title\">{}: {}</title>", escaped(title), escaped(&summary));
    let _ = writeln!(svg, "<desc id=\"desc\">{}</desc>", escaped(&description::description(selection)));
    svg.push_str(STYLE);
    let _ = writeln!(svg, "<rect class=\"page\" width=\"{width}\" height=\"{height}\" fill=\"{}\"/>", Palette::PAGE);
    let _ = writeln!(
        svg,
        "<text class=\"ink\" x=\"{MARGIN}\" y=\"32\" font-size=\"16\" font-weight=\"600\" fill=\"{}\">{}</text>",
        Palette::INK,
        escaped(title)
    );
    let _ = writeln!(
        svg,
        "<text class=\"dim\" x=\"{MARGIN}\" y=\"50\" fill=\"{}\">{}</text>",
        Palette::DIM,
        escaped(&summary)
    );
    let _ = writeln!(svg, "<g transform=\"translate({MARGIN},{})\">", TITLE + 10);
    write_links(&mut svg, selection, &layout);
    for ((table, drawn), &place) in selection.tables.iter().zip(&boxes).zip(&layout.places) {
        table::write(&mut svg, table, drawn, place);
    }
    svg.push_str("</g>\n");
    let y = TITLE + layout.size.1 + MARGIN;
    let _ = writeln!(svg, "<g transform=\"translate({MARGIN},{y})\">\n{legend}</g>");
    svg.push_str("</svg>\n");
    svg
}

fn line(link: &ShownLink<'_>, boxes: &[TableBox<'_>]) -> Line {
    let reference = &link.link.reference;
    Line {
        from: End { node: link.from, y: boxes[link.from].row_y(reference.columns.first()) },
        to: End { node: link.to, y: boxes[link.to].row_y(reference.referenced.first()) },
        kind: u8::from(reference.is_optional),
    }
}

/// The references; those that have changed above the others.
fn write_links(svg: &mut String, selection: &Selection<'_>, layout: &Layout) {
    let mut order: Vec<usize> = (0..selection.links.len()).collect();
    order.sort_by_key(|&index| (selection.links[index].link.change, index));
    let targets: BTreeSet<usize> = selection.links.iter().map(|link| link.to).collect();
    let number = |to: usize| targets.iter().position(|&target| target == to).unwrap_or_default();
    let _ = writeln!(svg, "<g fill=\"none\" stroke=\"{}\" stroke-width=\"1.4\">", Palette::LINE);
    let mut drawn = BTreeSet::new();
    for index in order {
        let shown = &selection.links[index];
        let (link, route) = (shown.link, &layout.routes[index]);
        let (class, color) = match link.change {
            Change::None if selection.is_comparison => ("link", None),
            Change::None => ("link", Some(Palette::of_line(number(shown.to)))),
            change => ("link", Some(Palette::of(change))),
        };
        let _ = write!(svg, "<g class=\"{class}{}\"", style::class_of(link.change));
        if let Some(color) = color {
            let _ = write!(svg, " stroke=\"{color}\"");
        }
        if link.change == Change::Removed {
            svg.push_str(" stroke-dasharray=\"5 3\"");
        }
        let name = &selection.tables[shown.from].entity.name;
        let _ = write!(svg, "><title>{}</title>", escaped(&description::of_link(name, link)));
        let _ = write!(svg, "<path d=\"{}\"/>", rounded(route));
        let ends = Ends::new(route, &link.reference);
        svg.push_str(&ends.source());
        if drawn.insert((ends.target_place(), link.change)) {
            svg.push_str(&ends.target());
        }
        svg.push_str("</g>\n");
    }
    svg.push_str("</g>\n");
    for link in selection.links.iter().enumerate().filter(|(_, link)| link.link.change != Change::None) {
        write_sign(svg, link.1.link.change, &layout.routes[link.0]);
    }
}

/// The sign of a changed reference, on its line and near its beginning.
fn write_sign(svg: &mut String, change: Change, route: &[Point]) {
    let [(x, y), next, ..] = *route else { return };
    let x = if next.0 > x { x + 26 } else { x - 26 };
    let _ = writeln!(
        svg,
        "<text class=\"ink{}\" x=\"{x}\" y=\"{}\" text-anchor=\"middle\" font-weight=\"700\" fill=\"{}\">{}</text>",
        style::class_of(change),
        y - 3,
        Palette::of(change),
        change.sign()
    );
}

/// A route with round corners.
fn rounded(route: &[Point]) -> String {
    let mut path = String::new();
    let [first, .., last] = *route else { return path };
    let _ = write!(path, "M{} {}", first.0, first.1);
    for corner in route.windows(3) {
        let [before, at, after] = [corner[0], corner[1], corner[2]];
        let distance = |one: Point, other: Point| (one.0 - other.0).abs() + (one.1 - other.1).abs();
        let radius = (distance(before, at) / 2).min(distance(at, after) / 2).min(6);
        let toward = |end: Point| (at.0 + (end.0 - at.0).signum() * radius, at.1 + (end.1 - at.1).signum() * radius);
        let (begin, end) = (toward(before), toward(after));
        let _ = write!(path, "L{} {}Q{} {} {} {}", begin.0, begin.1, at.0, at.1, end.0, end.1);
    }
    let _ = write!(path, "L{} {}", last.0, last.1);
    path
}
