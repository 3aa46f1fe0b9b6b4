//! A revision's place in a graph, and sets of them.

/// A revision of one graph: its position among the files, which are sorted by name as Alembic sorts them.
///
/// Only the graph makes one, so a node is always a revision that the graph has. Nodes of different graphs are not to be mixed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Node(u32);

impl Node {
    pub(crate) fn new(index: usize) -> Self {
        Self(u32::try_from(index).expect("a directory has fewer than four billion files"))
    }

    /// The position, from 0: an index into what is kept for each revision in file order.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// A set of revisions of one graph.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NodeSet {
    members: Vec<bool>,
    len: usize,
}

impl NodeSet {
    /// An empty set for a graph of `size` revisions.
    pub(crate) fn new(size: usize) -> Self {
        Self { members: vec![false; size], len: 0 }
    }

    /// Adds a revision; `true` if it was not in the set.
    pub fn insert(&mut self, node: Node) -> bool {
        let new = !std::mem::replace(&mut self.members[node.index()], true);
        self.len += usize::from(new);
        new
    }

    /// Removes a revision; `true` if it was in the set.
    pub fn remove(&mut self, node: Node) -> bool {
        let was = std::mem::replace(&mut self.members[node.index()], false);
        self.len -= usize::from(was);
        was
    }

    /// Whether the revision is in the set.
    pub fn contains(&self, node: Node) -> bool {
        self.members[node.index()]
    }

    /// How many revisions are in the set.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether the set is empty.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The members in file order.
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
