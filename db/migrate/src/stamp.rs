//! Sets version rows without running anything, with a log row for each.

use revision::{Node, Revisions, VersionChange};

use crate::bookkeeping::{AS_ENGINE, LogRow};
use crate::encoding::{lacking, without};
use crate::error::Error;
use crate::logged_operation::LoggedOperation;
use crate::provenance::Provenance;
use crate::session::Session;
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

/// Runs a stamp. To purge, empties the version table and the journal first.
///
/// # Errors
/// The server refuses, or a file can't be read. Nothing has changed.
pub(crate) fn run_stamp(
    session: &mut Session,
    revisions: &Revisions,
    plan: &revision::Plan,
    purge: bool,
    provenance: &Provenance,
) -> Result<(), Error> {
    session.check_interrupted()?;
    let tables = &session.tables;
    let mut sql = format!("BEGIN;\n{AS_ENGINE}");
    if purge {
        sql.push_str(&tables.purge());
    }
    for step in &plan.steps {
        let change = |change: &_| tables.change_version_checked(revisions.graph(), change);
        sql.push_str(&stamp(revisions, &step.changes, tables, provenance, change)?);
    }
    sql.push_str("COMMIT;");
    let lacking = lacking(session, &sql)?;
    let sql = without(sql, &lacking);
    Ok(session.connection.send(&sql).inspect_err(|_| _ = session.connection.roll_back())?)
}
