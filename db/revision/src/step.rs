//! A plan: its steps, and what each does to the version table.

use crate::node::Node;
use crate::operation::Operation;

/// One change of the version table.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum VersionChange {
    /// A row more.
    Insert(Node),
    /// A row less.
    Delete(Node),
    /// A row moves.
    Update {
        /// The row as it was.
        from: Node,
        /// The row as it is afterwards.
        to: Node,
    },
}

/// One step: a revision that runs (none for a stamp) and what it does to the version table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// The revision whose section runs; `None` in a stamp.
    pub revision: Option<Node>,
    /// The changes of the version table, in order.
    pub changes: Vec<VersionChange>,
}

/// A whole plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// What is done.
    pub operation: Operation,
    /// The version rows before, sorted by id.
    pub from: Vec<Node>,
    /// The steps in order.
    pub steps: Vec<Step>,
    /// The version rows afterwards, sorted by id.
    pub heads: Vec<Node>,
}
