//! The settings of a `db` command, and the first steps that most commands share.

use std::path::{Path, PathBuf};

use anyhow::Result;
use connection::Settings;
use migrate::Options;
use revision::{Directory, Node, Objects, Operation, Plan, RevisionGraph, Revisions};

use crate::context::Context;
use crate::report::Failure;

/// Opens a way to a database that is not reachable otherwise, when it is first needed.
pub(crate) type Remote<'a> = &'a (dyn Fn() -> Result<Settings> + Sync);

/// The settings of a `db` command.
pub(super) struct Db<'a> {
    pub(super) context: &'a Context,
    /// The directory of the revisions.
    pub(super) directory: PathBuf,
    pub(super) url: Option<String>,
    /// The database of `--env`.
    pub(super) remote: Option<Remote<'a>>,
    /// Another database on the server that is chosen.
    pub(super) database: Option<String>,
    pub(super) options: Options,
}

impl Db<'_> {
    /// Whether the command line names a database.
    pub(super) fn is_named(&self) -> bool {
        self.url.is_some() || self.remote.is_some()
    }

    /// Reads the headers of the revisions.
    pub(super) fn read_graph(&self) -> Result<RevisionGraph> {
        let graph = RevisionGraph::read(&self.source())?;
        self.refuse_empty(&graph)?;
        Ok(graph)
    }

    /// Reads and checks the whole files.
    pub(super) fn read(&self) -> Result<Revisions> {
        let revisions = Revisions::read(&self.source())?;
        self.refuse_empty(revisions.graph())?;
        Ok(revisions)
    }

    /// Reads and checks the files of `objects`, next to the directory of the revisions.
    pub(super) fn read_objects(&self) -> Result<Objects> {
        Ok(Objects::read(&Directory::new(self.next_to_revisions("objects")))?)
    }

    pub(super) fn source(&self) -> Directory {
        Directory::new(&self.directory)
    }

    /// A file next to the directory of the revisions.
    pub(super) fn next_to_revisions(&self, name: &str) -> PathBuf {
        self.directory.parent().unwrap_or(Path::new("")).join(name)
    }

    /// An empty directory is most likely the wrong one.
    fn refuse_empty(&self, graph: &RevisionGraph) -> Result<()> {
        match graph.is_empty() {
            true => Err(revision::Error::NoRevisions { directory: self.directory.clone() }.into()),
            false => Ok(()),
        }
    }

    /// The heads named on the command line; `base` means none.
    pub(super) fn given_heads(&self, graph: &RevisionGraph, names: &[String]) -> Result<Vec<Node>> {
        let mut ids = Vec::new();
        for name in names {
            for node in graph.resolve(name)? {
                ids.push(graph.id(node));
            }
        }
        Ok(graph.rows(ids)?)
    }
}

/// Plans an operation from the heads to the targets.
pub(super) fn make_plan(
    graph: &RevisionGraph,
    operation: Operation,
    heads: &[Node],
    targets: &[String],
) -> Result<Plan> {
    Ok(match (operation, targets) {
        (Operation::Upgrade, [target]) => graph.plan_upgrade(heads, target)?,
        (Operation::Downgrade, [target]) => graph.plan_downgrade(heads, target)?,
        (Operation::Stamp, targets) => graph.plan_stamp(heads, targets.iter().map(String::as_str))?,
        _ => return Err(one_target(operation)),
    })
}

/// The error for several targets where only one is allowed.
pub(super) fn one_target(operation: Operation) -> anyhow::Error {
    Failure::new(format!("`{operation}` takes one target")).code(2).into()
}
