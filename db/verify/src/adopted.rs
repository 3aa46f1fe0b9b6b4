//! The revisions that a history had when it was adopted: they are applied as they are, and exempt from all checks.

use anyhow::{Context, Result};
use revision::{Follow, Node, NodeSet, RevisionGraph, TargetError};

use crate::finding::{counted, message};

/// The setting that names the newest of these revisions.
const KEY: &str = "`until` in `[adopted]` of xtask.toml";

/// These revisions.
pub(crate) struct Adopted(NodeSet);

impl Adopted {
    /// The revisions with these ids, and all before them.
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

    /// The revisions of a list that are adopted, in the order of the list.
    pub(crate) fn of(&self, nodes: &[Node]) -> Vec<Node> {
        nodes.iter().copied().filter(|&node| self.contains(node)).collect()
    }

    /// Reports how many revisions a check skips.
    pub(crate) fn report(&self, check: &str) {
        match self.0.iter().count() {
            0 => {}
            count => message(&format!("not {check} {} ({KEY})", counted(count, "adopted revision"))),
        }
    }
}

/// The revision with an id. A symbol or a prefix could mean a different revision later.
fn find(graph: &RevisionGraph, id: &str) -> Result<Node> {
    if let Some(node) = graph.find(id) {
        return Ok(node);
    }
    match graph.resolve(id) {
        Err(error @ TargetError::NoSuchRevision { .. }) => Err(error.into()),
        Ok(nodes) if nodes.len() == 1 => {
            anyhow::bail!("`{id}` is not the full id of a revision: write `{}`", graph.id(nodes[0]))
        }
        _ => anyhow::bail!("`{id}` is not the full id of a revision"),
    }
}
