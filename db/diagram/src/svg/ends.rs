//! The signs at the ends of a line: a crow's foot for many rows, a bar for one, a circle if there may be none.

use schema::Reference;

use super::Palette;
use crate::layout::Point;

/// The ends of a line.
pub(super) struct Ends {
    source: Point,
    target: Point,
    /// 1 if the line leaves to the right, -1 if to the left.
    from_source: i32,
    from_target: i32,
    is_unique: bool,
    is_optional: bool,
}

impl Ends {
    pub(super) fn new(route: &[Point], reference: &Reference) -> Self {
        let side = |at: Point, next: Point| if next.0 >= at.0 { 1 } else { -1 };
        let count = route.len();
        let (source, target) = (route.first().copied().unwrap_or_default(), route.last().copied().unwrap_or_default());
        let after = route.get(1).copied().unwrap_or_default();
        let before = count.checked_sub(2).and_then(|index| route.get(index)).copied().unwrap_or_default();
        let (from_source, from_target) = (side(source, after), side(target, before));
        let (is_unique, is_optional) = (reference.is_unique, reference.is_optional);
        Self { source, target, from_source, from_target, is_unique, is_optional }
    }

    /// Where the target's signs are: lines that join have them once.
    pub(super) fn target_place(&self) -> (Point, i32, bool) {
        (self.target, self.from_target, self.is_optional)
    }

    /// How many rows refer to one: none or many, or none or one.
    pub(super) fn source(&self) -> String {
        let ((x, y), side) = (self.source, self.from_source);
        match self.is_unique {
            true => bar(x + 7 * side, y) + &circle(x + 13 * side, y),
            false => {
                let apex = x + 10 * side;
                format!("<path d=\"M{x} {}L{apex} {y}L{x} {}\"/>", y - 4, y + 4) + &circle(x + 14 * side, y)
            }
        }
    }

    /// How many rows one refers to: one, or none or one.
    pub(super) fn target(&self) -> String {
        let ((x, y), side) = (self.target, self.from_target);
        let second = if self.is_optional { circle(x + 13 * side, y) } else { bar(x + 11 * side, y) };
        bar(x + 7 * side, y) + &second
    }
}

fn bar(x: i32, y: i32) -> String {
    format!("<path d=\"M{x} {}V{}\"/>", y - 4, y + 4)
}

fn circle(x: i32, y: i32) -> String {
    format!("<circle class=\"page\" cx=\"{x}\" cy=\"{y}\" r=\"3.3\" fill=\"{}\"/>", Palette::PAGE)
}
