//! Where lines turn: each section has a vertical line of its own between two layers, unless it is straight.

use super::nets::{Nets, Section};
use super::{End, Layout, Line, Point};

/// The distance between two vertical lines, and between one and a box: there is room for the signs at the ends.
const SLOT: i32 = 10;
const MARGIN: i32 = 30;

/// The width of a gap without vertical lines.
const LEAST: i32 = 64;

/// How near lines are that look like one.
const NEAR: i32 = 6;

/// In a gap with more sections than this, they are sorted by less thorough rounds.
const MANY: usize = 120;

/// Draws all lines.
pub(super) fn draw(nets: &Nets, tops: &[i32], lines: &[Line]) -> Layout {
    let mut lefts = Vec::new();
    let mut trunks = Vec::new();
    let mut x = 0;
    let last = nets.layers.len().saturating_sub(1);
    for (layer, vertices) in nets.layers.iter().enumerate() {
        lefts.push(x);
        let boxes = vertices.iter().filter_map(|&vertex| nets.vertices[vertex].node);
        x += boxes.map(|node| nets.widths[node]).max().unwrap_or(0);
        let (slots, count) = slots(&nets.gaps[layer], tops);
        trunks.push(slots.into_iter().map(|slot| x + MARGIN + slot * SLOT).collect::<Vec<i32>>());
        if count > 0 || layer < last {
            x += (2 * MARGIN + (count - 1).max(0) * SLOT).max(if layer < last { LEAST } else { 0 });
        }
    }
    let vertices = nets.vertices.iter().enumerate().filter(|(_, vertex)| vertex.node.is_some());
    let places: Vec<Point> = vertices.map(|(index, vertex)| (lefts[vertex.layer], tops[index])).collect();
    let right = |node: usize| places[node].0 + nets.widths[node];
    let routes = lines.iter().zip(&nets.hops).map(|(line, hops)| {
        let mut points = Vec::new();
        for hop in hops {
            let trunk = trunks[hop.gap][hop.section];
            let y = |end: End| tops[end.node] + end.y;
            if points.is_empty() {
                // Whether the line begins to the right of the gap.
                let is_right = nets.vertices[hop.from.node].layer > hop.gap;
                let x = if is_right { places[line.from.node].0 } else { right(line.from.node) };
                points.push((x, y(hop.from)));
            }
            points.extend([(trunk, y(hop.from)), (trunk, y(hop.to))]);
        }
        if let Some(hop) = hops.last() {
            let is_right = nets.vertices[hop.to.node].layer > hop.gap;
            let x = if is_right { places[line.to.node].0 } else { right(line.to.node) };
            points.push((x, tops[hop.to.node] + hop.to.y));
        }
        simplified(points)
    });
    let routes: Vec<Vec<Point>> = routes.collect();
    let bottom = nets.vertices.iter().zip(tops).map(|(vertex, top)| top + vertex.height).max().unwrap_or(0);
    let widest = routes.iter().flatten().map(|point| point.0).max().unwrap_or(0);
    let edge = (0..places.len()).map(right).max().unwrap_or(0);
    Layout { size: (edge.max(widest), bottom), places, routes }
}

/// A route without points that are on the way between others.
fn simplified(points: Vec<Point>) -> Vec<Point> {
    let mut route: Vec<Point> = Vec::with_capacity(points.len());
    for point in points {
        if route.last() == Some(&point) {
            continue;
        }
        if let [.., before, last] = route[..]
            && ((before.0 == last.0 && last.0 == point.0) || (before.1 == last.1 && last.1 == point.1))
        {
            route.pop();
        }
        route.push(point);
    }
    route
}

/// A section as it is drawn: a vertical line with horizontal ones to both sides.
#[derive(Debug)]
struct Trunk {
    lefts: Vec<i32>,
    rights: Vec<i32>,
    top: i32,
    bottom: i32,
}

impl Trunk {
    fn new(section: &Section, tops: &[i32]) -> Self {
        let places = |ends: &[End]| ends.iter().map(|end| tops[end.node] + end.y).collect::<Vec<i32>>();
        let (lefts, rights) = (places(&section.left), places(&section.right));
        let all = || lefts.iter().chain(&rights).copied();
        let (top, bottom) = (all().min().unwrap_or(0), all().max().unwrap_or(0));
        Self { lefts, rights, top, bottom }
    }

    fn is_straight(&self) -> bool {
        self.top == self.bottom
    }

    /// How bad it is if this one is to the left of another: how many lines cross, and how many lie on each other.
    fn cost_left_of(&self, other: &Self) -> i32 {
        let crosses = |trunk: &Self, y: &&i32| trunk.top <= **y && **y <= trunk.bottom;
        let count = |lines: usize| i32::try_from(lines).unwrap_or(i32::MAX / 64);
        let crossings = self.rights.iter().filter(|y| crosses(other, y)).count()
            + other.lefts.iter().filter(|y| crosses(self, y)).count();
        let covers = |y: &&i32| other.lefts.iter().any(|left| (left - **y).abs() < NEAR);
        count(crossings) + 30 * count(self.rights.iter().filter(covers).count())
    }

    fn is_beside(&self, other: &Self) -> bool {
        self.top - NEAR <= other.bottom && other.top - NEAR <= self.bottom
    }
}

/// The slot of each section of a gap from the left, and how many slots there are.
fn slots(sections: &[Section], tops: &[i32]) -> (Vec<i32>, i32) {
    let trunks: Vec<Trunk> = sections.iter().map(|section| Trunk::new(section, tops)).collect();
    let mut order: Vec<usize> = (0..trunks.len()).filter(|&index| !trunks[index].is_straight()).collect();
    order.sort_by_key(|&index| (trunks[index].top, trunks[index].bottom, index));
    let rounds = if order.len() > MANY { 4 } else { order.len() };
    for _ in 0..rounds {
        let mut is_better = false;
        for place in 1..order.len() {
            let (one, other) = (&trunks[order[place - 1]], &trunks[order[place]]);
            if other.cost_left_of(one) < one.cost_left_of(other) {
                order.swap(place - 1, place);
                is_better = true;
            }
        }
        if !is_better {
            break;
        }
    }
    let mut slots = vec![0; trunks.len()];
    let mut count = 0;
    for (place, &index) in order.iter().enumerate() {
        let before = order[..place].iter().filter(|&&other| trunks[index].is_beside(&trunks[other]));
        slots[index] = before.map(|&other| slots[other] + 1).max().unwrap_or(0);
        count = count.max(slots[index] + 1);
    }
    (slots, count)
}
