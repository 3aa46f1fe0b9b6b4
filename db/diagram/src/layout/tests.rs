//! Properties of every drawing: no boxes overlap, no line runs through a box, every line ends where it should.

use std::time::Instant;

use super::{End, Layout, Line, Point, Size, layout};

/// A sequence of numbers that look random.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).expect("31 bits") % limit.max(1)
    }
}

/// Tables like those of a schema: some that many refer to, rows for keys, and a few circles.
fn schema(count: usize, seed: u64) -> (Vec<Size>, Vec<Line>) {
    let mut numbers = Numbers(seed);
    let rows: Vec<usize> = (0..count).map(|_| 3 + numbers.below(12)).collect();
    let pixels = |number: usize| i32::try_from(number).expect("a small number");
    let sizes =
        rows.iter().map(|&rows| Size { width: 150 + pixels(numbers.below(150)), height: 34 + 20 * pixels(rows) });
    let sizes = sizes.collect();
    let mut lines = Vec::new();
    for node in 1..count {
        for row in 1..=numbers.below(4).min(rows[node] - 1) {
            let target = match numbers.below(8) {
                0 | 1 => numbers.below(3.min(node)),
                2 if numbers.below(6) == 0 => node,
                3 if numbers.below(6) == 0 => numbers.below(count),
                _ => numbers.below(node),
            };
            let end = |node: usize, row: usize| End { node, y: 40 + 20 * pixels(row) };
            let kind = u8::try_from(numbers.below(2)).expect("0 or 1");
            lines.push(Line { from: end(node, row), to: end(target, 0), kind });
        }
    }
    (sizes, lines)
}

/// Asserts what holds for every drawing.
fn check(sizes: &[Size], lines: &[Line], drawing: &Layout) {
    let area = |node: usize| {
        let (x, y) = drawing.places[node];
        (x, y, x + sizes[node].width, y + sizes[node].height)
    };
    for one in 0..sizes.len() {
        let (left, top, right, bottom) = area(one);
        assert!(left >= 0 && top >= 0 && right <= drawing.size.0 && bottom <= drawing.size.1, "{one} is outside");
        for other in 0..one {
            let (its_left, its_top, its_right, its_bottom) = area(other);
            let overlaps =
                left < its_right + 10 && its_left < right + 10 && top < its_bottom + 10 && its_top < bottom + 10;
            assert!(!overlaps, "{one} and {other} overlap or touch");
        }
    }
    let mut areas: Vec<_> = (0..sizes.len()).map(area).collect();
    areas.sort_unstable();
    for (line, route) in lines.iter().zip(&drawing.routes) {
        for (end, point) in [(line.from, route.first()), (line.to, route.last())] {
            let (left, top, right, _) = area(end.node);
            let &(x, y) = point.expect("a line has ends");
            assert!(x == left || x == right, "{line:?} ends at no side of its box");
            assert!((y - top - end.y).abs() <= 8, "{line:?} ends at another row");
        }
        for (from, to) in segments(route) {
            assert!(from.0 == to.0 || from.1 == to.1, "{line:?} is not orthogonal");
            let (low, high) = ((from.0.min(to.0), from.1.min(to.1)), (from.0.max(to.0), from.1.max(to.1)));
            let near = areas[..areas.partition_point(|area| area.0 < high.0)].iter();
            let mut hit = near.filter(|area| low.0 < area.2 && high.0 > area.0 && low.1 < area.3 && high.1 > area.1);
            assert!(hit.next().is_none(), "{line:?} runs through a box");
        }
    }
}

fn segments(route: &[Point]) -> impl Iterator<Item = (Point, Point)> {
    route.windows(2).map(|pair| (pair[0], pair[1]))
}

/// How often lines of different targets cross.
fn crossings(lines: &[Line], drawing: &Layout) -> usize {
    let net = |line: &Line| (line.to, line.kind);
    let mut found = std::collections::BTreeSet::new();
    for (one, its_route) in lines.iter().zip(&drawing.routes) {
        for (other, other_route) in lines.iter().zip(&drawing.routes) {
            if net(one) == net(other) {
                continue;
            }
            for (from, to) in segments(its_route).filter(|(from, to)| from.0 == to.0) {
                let (top, bottom) = (from.1.min(to.1), from.1.max(to.1));
                for (begin, end) in segments(other_route).filter(|(begin, end)| begin.1 == end.1) {
                    let (left, right) = (begin.0.min(end.0), begin.0.max(end.0));
                    if left < from.0 && from.0 < right && top < begin.1 && begin.1 < bottom {
                        found.insert((from.0, begin.1, net(one), net(other)));
                    }
                }
            }
        }
    }
    found.len()
}

#[test]
fn no_box_overlaps_and_no_line_runs_through_a_box() {
    for (count, seeds) in [(0, 1), (1, 1), (2, 20), (5, 60), (12, 60), (60, 20), (200, 2)] {
        for seed in 0..seeds {
            let (sizes, lines) = schema(count, seed);
            check(&sizes, &lines, &layout(&sizes, &lines));
        }
    }
}

#[test]
fn the_same_boxes_are_placed_the_same_way() {
    let (sizes, lines) = schema(80, 7);
    let (one, other) = (layout(&sizes, &lines), layout(&sizes, &lines));
    assert_eq!((one.places, one.routes), (other.places, other.routes));
}

#[test]
fn boxes_in_a_row_have_straight_lines() {
    let sizes = [Size { width: 100, height: 100 }; 4];
    let line = |from, to| Line { from: End { node: from, y: 50 }, to: End { node: to, y: 50 }, kind: 0 };
    let drawing = layout(&sizes, &[line(1, 0), line(2, 1), line(3, 2)]);
    assert!(drawing.routes.iter().all(|route| route.len() == 2), "{:?}", drawing.routes);
}

#[test]
fn lines_to_one_place_join() {
    let sizes = [Size { width: 100, height: 100 }; 41];
    let line = |from| Line { from: End { node: from, y: 50 }, to: End { node: 0, y: 50 }, kind: 0 };
    let lines: Vec<Line> = (1..41).map(line).collect();
    let drawing = layout(&sizes, &lines);
    check(&sizes, &lines, &drawing);
    assert_eq!(crossings(&lines, &drawing), 0);
    let aspect = drawing.size.0 * 100 / drawing.size.1;
    assert!((70..300).contains(&aspect), "40 boxes that refer to one are not a column: {:?}", drawing.size);
}

#[test]
fn a_drawing_of_sixty_tables_is_legible() {
    for seed in 0..10 {
        let (sizes, lines) = schema(60, seed);
        let drawing = layout(&sizes, &lines);
        let crossings = crossings(&lines, &drawing);
        let boxes: i32 = sizes.iter().map(|size| size.width * size.height).sum();
        let used = f64::from(boxes) / (f64::from(drawing.size.0) * f64::from(drawing.size.1));
        assert!(crossings < 5 * lines.len(), "{crossings} crossings of {} lines", lines.len());
        assert!(used > 0.12, "boxes cover {:.0} % of {:?}", used * 100.0, drawing.size);
    }
}

#[test]
fn thousands_of_tables_are_placed_in_seconds() {
    let (sizes, lines) = schema(2_000, 3);
    let start = Instant::now();
    let drawing = layout(&sizes, &lines);
    let seconds = start.elapsed().as_secs_f64();
    // Without optimization, on a machine that is busy.
    assert!(seconds < 60.0, "{seconds:.1} s");
    check(&sizes, &lines, &drawing);
}
