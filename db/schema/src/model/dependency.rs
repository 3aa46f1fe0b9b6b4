//! What depends on what, down to columns.

use crate::model::values::{Node, Values};

/// One object depends on another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Dependency {
    pub(crate) from: Node,
    pub(crate) to: Node,
    /// Whether PostgreSQL drops the first with the second.
    pub(crate) is_automatic: bool,
    /// Whether the first is part of a partition and the second of its table.
    pub(crate) is_of_partition: bool,
}

impl Dependency {
    pub(crate) fn read(row: &mut Values) -> Self {
        let (from, to) = (row.node(), row.node());
        let kind = row.text();
        Self { from, to, is_automatic: kind != "n", is_of_partition: matches!(kind.as_str(), "P" | "S") }
    }
}
