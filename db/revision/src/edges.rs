//! The edges of the graph, and the algorithms that need nothing else.

use crate::node::{Node, NodeSet};

/// Adjacency lists in two flat arrays, so that 100,000 revisions take a few megabytes rather than an allocation each.
#[derive(Debug, Default)]
pub(crate) struct Edges {
    starts: Vec<u32>,
    targets: Vec<Node>,
}

impl Edges {
    pub(crate) fn of(&self, node: Node) -> &[Node] {
        &self.targets[self.starts[node.index()] as usize..self.starts[node.index() + 1] as usize]
    }

    pub(crate) fn collect(lists: impl Iterator<Item = Vec<Node>>) -> Self {
        let mut edges = Self { starts: vec![0], targets: Vec::new() };
        for list in lists {
            edges.targets.extend(list);
            edges.starts.push(edges.targets.len() as u32);
        }
        edges
    }

    fn nodes(&self) -> impl Iterator<Item = Node> + use<> {
        (0..self.starts.len() - 1).map(Node::new)
    }

    /// The edges reversed. Each list is in file order.
    pub(crate) fn reversed(&self) -> Self {
        let count = self.starts.len() - 1;
        let mut starts = vec![0u32; count + 1];
        for target in &self.targets {
            starts[target.index() + 1] += 1;
        }
        for index in 0..count {
            starts[index + 1] += starts[index];
        }
        let mut fill = starts.clone();
        let mut targets = vec![Node::new(0); self.targets.len()];
        for node in self.nodes() {
            for target in self.of(node) {
                targets[fill[target.index()] as usize] = node;
                fill[target.index()] += 1;
            }
        }
        Self { starts, targets }
    }

    /// These edges, followed by the edges of `other` that are not among them.
    pub(crate) fn join(&self, other: &Self) -> Self {
        Self::collect(self.nodes().map(|node| {
            let mut list = Vec::with_capacity(self.of(node).len() + other.of(node).len());
            for &target in self.of(node).iter().chain(other.of(node)) {
                if !list.contains(&target) {
                    list.push(target);
                }
            }
            list
        }))
    }
}

/// Removes dependencies that an ancestor on the same branch already has (Alembic's `_normalize_depends_on`).
pub(crate) fn normalize(down: &Edges, dependencies: &Edges) -> Edges {
    let dependents = dependencies.reversed();
    Edges::collect(down.nodes().map(|node| {
        let mut list = dependencies.of(node).to_vec();
        if list.iter().all(|&dependency| dependents.of(dependency).len() < 2) {
            return list;
        }
        let mut seen = NodeSet::new(down.starts.len() - 1);
        let mut todo = down.of(node).to_vec();
        while let Some(ancestor) = todo.pop() {
            if seen.insert(ancestor) {
                list.retain(|dependency| !dependencies.of(ancestor).contains(dependency));
                todo.extend(down.of(ancestor));
            }
        }
        list
    }))
}

/// Finds a cycle (Kahn's algorithm) and returns its revisions, children before parents.
pub(crate) fn find_cycle(all_down: &Edges, all_next: &Edges) -> Option<Vec<Node>> {
    let mut waiting: Vec<usize> = all_down.nodes().map(|node| all_down.of(node).len()).collect();
    let mut ready: Vec<Node> = all_down.nodes().filter(|node| waiting[node.index()] == 0).collect();
    let mut removed = 0;
    while let Some(node) = ready.pop() {
        removed += 1;
        for &next in all_next.of(node) {
            waiting[next.index()] -= 1;
            if waiting[next.index()] == 0 {
                ready.push(next);
            }
        }
    }
    if removed == waiting.len() {
        return None;
    }
    let mut node = all_down.nodes().find(|node| waiting[node.index()] > 0)?;
    let mut path: Vec<Node> = Vec::new();
    loop {
        if let Some(start) = path.iter().position(|&seen| seen == node) {
            return Some(path.split_off(start));
        }
        path.push(node);
        node = *all_down.of(node).iter().find(|parent| waiting[parent.index()] > 0)?;
    }
}
