//! The revision graph: the revisions, the edges between them, and the branch labels.
//!
//! It is built from headers alone. The terms are Alembic's: a *head* is a revision that no other revises, a *base* revises
//! none, `Revises` continues a branch, and `Depends On` only orders revisions across branches.

use std::collections::{HashMap, HashSet};
use std::path::Path;
use std::sync::Arc;

use crate::edges::{Edges, find_cycle, normalize};
use crate::file::RevisionFile;
use crate::graph_error::GraphError;
use crate::header::Header;
use crate::node::{Node, NodeSet};
use crate::similar::similar;

/// A revision: its header and its file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revision {
    header: Arc<Header>,
    file: RevisionFile,
}

impl Revision {
    /// Creates a revision.
    pub fn new(header: impl Into<Arc<Header>>, file: RevisionFile) -> Self {
        Self { header: header.into(), file }
    }

    /// The revision's id.
    pub fn id(&self) -> &str {
        &self.header.revision
    }

    /// The header.
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// The file.
    pub fn file(&self) -> &RevisionFile {
        &self.file
    }

    /// The file's path.
    pub fn path(&self) -> &Path {
        self.file.path()
    }
}

/// Which edges a traversal follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Follow {
    /// `Revises` only: the branch.
    Revises,
    /// `Revises` and `Depends On`.
    Dependencies,
}

/// All revisions of a source as a validated graph: ids and labels are unique, every parent exists, and there are no cycles.
#[derive(Debug)]
pub struct RevisionGraph {
    revisions: Vec<Revision>,
    by_id: HashMap<String, Node>,
    by_label: HashMap<String, Node>,
    /// For each id that a squash replaces, the squash. Its own id is among them.
    replaced: HashMap<String, Node>,
    /// `Revises`, in header order.
    down: Edges,
    /// `Revises`, then the dependencies that no ancestor on the branch already has (Alembic's `_normalized_down_revisions`).
    normalized_down: Edges,
    next: Edges,
    all_next: Edges,
    /// For each revision, the labels of the branches it is on, sorted.
    branch_labels: Vec<Vec<String>>,
}

impl RevisionGraph {
    /// Builds the graph from revisions in file order.
    ///
    /// # Errors
    /// Fails on a duplicate id or label, an unknown parent or dependency, or a cycle. The error names the files.
    pub fn new(revisions: Vec<Revision>) -> Result<Self, GraphError> {
        let mut errors = Vec::new();
        let by_id = index_ids(&revisions, &mut errors);
        let by_label = index_labels(&revisions, &by_id, &mut errors);
        let replaced = index_replaced(&revisions);
        let parents = resolve_parents(&revisions, &by_id, &replaced, &mut errors);
        let dependencies = resolve_dependencies(&revisions, &by_id, &by_label, &replaced, &mut errors);
        if let Some(error) = GraphError::several(errors) {
            return Err(error);
        }
        let down = Edges::collect(parents.into_iter());
        let dependencies = Edges::collect(dependencies.into_iter());
        let all_down = down.join(&dependencies);
        let next = down.reversed();
        let all_next = all_down.reversed();
        if let Some(cycle) = find_cycle(&all_down, &all_next) {
            let revisions = || cycle.iter().map(|node| &revisions[node.index()]);
            return Err(GraphError::Cycle {
                revisions: revisions().map(|revision| revision.id().to_owned()).collect(),
                paths: revisions().map(|revision| revision.path().to_owned()).collect(),
            });
        }
        let dependencies = normalize(&down, &dependencies);
        let normalized_down = down.join(&dependencies);
        let mut graph = Self {
            revisions,
            by_id,
            by_label,
            replaced,
            down,
            normalized_down,
            next,
            all_next,
            branch_labels: Vec::new(),
        };
        graph.branch_labels = graph.spread_labels();
        Ok(graph)
    }

    /// The number of revisions.
    pub fn len(&self) -> usize {
        self.revisions.len()
    }

    /// Whether there are no revisions.
    pub fn is_empty(&self) -> bool {
        self.revisions.is_empty()
    }

    /// All revisions, in file order.
    pub fn nodes(&self) -> impl DoubleEndedIterator<Item = Node> + use<> {
        (0..self.len()).map(Node::new)
    }

    /// An empty set for revisions of this graph.
    pub fn empty_set(&self) -> NodeSet {
        NodeSet::new(self.len())
    }

    /// The revision at a node.
    pub fn revision(&self, node: Node) -> &Revision {
        &self.revisions[node.index()]
    }

    /// The revision id of a node.
    pub fn id(&self, node: Node) -> &str {
        self.revision(node).id()
    }

    /// The revision ids of several nodes.
    pub fn ids(&self, nodes: impl IntoIterator<Item = Node>) -> Vec<String> {
        nodes.into_iter().map(|node| self.id(node).to_owned()).collect()
    }

    /// Finds a revision by its full id.
    pub fn find(&self, id: &str) -> Option<Node> {
        self.by_id.get(id).copied()
    }

    /// The squash that this revision, which has no file any more, is a part of.
    pub fn squash_of(&self, id: &str) -> Option<Node> {
        self.replaced.get(id).copied().filter(|_| !self.by_id.contains_key(id))
    }

    /// Refuses a file of a revision that a squash replaces: its statements would run twice.
    ///
    /// # Errors
    /// Fails on the first such file.
    pub fn check_replaced(&self) -> Result<(), GraphError> {
        let twice = |(id, &squash): (&String, &Node)| {
            let node = self.find(id).filter(|&node| node != squash)?;
            let paths = [node, squash].map(|node| self.revision(node).path().to_owned());
            Some(GraphError::Replaced { id: id.clone(), squash: self.id(squash).to_owned(), paths })
        };
        let mut found: Vec<GraphError> = self.replaced.iter().filter_map(twice).collect();
        found.sort_by(|one, other| one.path().cmp(&other.path()));
        GraphError::several(found).map_or(Ok(()), Err)
    }

    /// Finds the revision whose header has this branch label.
    pub fn find_label(&self, label: &str) -> Option<Node> {
        self.by_label.get(label).copied()
    }

    /// Every id and label with its revision: first the ids in file order, then the labels in alphabetical order.
    pub fn names(&self) -> impl Iterator<Item = (&str, Node)> {
        let mut labels: Vec<_> = self.by_label.iter().map(|(label, &node)| (label.as_str(), node)).collect();
        labels.sort_unstable();
        self.nodes().map(|node| (self.id(node), node)).chain(labels)
    }

    /// The parents, from `Revises`.
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

    /// The labels of the branches that this revision is on, sorted.
    pub fn branch_labels(&self, node: Node) -> &[String] {
        &self.branch_labels[node.index()]
    }

    /// The heads: revisions that no other revises, in file order.
    pub fn heads(&self) -> impl Iterator<Item = Node> + '_ {
        self.nodes().filter(|&node| self.next(node).is_empty())
    }

    /// The heads that no revision depends on either: the rows of the version table after `upgrade heads`.
    pub fn real_heads(&self) -> impl Iterator<Item = Node> + '_ {
        self.nodes().filter(|&node| self.all_next(node).is_empty())
    }

    /// The bases: revisions with an empty `Revises`, in file order.
    pub fn bases(&self) -> impl Iterator<Item = Node> + '_ {
        self.nodes().filter(|&node| self.down(node).is_empty())
    }

    /// Whether several revisions revise this one.
    pub fn is_branch_point(&self, node: Node) -> bool {
        self.next(node).len() > 1
    }

    /// Whether this revision revises several.
    pub fn is_merge_point(&self, node: Node) -> bool {
        self.down(node).len() > 1
    }

    /// The revisions and all their ancestors.
    pub fn ancestors(&self, of: impl IntoIterator<Item = Node>, follow: Follow) -> NodeSet {
        match follow {
            Follow::Revises => self.reach(of, |node| self.down(node)),
            Follow::Dependencies => self.reach(of, |node| self.normalized_down(node)),
        }
    }

    /// The revisions and all their descendants.
    pub fn descendants(&self, of: impl IntoIterator<Item = Node>, follow: Follow) -> NodeSet {
        match follow {
            Follow::Revises => self.reach(of, |node| self.next(node)),
            Follow::Dependencies => self.reach(of, |node| self.all_next(node)),
        }
    }

    /// The first of these revisions that has another of them as an ancestor, and that ancestor.
    pub fn overlap(&self, nodes: &[Node]) -> Option<(Node, Node)> {
        self.overlap_by(nodes, Follow::Dependencies)
    }

    /// Like [`Self::overlap`], along these edges.
    pub fn overlap_by(&self, nodes: &[Node], follow: Follow) -> Option<(Node, Node)> {
        if nodes.len() < 2 {
            return None;
        }
        nodes.iter().find_map(|&node| {
            let below = self.ancestors([node], follow);
            Some((node, nodes.iter().copied().find(|&other| other != node && below.contains(other))?))
        })
    }

    fn reach<'graph>(
        &'graph self,
        from: impl IntoIterator<Item = Node>,
        edges: impl Fn(Node) -> &'graph [Node],
    ) -> NodeSet {
        let mut found = self.empty_set();
        let mut todo: Vec<Node> = from.into_iter().collect();
        while let Some(node) = todo.pop() {
            if found.insert(node) {
                todo.extend(edges(node));
            }
        }
        found
    }

    /// A label applies to all descendants of the labeled revision and, if the branch does not fork above it, to its ancestors
    /// down to the next branch or merge point (Alembic's `RevisionMap._add_branches`).
    fn spread_labels(&self) -> Vec<Vec<String>> {
        let mut labels: Vec<HashSet<&str>> = vec![HashSet::new(); self.len()];
        for node in self.nodes() {
            for label in &self.revision(node).header().branch_labels {
                for below in self.descendants([node], Follow::Revises).iter() {
                    labels[below.index()].insert(label);
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
                    labels[node.index()].insert(label);
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

fn index_ids(revisions: &[Revision], errors: &mut Vec<GraphError>) -> HashMap<String, Node> {
    let mut by_id: HashMap<String, Node> = HashMap::with_capacity(revisions.len());
    for (node, revision) in revisions.iter().enumerate() {
        if let Some(first) = by_id.insert(revision.id().to_owned(), Node::new(node)) {
            errors.push(GraphError::DuplicateId {
                id: revision.id().to_owned(),
                paths: [revisions[first.index()].path().to_owned(), revision.path().to_owned()],
            });
        }
    }
    by_id
}

fn index_labels(
    revisions: &[Revision],
    by_id: &HashMap<String, Node>,
    errors: &mut Vec<GraphError>,
) -> HashMap<String, Node> {
    let mut by_label: HashMap<String, Node> = HashMap::new();
    for (node, revision) in revisions.iter().enumerate() {
        for label in &revision.header.branch_labels {
            let taken = by_id.get(label).copied().or_else(|| by_label.insert(label.clone(), Node::new(node)));
            if let Some(first) = taken {
                errors.push(GraphError::DuplicateLabel {
                    label: label.clone(),
                    paths: [revisions[first.index()].path().to_owned(), revision.path().to_owned()],
                });
            }
        }
    }
    by_label
}

fn index_replaced(revisions: &[Revision]) -> HashMap<String, Node> {
    let ids = |(node, revision): (usize, &Revision)| {
        let replaced = revision.header.replaces.iter();
        replaced.map(|replaced| (replaced.revision.clone(), Node::new(node))).collect::<Vec<_>>()
    };
    revisions.iter().enumerate().flat_map(ids).collect()
}

/// The error for a name in a header that a squash has replaced.
fn squashed(
    revisions: &[Revision],
    revision: &Revision,
    name: &str,
    replaced: &HashMap<String, Node>,
) -> Option<GraphError> {
    let squash = replaced.get(name)?;
    Some(GraphError::Squashed {
        revision: revision.id().to_owned(),
        name: name.to_owned(),
        squash: revisions[squash.index()].id().to_owned(),
        path: revision.path().to_owned(),
    })
}

fn resolve_parents(
    revisions: &[Revision],
    by_id: &HashMap<String, Node>,
    replaced: &HashMap<String, Node>,
    errors: &mut Vec<GraphError>,
) -> Vec<Vec<Node>> {
    let parent = |revision: &Revision, id: &String| {
        by_id.get(id).copied().ok_or_else(|| {
            squashed(revisions, revision, id, replaced).unwrap_or_else(|| GraphError::UnknownParent {
                revision: revision.id().to_owned(),
                parent: id.clone(),
                path: revision.path().to_owned(),
                similar: similar(id, by_id.keys().map(String::as_str)),
            })
        })
    };
    let mut parents = |revision: &Revision| {
        let ids = revision.header.revises.iter();
        ids.filter_map(|id| parent(revision, id).map_err(|error| errors.push(error)).ok()).collect()
    };
    revisions.iter().map(&mut parents).collect()
}

fn resolve_dependencies(
    revisions: &[Revision],
    by_id: &HashMap<String, Node>,
    by_label: &HashMap<String, Node>,
    replaced: &HashMap<String, Node>,
    errors: &mut Vec<GraphError>,
) -> Vec<Vec<Node>> {
    let dependency = |revision: &Revision, name: &String| {
        by_id.get(name).or_else(|| by_label.get(name)).copied().ok_or_else(|| {
            squashed(revisions, revision, name, replaced).unwrap_or_else(|| GraphError::UnknownDependency {
                revision: revision.id().to_owned(),
                dependency: name.clone(),
                path: revision.path().to_owned(),
                similar: similar(name, by_id.keys().chain(by_label.keys()).map(String::as_str)),
            })
        })
    };
    let mut dependencies = |revision: &Revision| {
        let names = revision.header.depends_on.iter();
        names.filter_map(|name| dependency(revision, name).map_err(|error| errors.push(error)).ok()).collect()
    };
    revisions.iter().map(&mut dependencies).collect()
}
