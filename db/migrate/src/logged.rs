//! Reads the log: which revisions are applied with which checksum, and the SQL to revert each of them.

use std::collections::HashMap;

use connection::{Row, first, quote_literal};
use revision::{Checksum, Follow, Node, RevisionFile, RevisionGraph, Script, TargetError};

use crate::error::Error;
use crate::history_error::HistoryError;
use crate::logged_operation::LoggedOperation;
use crate::session::Session;
use crate::state::State;

/// For each applied revision in the log, the checksum of what was applied, if the log has one.
pub(crate) type AppliedChecksums = HashMap<String, Option<Checksum>>;

/// A revision in the log.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct LoggedRevision {
    /// The last operation on the revision.
    pub operation: LoggedOperation,
    /// When that operation finished, as the server shows it.
    pub finished_at: String,
    /// The role that ran it.
    pub applied_by: String,
    /// The commit that it was run from.
    pub commit: Option<String>,
    /// The message of the revision.
    pub message: String,
    parents: Vec<String>,
    /// The ids of its dependencies. Earlier versions did not log them.
    depends_on: Option<Vec<String>>,
    is_transactional: bool,
    downgrade: Option<String>,
    /// The checksum of the downgrade section. Earlier versions did not log it.
    downgrade_checksum: Option<Checksum>,
}

impl LoggedRevision {
    /// A script that can revert the revision, unless the log lacks a part of the downgrade section.
    fn to_script(&self, id: &str) -> Result<Script, Error> {
        let script = Script::read(&self.to_file(id))?;
        let Some(section) = script.downgrade() else { return Ok(script) };
        let is_whole = match self.downgrade_checksum {
            Some(checksum) => section.checksum() == checksum,
            None => {
                !script.statements(section).any(|statement| statement.is_ok_and(|statement| statement.copy.is_some()))
            }
        };
        Ok(if is_whole { script } else { script.as_partial() })
    }

    /// A file that can revert the revision. Its upgrade section is empty, because the log has no COPY data.
    fn to_file(&self, id: &str) -> RevisionFile {
        let mode = if self.is_transactional { "" } else { "-- Transaction: off\n" };
        let downgrade = self.downgrade.as_ref().map(|sql| format!("\n-- migrate:downgrade\n{sql}")).unwrap_or_default();
        let (message, revises) = (&self.message, self.parents.join(", "));
        let depends_on = self.depends_on.as_deref().unwrap_or_default().join(", ");
        let depends_on = if depends_on.is_empty() { depends_on } else { format!("-- Depends On: {depends_on}\n") };
        let header = format!("-- {message}\n--\n-- Revision ID: {id}\n-- Revises: {revises}\n{depends_on}{mode}");
        RevisionFile::in_memory(format!("{id}.logged.sql"), format!("{header}\n-- migrate:upgrade\n{downgrade}"))
    }
}

impl Session {
    /// The revision in the log, or `None` if it was never applied to this database.
    ///
    /// # Errors
    /// The server refuses.
    pub fn logged(&mut self, state: &State, revision: &str) -> Result<Option<LoggedRevision>, Error> {
        if !state.has_log {
            return Ok(None);
        }
        let query =
            format!(include_str!("sql/logged_revision.sql"), log = self.tables.log, revision = quote_literal(revision));
        Ok(self.connection.query(&query)?.first().and_then(logged_revision))
    }

    /// The version rows as revisions.
    ///
    /// # Errors
    /// [`TargetError::UnknownRows`], which includes whether the log has them.
    pub fn heads(&mut self, state: &State, graph: &RevisionGraph) -> Result<Vec<Node>, Error> {
        let rows = match state.heads(graph) {
            Err(TargetError::UnknownRows { rows, .. }) => rows,
            heads => return Ok(heads?),
        };
        let mut is_logged = true;
        for row in rows.iter().filter(|row| graph.find(row).is_none()) {
            is_logged = is_logged && self.logged(state, row)?.is_some();
        }
        Err(TargetError::UnknownRows { rows, is_logged }.into())
    }

    /// The applied revisions according to the log, or none if there is no log.
    pub(crate) fn applied_checksums(&mut self, state: &State) -> Result<AppliedChecksums, Error> {
        let mut applied = AppliedChecksums::new();
        if !state.has_log {
            return Ok(applied);
        }
        let rows = self.connection.query(&format!(include_str!("sql/log.sql"), log = self.tables.log))?;
        // Each line is `REVISION OPERATION CHECKSUM`, the oldest first.
        for line in first(&rows, 0).unwrap_or_default().lines() {
            let mut words = line.splitn(3, ' ');
            let (Some(revision), Some(operation)) = (words.next(), words.next().and_then(LoggedOperation::named))
            else {
                continue;
            };
            match operation.applies() {
                true => applied.insert(revision.to_owned(), words.next().and_then(|text| text.parse().ok())),
                false => applied.remove(revision),
            };
        }
        Ok(applied)
    }

    /// What the log has kept of the SQL that a revision was applied with, if it is not longer than `limit` bytes.
    pub(crate) fn logged_upgrade(&mut self, revision: &str, limit: usize) -> Result<Option<String>, Error> {
        let (log, revision) = (&self.tables.log, quote_literal(revision));
        let query = format!(include_str!("sql/logged_upgrade.sql"), log = log, revision = revision, limit = limit);
        Ok(first(&self.connection.query(&query)?, 0).map(str::to_owned))
    }

    /// Scripts that can revert these revisions, their ancestors and their dependencies, except those that `is_known`.
    /// Also returns the ids of those whose dependencies an earlier version did not log.
    pub(crate) fn logged_scripts(
        &mut self,
        state: &State,
        revisions: Vec<String>,
        is_known: impl Fn(&str) -> bool,
    ) -> Result<(Vec<Script>, Vec<String>), Error> {
        let applied = self.applied_checksums(state)?;
        let mut wanted = revisions;
        let mut scripts: HashMap<String, Script> = HashMap::new();
        let mut without_dependencies = Vec::new();
        while let Some(id) = wanted.pop() {
            if is_known(&id) || scripts.contains_key(&id) {
                continue;
            }
            let Some(logged) = self.logged(state, &id)? else {
                return Err(HistoryError::NotLogged { revision: id }.into());
            };
            let script = logged.to_script(&id)?;
            let checksum = applied.get(&id).copied().flatten().unwrap_or_else(|| script.checksum());
            match logged.depends_on {
                Some(dependencies) => wanted.extend(dependencies),
                None => without_dependencies.push(id.clone()),
            }
            scripts.insert(id, script.with_checksum(checksum));
            wanted.extend(logged.parents);
        }
        let mut scripts: Vec<Script> = scripts.into_values().collect();
        scripts.sort_by(|one, other| one.path().cmp(other.path()));
        Ok((scripts, without_dependencies))
    }
}

/// Refuses revisions with unknown dependencies if an applied revision is neither an ancestor nor a descendant of them,
/// because it may be a dependency.
pub(crate) fn check_dependencies<'a>(
    graph: &RevisionGraph,
    without_dependencies: &[String],
    applied: impl Iterator<Item = &'a str> + Clone,
) -> Result<(), HistoryError> {
    for revision in without_dependencies {
        let ancestors = |node: Node| graph.ancestors([node], Follow::Dependencies);
        let is_related = |other: &str| match (graph.find(revision), graph.find(other)) {
            (Some(node), Some(other)) => ancestors(node).contains(other) || ancestors(other).contains(node),
            _ => false,
        };
        if let Some(other) = applied.clone().find(|other| !is_related(other)) {
            let (revision, other) = (revision.clone(), other.to_owned());
            return Err(HistoryError::DependenciesNotLogged { revision, other });
        }
    }
    Ok(())
}

fn logged_revision(row: &Row) -> Option<LoggedRevision> {
    let optional = |column: usize| row.get(column).cloned().flatten();
    let text = |column: usize| optional(column).unwrap_or_default();
    Some(LoggedRevision {
        parents: text(0).split(',').filter(|id| !id.is_empty()).map(str::to_owned).collect(),
        depends_on: optional(8).map(|ids| json_ids(&ids)),
        message: text(1),
        is_transactional: text(2) == "t",
        downgrade: optional(3),
        operation: LoggedOperation::named(&text(4))?,
        finished_at: text(5),
        applied_by: text(6),
        commit: optional(7),
        downgrade_checksum: optional(9).and_then(|checksum| checksum.parse().ok()),
    })
}

/// The ids in a JSON array. An id has no character that JSON would escape.
fn json_ids(array: &str) -> Vec<String> {
    array.split('"').skip(1).step_by(2).map(str::to_owned).collect()
}
