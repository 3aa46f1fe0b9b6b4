//! The order revisions come in, which is Alembic's (`RevisionMap._topological_sort`).
//!
//! Pure. Linear where Alembic recomputes the ancestors of every head at every step.

use std::collections::BTreeSet;

use crate::graph::{Follow, RevisionGraph};
use crate::node::{Node, NodeSet};
use crate::target_error::TargetError;

impl RevisionGraph {
    /// Alembic's topological order, newest first: a line is followed down until another head has to come before.
    ///
    /// Alembic asks of every candidate whether it is in the ancestors of another current head. In a set that holds
    /// every revision between two of its members that is so exactly if a revision right after the candidate is still
    /// to come, which a counter answers.
    pub(crate) fn sort(&self, todo: NodeSet, heads: &[Node]) -> Result<Vec<Node>, TargetError> {
        let mut walk = Walk::new(self, todo, heads);
        let mut output = Vec::with_capacity(walk.todo.len());
        let mut current = 0;
        while !walk.slots.is_empty() {
            let candidate = walk.slots[current];
            if let Some(slot) = walk.blocker(candidate) {
                current = slot;
                continue;
            }
            if walk.emit(candidate) {
                output.push(candidate);
            }
            let mut added: Vec<Node> = Vec::new();
            for &down in self.normalized_down(candidate) {
                if walk.todo.contains(down) && !walk.in_slots.contains(down) {
                    added.push(down);
                }
            }
            walk.in_slots.remove(candidate);
            for &node in &added {
                walk.in_slots.insert(node);
            }
            match added.split_first() {
                None => {
                    walk.slots.remove(current);
                    current = current.saturating_sub(1);
                }
                Some((&first, rest)) => {
                    walk.slots[current] = first;
                    walk.slots.extend(rest);
                }
            }
        }
        match walk.todo.iter().next() {
            None => Ok(output),
            Some(node) => Err(TargetError::Unreachable { revision: self.id(node).to_owned() }),
        }
    }
}

/// The state of the topological sort.
struct Walk<'graph> {
    graph: &'graph RevisionGraph,
    todo: NodeSet,
    /// The tips of the lines being followed down.
    slots: Vec<Node>,
    in_slots: NodeSet,
    /// Per revision, how many right after it are still to come; `None` when the set has gaps and this says nothing.
    pending: Option<Vec<u32>>,
}

impl<'graph> Walk<'graph> {
    fn new(graph: &'graph RevisionGraph, todo: NodeSet, heads: &[Node]) -> Self {
        let mut in_slots = graph.empty_set();
        for &head in heads.iter().filter(|&&head| todo.contains(head)) {
            in_slots.insert(head);
        }
        let slots = in_slots.iter().collect();
        let covered = graph.ancestors(todo.iter(), Follow::Dependencies);
        let above = graph.descendants(todo.iter(), Follow::Dependencies);
        let has_gaps = graph.nodes().any(|node| covered.contains(node) && above.contains(node) && !todo.contains(node));
        let pending = (!has_gaps).then(|| {
            let mut pending = vec![0; graph.len()];
            for node in todo.iter() {
                for &down in graph.normalized_down(node) {
                    pending[down.index()] += 1;
                }
            }
            pending
        });
        Self { graph, todo, slots, in_slots, pending }
    }

    /// The first line that has to be followed before `candidate` may come.
    fn blocker(&self, candidate: Node) -> Option<usize> {
        if self.slots.len() < 2 || self.pending.as_ref().is_some_and(|pending| pending[candidate.index()] == 0) {
            return None;
        }
        let mut seen = std::collections::HashSet::from([candidate]);
        let mut above = vec![candidate];
        let mut found: BTreeSet<Node> = BTreeSet::new();
        while let Some(node) = above.pop() {
            for &next in self.graph.all_next(node) {
                let relevant = self.pending.is_none() || self.todo.contains(next);
                if relevant && seen.insert(next) {
                    above.push(next);
                    if self.in_slots.contains(next) {
                        found.insert(next);
                    }
                }
            }
        }
        self.slots.iter().position(|slot| found.contains(slot))
    }

    fn emit(&mut self, node: Node) -> bool {
        let new = self.todo.remove(node);
        if let (true, Some(pending)) = (new, self.pending.as_mut()) {
            for &down in self.graph.normalized_down(node) {
                pending[down.index()] -= 1;
            }
        }
        new
    }
}
