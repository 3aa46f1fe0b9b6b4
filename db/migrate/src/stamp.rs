//! Sets version rows without running anything, with a log row for each.

use revision::{Node, Revisions, VersionChange};

use crate::bookkeeping::LogRow;
use crate::logged_operation::LoggedOperation;
use crate::provenance::Provenance;
use crate::tables::Tables;

/// The SQL of a stamp.
///
/// # Errors
/// A file can't be read.
pub(crate) fn stamp(
    revisions: &Revisions,
    changes: &[VersionChange],
    tables: &Tables,
    provenance: &Provenance,
    change_version: impl Fn(&VersionChange) -> String,
) -> Result<String, revision::Error> {
    let mut sql = String::new();
    for change in changes {
        let (node, operation) = stamped(change);
        let (graph, script) = (revisions.graph(), revisions.script(node));
        sql.push_str(&change_version(change));
        sql.push_str(&tables.log(&LogRow { graph, node, operation, script, started: "now()", provenance })?);
    }
    Ok(sql)
}

/// The revision and the operation that a change is logged as.
fn stamped(change: &VersionChange) -> (Node, LoggedOperation) {
    match *change {
        VersionChange::Insert(node) | VersionChange::Update { to: node, .. } => (node, LoggedOperation::Stamp),
        VersionChange::Delete(node) => (node, LoggedOperation::Unstamp),
    }
}
