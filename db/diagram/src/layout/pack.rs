//! Places areas beside and below each other, so that little room is left between them.

use super::{Point, Size};

/// The size of it all, and the upper left corner of each area. `aspect`: the wanted width of what is 100 high.
pub(super) fn pack(areas: &[Size], apart: i32, aspect: i64) -> (Point, Vec<Point>) {
    let total: i64 = areas.iter().map(|area| i64::from(area.width + apart) * i64::from(area.height + apart)).sum();
    let widest = areas.iter().map(|area| area.width).max().unwrap_or(0);
    let wanted = (total * aspect / 100).isqrt();
    let mut order: Vec<usize> = (0..areas.len()).collect();
    // The large ones first, and the others by their names.
    order.sort_by_key(|&index| (std::cmp::Reverse(areas[index].height), index));
    let tries = (0..6).map(|more| i32::try_from(wanted + wanted * more / 10).unwrap_or(i32::MAX / 4).max(widest));
    let packed = tries.map(|width| packed(areas, &order, width, apart));
    packed.min_by_key(|&((width, height), _)| waste(width, height, aspect)).unwrap_or_default()
}

/// How much larger than necessary a page of the wanted proportions must be.
fn waste(width: i32, height: i32, aspect: i64) -> i64 {
    (i64::from(width) * 100).max(i64::from(height) * aspect)
}

/// Places each area as high as possible.
fn packed(areas: &[Size], order: &[usize], width: i32, apart: i32) -> (Point, Vec<Point>) {
    let mut sky = vec![Step { x: 0, y: 0 }];
    let mut corners = vec![(0, 0); areas.len()];
    let mut size = (0, 0);
    for &index in order {
        let area = areas[index];
        let (x, y) = highest(&sky, area.width + apart, width + apart);
        corners[index] = (x, y);
        size = (size.0.max(x + area.width), size.1.max(y + area.height));
        raise(&mut sky, x, x + area.width + apart, y + area.height + apart);
    }
    (size, corners)
}

/// The beginning of a part that is used down to `y`.
#[derive(Debug, Clone, Copy)]
struct Step {
    x: i32,
    y: i32,
}

/// The highest place that an area fits in, and of those the leftmost one.
fn highest(sky: &[Step], needed: i32, width: i32) -> Point {
    let places = sky.iter().enumerate().filter(|(_, step)| step.x == 0 || step.x + needed <= width);
    let places = places.map(|(index, step)| {
        let below = sky[index..].iter().take_while(|other| other.x < step.x + needed.max(1));
        (below.map(|other| other.y).max().unwrap_or(0), step.x)
    });
    let (y, x) = places.min().unwrap_or((0, 0));
    (x, y)
}

/// Marks a part as used.
fn raise(sky: &mut Vec<Step>, from: i32, to: i32, y: i32) {
    let after = sky.iter().rev().find(|step| step.x <= to).map_or(0, |step| step.y);
    sky.retain(|step| step.x < from || step.x > to);
    let place = sky.partition_point(|step| step.x < from);
    sky.splice(place..place, [Step { x: from, y }, Step { x: to, y: after }]);
}
