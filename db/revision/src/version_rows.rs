//! Tracks the version rows during planning, like Alembic's `HeadMaintainer` and `RevisionStep`.

use std::collections::BTreeSet;

use crate::graph::RevisionGraph;
use crate::node::{Node, NodeSet};
use crate::operation::Operation;
use crate::step::{Plan, Step, VersionChange};
use crate::target_error::TargetError;

/// The version rows after the steps planned so far.
pub(crate) struct VersionRows<'graph> {
    graph: &'graph RevisionGraph,
    pub(crate) heads: BTreeSet<Node>,
    applied: NodeSet,
    /// For each revision, the number of its applied children.
    applied_after: Vec<u32>,
}

impl<'graph> VersionRows<'graph> {
    pub(crate) fn new(graph: &'graph RevisionGraph, from: &[Node], applied: NodeSet) -> Self {
        let mut applied_after = vec![0; graph.len()];
        for node in applied.iter() {
            for &down in graph.normalized_down(node) {
                applied_after[down.index()] += 1;
            }
        }
        Self { graph, heads: from.iter().copied().collect(), applied, applied_after }
    }

    pub(crate) fn into_plan(self, operation: Operation, from: &[Node], steps: Vec<Step>) -> Plan {
        let mut heads: Vec<Node> = self.heads.into_iter().collect();
        heads.sort_unstable_by_key(|&node| self.graph.id(node));
        Plan { operation, from: from.to_vec(), steps, heads }
    }

    fn contradiction(&self, node: Node) -> TargetError {
        TargetError::Contradiction {
            revision: self.graph.id(node).to_owned(),
            heads: self.graph.ids(self.heads.iter().copied()),
        }
    }

    pub(crate) fn insert(&mut self, node: Node) -> Result<VersionChange, TargetError> {
        if self.heads.insert(node) { Ok(VersionChange::Insert(node)) } else { Err(self.contradiction(node)) }
    }

    pub(crate) fn delete(&mut self, node: Node) -> Result<VersionChange, TargetError> {
        if self.heads.remove(&node) { Ok(VersionChange::Delete(node)) } else { Err(self.contradiction(node)) }
    }

    pub(crate) fn update(&mut self, from: Node, to: Node) -> Result<VersionChange, TargetError> {
        if self.heads.contains(&to) || !self.heads.remove(&from) {
            return Err(self.contradiction(to));
        }
        self.heads.insert(to);
        Ok(VersionChange::Update { from, to })
    }

    pub(crate) fn upgrade(&mut self, node: Node) -> Result<Step, TargetError> {
        let downs = self.graph.normalized_down(node);
        let mut replaced: Vec<Node> = downs.iter().copied().filter(|down| self.heads.contains(down)).collect();
        if replaced.len() > 1 {
            // A parent that is also an ancestor of another head is covered by that head and has no separate row.
            let others: Vec<Node> = self.heads.iter().copied().filter(|head| !downs.contains(head)).collect();
            if !others.is_empty() {
                replaced.retain(|&down| !self.reaches(down, |above| others.contains(&above), None));
            }
        }
        let mut changes = Vec::new();
        match replaced.split_last() {
            None => changes.push(self.insert(node)?),
            Some((&last, deleted)) => {
                for &down in deleted {
                    changes.push(self.delete(down)?);
                }
                changes.push(self.update(last, node)?);
            }
        }
        self.applied.insert(node);
        for &down in downs {
            self.applied_after[down.index()] += 1;
        }
        Ok(Step { revision: Some(node), changes })
    }

    pub(crate) fn downgrade(&mut self, node: Node) -> Result<Step, TargetError> {
        if !self.heads.contains(&node) {
            return Err(self.contradiction(node));
        }
        let uncovered = self.uncovered_parents(node);
        let mut changes = Vec::new();
        match uncovered.split_last() {
            None => changes.push(self.delete(node)?),
            Some((&last, inserted)) => {
                for &down in inserted {
                    changes.push(self.insert(down)?);
                }
                changes.push(self.update(node, last)?);
            }
        }
        self.applied.remove(node);
        for &down in self.graph.normalized_down(node) {
            self.applied_after[down.index()] -= 1;
        }
        Ok(Step { revision: Some(node), changes })
    }

    /// The parents that become heads when `node` is downgraded: those that are not ancestors of another head.
    fn uncovered_parents(&self, node: Node) -> Vec<Node> {
        let downs = self.graph.normalized_down(node);
        let covered = |down: Node| {
            if self.heads.contains(&down) {
                return true;
            }
            if self.applied_after[down.index()] == 1 {
                return false;
            }
            if downs.len() == 1 {
                return true;
            }
            let other_head = |above: Node| above != node && self.heads.contains(&above);
            let sibling = |above: Node| above != down && downs.contains(&above);
            let alone = self.heads.len() == 1;
            self.reaches(down, |above| if alone { sibling(above) } else { other_head(above) }, Some(node))
        };
        downs.iter().copied().filter(|&down| !covered(down)).collect()
    }

    /// Whether a path of applied revisions leads up from `start` to a goal without passing through `without`.
    fn reaches(&self, start: Node, goal: impl Fn(Node) -> bool, without: Option<Node>) -> bool {
        let mut seen = std::collections::HashSet::from([start]);
        let mut todo = vec![start];
        while let Some(node) = todo.pop() {
            for &above in self.graph.all_next(node) {
                if Some(above) != without && self.applied.contains(above) && seen.insert(above) {
                    if goal(above) {
                        return true;
                    }
                    todo.push(above);
                }
            }
        }
        false
    }
}
