//! A handle to a revision of a graph, and sets of handles.

/// A handle to a revision of a [`RevisionGraph`](crate::RevisionGraph): its index in file order.
///
/// Only a graph creates nodes, so every node refers to an existing revision of that graph. Using it with another graph gives
/// meaningless results or panics.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Node(u32);

impl Node {
    pub(crate) fn new(index: usize) -> Self {
        Self(u32::try_from(index).expect("a directory has fewer than four billion files"))
    }

    /// The revision's index in file order, from 0.
    pub(crate) fn index(self) -> usize {
        self.0 as usize
    }
}

/// A set of revisions of a graph.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NodeSet {
    members: Vec<bool>,
    len: usize,
}

impl NodeSet {
    /// Creates an empty set for a graph of `size` revisions.
    pub(crate) fn new(size: usize) -> Self {
        Self { members: vec![false; size], len: 0 }
    }

    /// Adds a revision. Returns whether it was newly added.
    pub fn insert(&mut self, node: Node) -> bool {
        let new = !std::mem::replace(&mut self.members[node.index()], true);
        self.len += usize::from(new);
        new
    }

    /// Removes a revision. Returns whether it was in the set.
    pub(crate) fn remove(&mut self, node: Node) -> bool {
        let was = std::mem::replace(&mut self.members[node.index()], false);
        self.len -= usize::from(was);
        was
    }

    /// Whether a revision is in the set.
    pub fn contains(&self, node: Node) -> bool {
        self.members[node.index()]
    }

    /// The number of revisions in the set.
    pub(crate) fn len(&self) -> usize {
        self.len
    }

    /// Whether the set is empty.
    pub(crate) fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The revisions in the set, in file order.
    pub fn iter(&self) -> impl Iterator<Item = Node> + '_ {
        self.members.iter().enumerate().filter(|(_, is_member)| **is_member).map(|(index, _)| Node::new(index))
    }
}

impl Extend<Node> for NodeSet {
    fn extend<T: IntoIterator<Item = Node>>(&mut self, nodes: T) {
        for node in nodes {
            self.insert(node);
        }
    }
}
