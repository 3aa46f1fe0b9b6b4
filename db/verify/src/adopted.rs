//! The revisions that a history had when it was adopted: applied as they are, and held to nothing.

use anyhow::{Context, Result};
use revision::{Follow, Node, NodeSet, RevisionGraph, TargetError};

use crate::finding::{counted, message};

/// What names the newest of these revisions.
const KEY: &str = "`until` in `[adopted]` of xtask.toml";

/// These revisions.
pub(crate) struct Adopted(NodeSet);

impl Adopted {
    /// Those with these ids, and all revisions before them.
    pub(crate) fn until(graph: &RevisionGraph, ids: &[String]) -> Result<Self> {
        let mut newest = Vec::new();
        for id in ids {
            newest.push(find(graph, id).with_context(|| KEY.to_owned())?);
        }
        Ok(Self(graph.ancestors(newest, Follow::Dependencies)))
    }

    pub(crate) fn contains(&self, node: Node) -> bool {
        self.0.contains(node)
    }

    /// Those of a list, in its order.
    pub(crate) fn of(&self, nodes: &[Node]) -> Vec<Node> {
        nodes.iter().copied().filter(|&node| self.contains(node)).collect()
    }

    /// Reports how many revisions a check leaves out.
    pub(crate) fn report(&self, check: &str) {
        match self.0.iter().count() {
            0 => {}
            count => message(&format!("not {check} {} ({KEY})", counted(count, "adopted revision"))),
        }
    }
}

/// The revision with an id. A symbol or a prefix could mean another revision later.
fn find(graph: &RevisionGraph, id: &str) -> Result<Node> {
    if let Some(node) = graph.find(id) {
        return Ok(node);
    }
    match graph.resolve(id) {
        Err(error @ TargetError::NoSuchRevision { .. }) => Err(error.into()),
        _ => anyhow::bail!("`{id}` is not the full id of a revision"),
    }
}
