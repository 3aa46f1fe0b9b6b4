//! Boxes, lines between them, and where they are drawn.

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
