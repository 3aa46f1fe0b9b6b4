//! A plan and its steps.

use crate::node::Node;
use crate::operation::Operation;

/// A change to the version table.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum VersionChange {
    /// Insert a row.
    Insert(Node),
    /// Delete a row.
    Delete(Node),
    /// Update a row.
    Update {
        /// The old value.
        from: Node,
        /// The new value.
        to: Node,
    },
}

/// A step of a plan.
#[non_exhaustive]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// The revision to run, or `None` in a stamp.
    pub revision: Option<Node>,
    /// The changes to the version table, in order.
    pub changes: Vec<VersionChange>,
}

/// The steps from the current version rows to a target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// The kind of the plan.
    pub operation: Operation,
    /// The version rows before the plan runs, sorted by id.
    pub from: Vec<Node>,
    /// The steps, in order.
    pub steps: Vec<Step>,
    /// The version rows after the plan has run, sorted by id.
    pub heads: Vec<Node>,
}
