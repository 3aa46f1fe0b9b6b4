//! The revision graph: which revisions there are, what follows what, and which labels name which branch.
//!
//! Pure: it is built from headers and knows neither files nor databases. Alembic's terms are kept: a *head* has no
//! revision after it, a *base* none before it, `Revises` makes a branch go on, `Depends On` only orders branches.

use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::path::PathBuf;

use crate::error::GraphError;
use crate::header::Header;

/// A revision's place in the graph: its position among the files, which are sorted by name as Alembic sorts them.
pub type Node = u32;

/// One revision: what its header says and which file it came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revision {
    /// The parsed header.
    pub header: Header,
    /// The file, as it was named when it was read.
    pub path: PathBuf,
}

impl Revision {
    /// The revision's id.
    pub fn id(&self) -> &str {
        &self.header.revision
    }
}

/// Adjacency in two flat arrays: 100,000 revisions cost megabytes, not an allocation each.
#[derive(Debug, Default)]
struct Edges {
    starts: Vec<u32>,
    targets: Vec<Node>,
}

impl Edges {
    fn of(&self, node: Node) -> &[Node] {
        let range: Range<usize> = self.starts[node as usize] as usize..self.starts[node as usize + 1] as usize;
        &self.targets[range]
    }

    fn collect(lists: impl Iterator<Item = Vec<Node>>) -> Self {
        let mut edges = Self { starts: vec![0], targets: Vec::new() };
        for list in lists {
            edges.targets.extend(list);
            edges.starts.push(edges.targets.len() as u32);
        }
        edges
    }

    /// The same edges the other way round; each list is in file order.
    fn reversed(&self) -> Self {
        let count = self.starts.len() - 1;
        let mut starts = vec![0u32; count + 1];
        for &target in &self.targets {
            starts[target as usize + 1] += 1;
        }
        for node in 0..count {
            starts[node + 1] += starts[node];
        }
        let mut fill = starts.clone();
        let mut targets = vec![0; self.targets.len()];
        for node in 0..count as Node {
            for &target in self.of(node) {
                targets[fill[target as usize] as usize] = node;
                fill[target as usize] += 1;
            }
        }
        Self { starts, targets }
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
    pub fn new(size: usize) -> Self {
        Self { members: vec![false; size], len: 0 }
    }

    /// Adds a revision; `true` when it was not in the set.
    pub fn insert(&mut self, node: Node) -> bool {
        let new = !std::mem::replace(&mut self.members[node as usize], true);
        self.len += usize::from(new);
        new
    }

    /// Removes a revision; `true` when it was in the set.
    pub fn remove(&mut self, node: Node) -> bool {
        let was = std::mem::replace(&mut self.members[node as usize], false);
        self.len -= usize::from(was);
        was
    }

    /// Whether the revision is in the set.
    pub fn contains(&self, node: Node) -> bool {
        self.members[node as usize]
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
        (0..self.members.len() as Node).filter(|&node| self.contains(node))
    }
}

/// Which edges a walk follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Follow {
    /// `Revises` only: the branch itself.
    Revises,
    /// `Revises` and `Depends On`.
    Dependencies,
}

/// All revisions of a directory, checked: every id once, every parent present, no cycle, every label unambiguous.
#[derive(Debug)]
pub struct RevisionGraph {
    revisions: Vec<Revision>,
    by_id: HashMap<String, Node>,
    by_label: HashMap<String, Node>,
    /// `Revises`, in header order.
    down: Edges,
    /// `Revises`, then the dependencies that no ancestor on the branch already has (Alembic's normalized set).
    normalized_down: Edges,
    next: Edges,
    all_next: Edges,
    /// Per revision the labels of the branches it belongs to, sorted.
    branch_labels: Vec<Vec<String>>,
}

impl RevisionGraph {
    /// Builds the graph from revisions in file order.
    ///
    /// # Errors
    /// A duplicate id, an unknown parent or dependency, a cycle, a label used twice: each names the files.
    pub fn new(revisions: Vec<Revision>) -> Result<Self, GraphError> {
        let by_id = index_ids(&revisions)?;
        let by_label = index_labels(&revisions, &by_id)?;
        let down = Edges::collect(resolve_parents(&revisions, &by_id)?.into_iter());
        let dependencies = Edges::collect(resolve_dependencies(&revisions, &by_id, &by_label)?.into_iter());
        let all_down = join(&down, &dependencies);
        let next = down.reversed();
        let all_next = all_down.reversed();
        if let Some(cycle) = find_cycle(&all_down, &all_next) {
            let files = |node: &Node| revisions[*node as usize].path.clone();
            return Err(GraphError::Cycle {
                revisions: cycle.iter().map(|&node| revisions[node as usize].id().to_owned()).collect(),
                paths: cycle.iter().map(files).collect(),
            });
        }
        let dependencies = normalize(&down, &dependencies);
        let normalized_down = join(&down, &dependencies);
        let mut graph =
            Self { revisions, by_id, by_label, down, normalized_down, next, all_next, branch_labels: Vec::new() };
        graph.branch_labels = graph.spread_labels();
        Ok(graph)
    }

    /// How many revisions there are.
    pub fn len(&self) -> usize {
        self.revisions.len()
    }

    /// Whether there is no revision at all.
    pub fn is_empty(&self) -> bool {
        self.revisions.is_empty()
    }

    /// Every revision in file order.
    pub fn nodes(&self) -> Range<Node> {
        0..self.len() as Node
    }

    /// The revision at a place of this graph.
    pub fn revision(&self, node: Node) -> &Revision {
        &self.revisions[node as usize]
    }

    /// The id of the revision at a place of this graph.
    pub fn id(&self, node: Node) -> &str {
        self.revision(node).id()
    }

    /// The revision of exactly this id.
    pub fn find(&self, id: &str) -> Option<Node> {
        self.by_id.get(id).copied()
    }

    /// The revision that carries exactly this branch label.
    pub fn find_label(&self, label: &str) -> Option<Node> {
        self.by_label.get(label).copied()
    }

    /// Every id and label with its revision: ids in file order, then labels in alphabetical order.
    pub fn names(&self) -> impl Iterator<Item = (&str, Node)> {
        let mut labels: Vec<_> = self.by_label.iter().map(|(label, &node)| (label.as_str(), node)).collect();
        labels.sort_unstable();
        self.nodes().map(|node| (self.id(node), node)).chain(labels)
    }

    /// The parents that `Revises` names.
    pub fn down(&self, node: Node) -> &[Node] {
        self.down.of(node)
    }

    /// The parents, and the dependencies that no ancestor on the branch already has.
    pub fn normalized_down(&self, node: Node) -> &[Node] {
        self.normalized_down.of(node)
    }

    /// The revisions whose `Revises` names this one.
    pub fn next(&self, node: Node) -> &[Node] {
        self.next.of(node)
    }

    /// The revisions whose `Revises` or `Depends On` names this one.
    pub fn all_next(&self, node: Node) -> &[Node] {
        self.all_next.of(node)
    }

    /// The labels of the branches this revision belongs to, sorted.
    pub fn branch_labels(&self, node: Node) -> &[String] {
        &self.branch_labels[node as usize]
    }

    /// Revisions that no `Revises` names, in file order.
    pub fn heads(&self) -> impl Iterator<Item = Node> + '_ {
        self.nodes().filter(|&node| self.next(node).is_empty())
    }

    /// Heads that nothing depends on either: the rows of the version table after `upgrade heads`.
    pub fn real_heads(&self) -> impl Iterator<Item = Node> + '_ {
        self.nodes().filter(|&node| self.all_next(node).is_empty())
    }

    /// Revisions with an empty `Revises`, in file order.
    pub fn bases(&self) -> impl Iterator<Item = Node> + '_ {
        self.nodes().filter(|&node| self.down(node).is_empty())
    }

    /// Several revisions revise this one.
    pub fn is_branch_point(&self, node: Node) -> bool {
        self.next(node).len() > 1
    }

    /// This revision revises several.
    pub fn is_merge_point(&self, node: Node) -> bool {
        self.down(node).len() > 1
    }

    /// The revisions and all that lies before them.
    pub fn ancestors(&self, of: impl IntoIterator<Item = Node>, follow: Follow) -> NodeSet {
        match follow {
            Follow::Revises => self.reach(of, |node| self.down(node)),
            Follow::Dependencies => self.reach(of, |node| self.normalized_down(node)),
        }
    }

    /// The revisions and all that lies after them.
    pub fn descendants(&self, of: impl IntoIterator<Item = Node>, follow: Follow) -> NodeSet {
        match follow {
            Follow::Revises => self.reach(of, |node| self.next(node)),
            Follow::Dependencies => self.reach(of, |node| self.all_next(node)),
        }
    }

    /// Of these revisions the first that has another of them before it, and that other one.
    pub fn overlap(&self, nodes: &[Node]) -> Option<(Node, Node)> {
        if nodes.len() < 2 {
            return None;
        }
        nodes.iter().find_map(|&node| {
            let below = self.ancestors([node], Follow::Dependencies);
            Some((node, nodes.iter().copied().find(|&other| other != node && below.contains(other))?))
        })
    }

    fn reach<'graph>(
        &'graph self,
        from: impl IntoIterator<Item = Node>,
        edges: impl Fn(Node) -> &'graph [Node],
    ) -> NodeSet {
        let mut found = NodeSet::new(self.len());
        let mut todo: Vec<Node> = from.into_iter().collect();
        while let Some(node) = todo.pop() {
            if found.insert(node) {
                todo.extend(edges(node));
            }
        }
        found
    }

    /// A label holds for every revision after the labelled one and, when nothing branches off above, for the line
    /// below it down to the next branch or merge point (Alembic's `RevisionMap._add_branches`).
    fn spread_labels(&self) -> Vec<Vec<String>> {
        let mut labels: Vec<HashSet<&str>> = vec![HashSet::new(); self.len()];
        for node in self.nodes() {
            for label in &self.revision(node).header.branch_labels {
                for below in self.descendants([node], Follow::Revises).iter() {
                    labels[below as usize].insert(label);
                }
                let mut tip = node;
                while let [only] = self.next(tip) {
                    tip = *only;
                }
                let mut line = self.next(tip).is_empty().then_some(tip);
                while let Some(node) = line {
                    if self.all_next(node).len() > 1 || self.is_merge_point(node) {
                        break;
                    }
                    labels[node as usize].insert(label);
                    line = self.down(node).first().copied();
                }
            }
        }
        let sorted = |set: HashSet<&str>| {
            let mut list: Vec<String> = set.into_iter().map(str::to_owned).collect();
            list.sort_unstable();
            list
        };
        labels.into_iter().map(sorted).collect()
    }
}

fn index_ids(revisions: &[Revision]) -> Result<HashMap<String, Node>, GraphError> {
    let mut by_id: HashMap<String, Node> = HashMap::with_capacity(revisions.len());
    for (node, revision) in revisions.iter().enumerate() {
        if let Some(first) = by_id.insert(revision.id().to_owned(), node as Node) {
            return Err(GraphError::DuplicateId {
                id: revision.id().to_owned(),
                paths: [revisions[first as usize].path.clone(), revision.path.clone()],
            });
        }
    }
    Ok(by_id)
}

fn index_labels(revisions: &[Revision], by_id: &HashMap<String, Node>) -> Result<HashMap<String, Node>, GraphError> {
    let mut by_label: HashMap<String, Node> = HashMap::new();
    for (node, revision) in revisions.iter().enumerate() {
        for label in &revision.header.branch_labels {
            let taken = by_id.get(label).copied().or_else(|| by_label.insert(label.clone(), node as Node));
            if let Some(first) = taken {
                return Err(GraphError::DuplicateLabel {
                    label: label.clone(),
                    paths: [revisions[first as usize].path.clone(), revision.path.clone()],
                });
            }
        }
    }
    Ok(by_label)
}

fn resolve_parents(revisions: &[Revision], by_id: &HashMap<String, Node>) -> Result<Vec<Vec<Node>>, GraphError> {
    let parent = |revision: &Revision, id: &String| {
        by_id.get(id).copied().ok_or_else(|| GraphError::UnknownParent {
            revision: revision.id().to_owned(),
            parent: id.clone(),
            path: revision.path.clone(),
            similar: similar(id, by_id.keys()),
        })
    };
    revisions.iter().map(|revision| revision.header.revises.iter().map(|id| parent(revision, id)).collect()).collect()
}

fn resolve_dependencies(
    revisions: &[Revision],
    by_id: &HashMap<String, Node>,
    by_label: &HashMap<String, Node>,
) -> Result<Vec<Vec<Node>>, GraphError> {
    let dependency = |revision: &Revision, name: &String| {
        by_id.get(name).or_else(|| by_label.get(name)).copied().ok_or_else(|| GraphError::UnknownDependency {
            revision: revision.id().to_owned(),
            dependency: name.clone(),
            path: revision.path.clone(),
            similar: similar(name, by_id.keys().chain(by_label.keys())),
        })
    };
    revisions
        .iter()
        .map(|revision| revision.header.depends_on.iter().map(|name| dependency(revision, name)).collect())
        .collect()
}

/// A name that starts alike: what a slip of the keyboard or a shortened id most likely meant.
fn similar<'names>(wanted: &str, names: impl Iterator<Item = &'names String>) -> Option<String> {
    let common = |name: &str| name.bytes().zip(wanted.bytes()).take_while(|(a, b)| a == b).count();
    names.filter(|name| common(name) >= 4).max_by_key(|name| (common(name), std::cmp::Reverse(name.as_str()))).cloned()
}

/// First the one's edges, then those of the other that are not among them.
fn join(first: &Edges, second: &Edges) -> Edges {
    let count = first.starts.len() as Node - 1;
    Edges::collect((0..count).map(|node| {
        let mut list = Vec::with_capacity(first.of(node).len() + second.of(node).len());
        for &target in first.of(node).iter().chain(second.of(node)) {
            if !list.contains(&target) {
                list.push(target);
            }
        }
        list
    }))
}

/// Leaves out a dependency that an ancestor on the same branch already has (Alembic's `_normalize_depends_on`).
fn normalize(down: &Edges, dependencies: &Edges) -> Edges {
    let dependents = dependencies.reversed();
    let count = down.starts.len() as Node - 1;
    Edges::collect((0..count).map(|node| {
        let mut list = dependencies.of(node).to_vec();
        if list.iter().all(|&dependency| dependents.of(dependency).len() < 2) {
            return list;
        }
        let mut seen = NodeSet::new(count as usize);
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

/// Peels off revisions without unpeeled parents (Kahn); what is left goes round, and one round of it is returned.
fn find_cycle(all_down: &Edges, all_next: &Edges) -> Option<Vec<Node>> {
    let count = all_down.starts.len() - 1;
    let mut waiting: Vec<usize> = (0..count as Node).map(|node| all_down.of(node).len()).collect();
    let mut ready: Vec<Node> = (0..count as Node).filter(|&node| waiting[node as usize] == 0).collect();
    let mut peeled = 0;
    while let Some(node) = ready.pop() {
        peeled += 1;
        for &next in all_next.of(node) {
            waiting[next as usize] -= 1;
            if waiting[next as usize] == 0 {
                ready.push(next);
            }
        }
    }
    if peeled == count {
        return None;
    }
    let mut node = (0..count as Node).find(|&node| waiting[node as usize] > 0)?;
    let mut path: Vec<Node> = Vec::new();
    loop {
        if let Some(start) = path.iter().position(|&seen| seen == node) {
            return Some(path.split_off(start));
        }
        path.push(node);
        node = *all_down.of(node).iter().find(|&&parent| waiting[parent as usize] > 0)?;
    }
}
