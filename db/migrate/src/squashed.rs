//! Squashed revisions: the log of a database may still have several where the files have one.
//!
//! A squash has the id of its last revision, so the version rows stay as they are. Only the log changes: the squash is recorded
//! as what was applied, and the others as no longer applied, in one transaction before the run.

use revision::{Checksum, Follow, Node, Revisions, Script};

use crate::bookkeeping::{AS_ENGINE, LogRow};
use crate::encoding::{lacking, without};
use crate::error::Error;
use crate::event::Event;
use crate::logged::AppliedChecksums;
use crate::logged_operation::LoggedOperation;
use crate::provenance::Provenance;
use crate::session::Session;
use crate::state::State;
use crate::tables::Tables;

/// A squash that the log has as several revisions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Unrecorded {
    pub(crate) node: Node,
    /// Whether the log has another file under the id of the squash: that of its last revision.
    is_renewed: bool,
    /// The other revisions that count as applied.
    parts: Vec<String>,
}

impl Unrecorded {
    /// What has to be recorded so that the log has this revision as its file is; none if it has.
    pub(crate) fn of(revisions: &Revisions, node: Node, applied: &AppliedChecksums) -> Option<Self> {
        let (script, id) = (revisions.script(node), revisions.graph().id(node));
        let is_renewed = applied.get(id).is_some_and(|&checksum| checksum != Some(script.checksum()));
        let is_part = |part: &&str| *part != id && applied.contains_key(*part);
        let parts: Vec<String> =
            script.header().replaced_ids().into_iter().filter(is_part).map(str::to_owned).collect();
        (is_renewed || !parts.is_empty()).then_some(Self { node, is_renewed, parts })
    }
}

/// The applied squashes that the log has as several revisions.
pub(crate) fn unrecorded(revisions: &Revisions, state: &State, applied: &AppliedChecksums) -> Vec<Unrecorded> {
    let graph = revisions.graph();
    let heads = state.rows.iter().filter_map(|row| graph.find(row));
    let nodes = graph.ancestors(heads, Follow::Dependencies);
    let is_squash = |&node: &Node| !revisions.script(node).header().replaces.is_empty();
    nodes.iter().filter(is_squash).filter_map(|node| Unrecorded::of(revisions, node, applied)).collect()
}

/// Whether a revision that was applied with this checksum is one that the file replaces.
pub(crate) fn replaces(script: &Script, revision: &str, checksum: Option<Checksum>) -> bool {
    let mut replaced = script.header().replaces.iter();
    replaced.any(|replaced| replaced.revision == revision && Some(replaced.checksum) == checksum)
}

/// Records squashes, in one transaction.
///
/// # Errors
/// The tables can't be written, or a file can't be read. Nothing has been recorded.
pub(crate) fn record(
    session: &mut Session,
    revisions: &Revisions,
    squashes: &[Unrecorded],
    reason: Option<&str>,
    provenance: &Provenance,
) -> Result<(), Error> {
    if squashes.is_empty() {
        return Ok(());
    }
    session.check_interrupted()?;
    session.check_writable()?;
    let mut sql = format!("BEGIN;\n{AS_ENGINE}SET LOCAL client_min_messages = warning;\n");
    for squash in squashes {
        sql.push_str(&record_sql(&session.tables, revisions, squash, reason, provenance)?);
    }
    sql.push_str("COMMIT;");
    let lacking = lacking(session, &sql)?;
    let sql = without(sql, &lacking);
    session.connection.send(&sql).inspect_err(|_| _ = session.connection.roll_back())?;
    for Unrecorded { node, parts, .. } in squashes.iter().filter(|squash| !squash.parts.is_empty()) {
        let revision = revisions.graph().id(*node).to_owned();
        session.report(Event::SquashRecorded { revision, parts: parts.clone() });
    }
    Ok(())
}

fn record_sql(
    tables: &Tables,
    revisions: &Revisions,
    squash: &Unrecorded,
    reason: Option<&str>,
    provenance: &Provenance,
) -> Result<String, revision::Error> {
    let Unrecorded { node, is_renewed, ref parts } = *squash;
    let graph = revisions.graph();
    let mut sql = String::new();
    if !parts.is_empty() {
        sql.push_str(&tables.log_squashed(parts, provenance));
    }
    if is_renewed {
        let (script, operation) = (revisions.script(node), LoggedOperation::Accept);
        sql.push_str(&tables.log(&LogRow { graph, node, operation, script, started: "now()", provenance })?);
    }
    let squashed = format!("squashed into {}", graph.id(node));
    let rows = parts.len() + usize::from(is_renewed);
    Ok(sql + &tables.log_reason(reason.unwrap_or(&squashed), rows))
}
