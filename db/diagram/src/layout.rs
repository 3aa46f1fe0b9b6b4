//! Places boxes and routes lines between them, in pixels; it knows nothing about what they show.
//!
//! What is connected is drawn in layers from left to right, so that a line leads left, to what its box refers to
//! (`layers.rs`). Lines that lead to the same place join, so that a table that all others refer to has one line past the
//! layers between, not one for each (`nets.rs`). `order.rs` sorts the layers so that few lines cross, `place.rs` moves
//! boxes so that lines are straight, `route.rs` chooses where lines turn, and `pack.rs` places what is not connected.

mod layers;
mod nets;
mod order;
mod pack;
mod place;
mod route;
#[cfg(test)]
mod tests;

use nets::Nets;

/// A box.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Size {
    pub(crate) width: i32,
    pub(crate) height: i32,
}

/// A point, from the left and from the top.
pub(crate) type Point = (i32, i32);

/// An end of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct End {
    /// The index of the box.
    pub(crate) node: usize,
    /// The distance from the top of the box.
    pub(crate) y: i32,
}

/// A line from what refers to what is referred to.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Line {
    pub(crate) from: End,
    pub(crate) to: End,
    /// Lines that lead to the same end join if this is equal, too.
    pub(crate) kind: u8,
}

/// A drawing.
#[derive(Debug, Default)]
pub(crate) struct Layout {
    pub(crate) size: Point,
    /// The upper left corner of each box.
    pub(crate) places: Vec<Point>,
    /// The corners of each line, from its beginning to its end.
    pub(crate) routes: Vec<Vec<Point>>,
}

/// The width of a drawing that is 100 high.
const ASPECT: i64 = 150;

/// The distance between boxes that are not connected.
const APART: i32 = 36;

/// Places all boxes.
pub(crate) fn layout(sizes: &[Size], lines: &[Line]) -> Layout {
    let components = components(sizes.len(), lines);
    let drawings: Vec<Layout> =
        components.iter().map(|(nodes, lines_of)| connected(nodes, lines_of, sizes, lines)).collect();
    let areas: Vec<Size> =
        drawings.iter().map(|drawing| Size { width: drawing.size.0, height: drawing.size.1 }).collect();
    let (size, corners) = pack::pack(&areas, APART, ASPECT);
    let mut whole = Layout { size, places: vec![(0, 0); sizes.len()], routes: vec![Vec::new(); lines.len()] };
    for ((nodes, lines_of), (drawing, corner)) in components.iter().zip(drawings.into_iter().zip(corners)) {
        let moved = |(x, y): Point| (x + corner.0, y + corner.1);
        for (&node, place) in nodes.iter().zip(drawing.places) {
            whole.places[node] = moved(place);
        }
        for (&line, route) in lines_of.iter().zip(drawing.routes) {
            whole.routes[line] = route.into_iter().map(moved).collect();
        }
    }
    whole
}

/// The boxes and the lines of each part of which everything is connected.
fn components(nodes: usize, lines: &[Line]) -> Vec<(Vec<usize>, Vec<usize>)> {
    let mut first: Vec<usize> = (0..nodes).collect();
    let find = |first: &mut Vec<usize>, mut node: usize| {
        while first[node] != node {
            first[node] = first[first[node]];
            node = first[node];
        }
        node
    };
    for line in lines {
        let (one, other) = (find(&mut first, line.from.node), find(&mut first, line.to.node));
        first[one.max(other)] = one.min(other);
    }
    let mut parts: std::collections::BTreeMap<usize, (Vec<usize>, Vec<usize>)> = std::collections::BTreeMap::new();
    for node in 0..nodes {
        parts.entry(find(&mut first, node)).or_default().0.push(node);
    }
    for (number, line) in lines.iter().enumerate() {
        parts.entry(find(&mut first, line.from.node)).or_default().1.push(number);
    }
    parts.into_values().collect()
}

/// Draws boxes that are connected.
fn connected(nodes: &[usize], lines_of: &[usize], sizes: &[Size], lines: &[Line]) -> Layout {
    let numbers: std::collections::HashMap<usize, usize> =
        nodes.iter().enumerate().map(|(number, &node)| (node, number)).collect();
    let sizes: Vec<Size> = nodes.iter().map(|&node| sizes[node]).collect();
    let own = |end: End| End { node: numbers[&end.node], y: end.y };
    let lines: Vec<Line> = lines_of
        .iter()
        .map(|&line| Line { from: own(lines[line].from), to: own(lines[line].to), kind: lines[line].kind })
        .collect();
    let layer_of = layers::assign(&sizes, &lines, ASPECT);
    let mut nets = Nets::new(&sizes, &lines, &layer_of);
    order::sort(&mut nets);
    let tops = place::tops(&nets);
    route::draw(&nets, &tops, &lines)
}
