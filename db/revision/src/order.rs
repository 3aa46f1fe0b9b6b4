//! Sorts revisions in Alembic's order (`RevisionMap._topological_sort`), in linear time.

use std::collections::BTreeSet;

use crate::graph::{Follow, RevisionGraph};
use crate::node::{Node, NodeSet};
use crate::target_error::TargetError;

impl RevisionGraph {
    /// Sorts topologically, newest first, in Alembic's order: follows a branch down until a revision from another branch has
    /// to come first.
    ///
    /// Alembic checks every candidate against the ancestors of all other current heads. If the set contains every revision
    /// between any two of its members, this is equivalent to checking whether a direct child of the candidate is still
    /// pending, for which a counter is enough.
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
    /// The next revision of each branch being followed.
    slots: Vec<Node>,
    in_slots: NodeSet,
    /// For each revision, the number of its children that are still pending. `None` if the set has gaps, because the
    /// equivalence does not hold then.
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

    /// The first branch to follow before `candidate` can be emitted.
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
