//! Moves the revisions of a branch after another head: what a merge would do, without a revision for it.

#![expect(missing_docs, reason = "the comment on each variant covers its fields")]

use std::fmt::{self, Display, Formatter};
use std::io::Read;

use crate::compose::with_revises;
use crate::error::Error;
use crate::file::RevisionFile;
use crate::graph::{Follow, RevisionGraph};
use crate::node::Node;
use crate::revisions::Revisions;
use crate::script::Script;

/// A branch after another head.
#[derive(Debug)]
#[non_exhaustive]
pub struct Rebase {
    /// The revisions that only the branch has, the oldest first.
    pub moved: Vec<Node>,
    /// What the first of them revised.
    pub from: Vec<Node>,
    /// The contents of its file, which now revises the other head.
    pub text: String,
}

/// A branch can't be moved.
#[derive(Debug)]
#[non_exhaustive]
pub enum RebaseError {
    /// A revision is not a head.
    NotAHead { revision: String, next: String },
    /// The branch and the other head are the same.
    SameHead { revision: String },
    /// The branches have no revision in common.
    NothingInCommon { branch: String, onto: String },
    /// A revision of the branch revises one that is not of the branch.
    Merges { revision: String, parent: String },
    /// Another branch continues from the branch.
    BranchesOff { revision: String, next: String },
    /// The branch is meant to stay one.
    Labelled { revision: String, label: String },
    /// A revision of the branch depends on one that is not of the branch.
    DependsOn { revision: String, name: String },
    /// A revision that is not of the branch depends on the branch.
    Needed { revision: String, dependent: String },
    /// A file can't be read, or its new contents would be read differently.
    Revision(Error),
}

impl Display for RebaseError {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotAHead { revision, next } => write!(f, "`{revision}` is not a head: `{next}` follows it"),
            Self::SameHead { revision } => write!(f, "`{revision}` can't be moved after itself"),
            Self::NothingInCommon { branch, onto } => {
                write!(f, "`{branch}` and `{onto}` have no revision in common: they are histories of their own")
            }
            Self::Merges { revision, parent } => {
                write!(f, "`{revision}` merges `{parent}` into the branch, so the branch has no single beginning")
            }
            Self::BranchesOff { revision, next } => {
                write!(f, "another branch continues from `{revision}`: `{next}` revises it")
            }
            Self::Labelled { revision, label } => {
                write!(f, "`{revision}` has the branch label `{label}`: the branch is meant to stay one")
            }
            Self::DependsOn { revision, name } => {
                write!(f, "`{revision}` depends on `{name}`, which is not of the branch")
            }
            Self::Needed { revision, dependent } => {
                write!(f, "`{dependent}`, which is not of the branch, depends on `{revision}`")
            }
            Self::Revision(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for RebaseError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Revision(error) => error.source(),
            _ => None,
        }
    }
}

impl From<Error> for RebaseError {
    fn from(error: Error) -> Self {
        Self::Revision(error)
    }
}

impl Rebase {
    /// Moves the revisions that only `branch` has after `onto`.
    ///
    /// # Errors
    /// A merge would do more than order the two, or a file can't be read.
    pub fn new(revisions: &Revisions, branch: Node, onto: Node) -> Result<Self, RebaseError> {
        let graph = revisions.graph();
        let moved = moved(graph, branch, onto)?;
        let first = moved[0];
        let from = graph.down(first).to_vec();
        let text = text(revisions.script(first), graph.id(onto))?;
        Ok(Self { moved, from, text })
    }
}

/// The revisions to move, the oldest first; at least one.
fn moved(graph: &RevisionGraph, branch: Node, onto: Node) -> Result<Vec<Node>, RebaseError> {
    let id = |node: Node| graph.id(node).to_owned();
    if branch == onto {
        return Err(RebaseError::SameHead { revision: id(branch) });
    }
    for node in [branch, onto] {
        if let Some(&next) = graph.next(node).first() {
            return Err(RebaseError::NotAHead { revision: id(node), next: id(next) });
        }
    }
    let kept = graph.ancestors([onto], Follow::Revises);
    let mut moved = Vec::new();
    let mut next = branch;
    loop {
        moved.push(next);
        match graph.down(next) {
            [] => return Err(RebaseError::NothingInCommon { branch: id(branch), onto: id(onto) }),
            &[parent] if kept.contains(parent) => break,
            &[parent] => next = parent,
            &[_, parent, ..] => return Err(RebaseError::Merges { revision: id(next), parent: id(parent) }),
        }
    }
    moved.reverse();
    for &node in &moved {
        check(graph, &moved, node)?;
    }
    Ok(moved)
}

/// Refuses a revision whose branch is more than an order.
fn check(graph: &RevisionGraph, moved: &[Node], node: Node) -> Result<(), RebaseError> {
    let (revision, header) = (graph.id(node).to_owned(), graph.revision(node).header());
    if let Some(label) = header.branch_labels.first() {
        return Err(RebaseError::Labelled { revision, label: label.clone() });
    }
    let is_moved = |name: &String| graph.find(name).is_some_and(|node| moved.contains(&node));
    if let Some(name) = header.depends_on.iter().find(|name| !is_moved(name)) {
        return Err(RebaseError::DependsOn { revision, name: name.clone() });
    }
    let other = |nodes: &[Node]| nodes.iter().find(|next| !moved.contains(next)).map(|&next| graph.id(next).to_owned());
    if let Some(next) = other(graph.next(node)) {
        return Err(RebaseError::BranchesOff { revision, next });
    }
    match other(graph.all_next(node)) {
        Some(dependent) => Err(RebaseError::Needed { revision, dependent }),
        None => Ok(()),
    }
}

/// The contents of a file that revises another revision: read back, because only the header may change.
fn text(script: &Script, onto: &str) -> Result<String, RebaseError> {
    let path = script.path();
    let mut text = String::new();
    let read = script.file().open().and_then(|mut reader| reader.read_to_string(&mut text));
    read.map_err(Error::io(path))?;
    let text = with_revises(&text, &[onto]);
    let changed = Script::read(&RevisionFile::in_memory(path, &text))?;
    let is_same = changed.checksum() == script.checksum()
        && changed.downgrade().map(|section| section.checksum())
            == script.downgrade().map(|section| section.checksum())
        && changed.header().revises == [onto];
    if is_same { Ok(text) } else { Err(Error::Changed { path: path.to_owned() }.into()) }
}
