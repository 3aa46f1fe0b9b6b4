//! What the tables say: version rows, log, journal.

use std::collections::HashMap;

use crate::bookkeeping::quote_literal;
use crate::database::{Row, Session, first};
use crate::error::{DatabaseError, Error, TargetError};
use crate::graph::{Node, RevisionGraph};
use crate::lock::Locked;
use crate::script::{Checksum, from_hex};

/// A statement of a `Transaction: off` revision that an earlier run began.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JournalRow {
    /// The revision.
    pub revision: String,
    /// `upgrade` or `downgrade`.
    pub direction: String,
    /// The statement's number, from 1.
    pub statement: usize,
    /// Its checksum in hexadecimal.
    pub checksum: String,
    /// The line it stood in.
    pub line: u32,
    /// Whether it ended well.
    pub finished: bool,
    /// What the server said if it refused; neither this nor an end means that the run died meanwhile.
    pub error: Option<String>,
}

/// What the log says last of a revision.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LogRow {
    /// Whether that was an `upgrade`, `stamp` or `accept`, and not that it was taken back.
    pub is_applied: bool,
    /// The checksum of its upgrade section; none if what is written there is none.
    pub checksum: Option<Checksum>,
}

/// Per revision the log's last row.
pub type Log = HashMap<String, LogRow>;

/// What the tables say, the log aside: only what compares files with what was applied needs that.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct State {
    /// The rows of the version table, sorted.
    pub rows: Vec<String>,
    /// The journal.
    pub journal: Vec<JournalRow>,
    /// Whether all three tables are there.
    pub has_tables: bool,
    has_log: bool,
}

impl State {
    /// The version rows as revisions of a graph.
    ///
    /// # Errors
    /// A row that no file has.
    pub fn heads(&self, graph: &RevisionGraph) -> Result<Vec<Node>, TargetError> {
        graph.rows(self.rows.iter().map(String::as_str))
    }

    /// The error that stands for a half-done revision, given one of its rows of the journal.
    pub fn half_done(&self, row: &JournalRow) -> DatabaseError {
        let done = self.journal.iter().filter(|other| other.revision == row.revision && other.finished).count();
        DatabaseError::HalfDone { revision: row.revision.clone(), direction: row.direction.clone(), done }
    }
}

/// A revision as the log keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoggedRevision {
    /// What was done last: `upgrade`, `downgrade`, `stamp`, `unstamp` or `accept`.
    pub operation: String,
    /// When that was finished, as the server shows it.
    pub finished_at: String,
    /// By which role.
    pub applied_by: String,
    /// From which commit.
    pub commit: Option<String>,
    /// Its parents.
    pub parents: Vec<String>,
    /// Its message.
    pub message: String,
    /// Whether it runs in a transaction.
    pub is_transactional: bool,
    /// Its downgrade section; none if it is irreversible.
    pub downgrade: Option<String>,
}

impl LoggedRevision {
    /// A file that can take it down. What took it up is left out: the log keeps no COPY data.
    pub fn to_file(&self, id: &str) -> String {
        let mode = if self.is_transactional { "" } else { "-- Transaction: off\n" };
        let downgrade = self.downgrade.as_ref().map(|sql| format!("\n-- migrate:downgrade\n{sql}")).unwrap_or_default();
        let (message, revises) = (&self.message, self.parents.join(", "));
        format!(
            "-- {message}\n--\n-- Revision ID: {id}\n-- Revises: {revises}\n{mode}\n-- migrate:upgrade\n{downgrade}"
        )
    }
}

impl Locked {
    /// As [`Session::log`].
    ///
    /// # Errors
    /// The server refuses.
    pub fn log(&mut self, state: &State) -> Result<Log, Error> {
        self.session.log(state)
    }

    /// As [`Session::logged`].
    ///
    /// # Errors
    /// The server refuses.
    pub fn logged(&mut self, state: &State, revision: &str) -> Result<Option<LoggedRevision>, Error> {
        self.session.logged(state, revision)
    }
}

impl Session {
    /// What the log says last of every revision; nothing when it is not there.
    ///
    /// # Errors
    /// The server refuses.
    pub fn log(&mut self, state: &State) -> Result<Log, Error> {
        if !state.has_log {
            return Ok(Log::new());
        }
        // One text instead of a row each, oldest first: ten thousand rows take the driver longer than the server.
        let query = format!(
            "SELECT string_agg(concat_ws(' ', revision, operation, checksum), E'\\n' ORDER BY id) FROM {}",
            self.tables.log
        );
        Ok(first(&self.rows(&query)?, 0).unwrap_or_default().lines().filter_map(log_row).collect())
    }

    /// What the log says of a revision; none if it was never applied here.
    ///
    /// # Errors
    /// The server refuses.
    pub fn logged(&mut self, state: &State, revision: &str) -> Result<Option<LoggedRevision>, Error> {
        if !state.has_log {
            return Ok(None);
        }
        let query = format!(
            "SELECT array_to_string(parents, ','), message, is_transactional, downgrade_sql, operation, finished_at, applied_by, commit_id FROM {} WHERE revision = {} ORDER BY id DESC LIMIT 1",
            self.tables.log,
            quote_literal(revision)
        );
        let found = self.rows(&query)?;
        let parents = |text: &str| text.split(',').filter(|id| !id.is_empty()).map(str::to_owned).collect();
        Ok(found.first().map(|row| LoggedRevision {
            parents: parents(&text(row, 0)),
            message: text(row, 1),
            is_transactional: text(row, 2) == "t",
            downgrade: row.get(3).cloned().flatten(),
            operation: text(row, 4),
            finished_at: text(row, 5),
            applied_by: text(row, 6),
            commit: row.get(7).cloned().flatten(),
        }))
    }

    /// Reads version rows and journal without the lock: for showing, not for planning.
    ///
    /// # Errors
    /// The server refuses.
    pub fn state(&mut self) -> Result<State, Error> {
        let tables = &self.tables;
        let exists = |table: &str| format!("to_regclass({}) IS NOT NULL", quote_literal(table));
        let query = format!("SELECT {}, {}, {}", exists(&tables.version), exists(&tables.log), exists(&tables.journal));
        let found = self.rows(&query)?;
        let has = |column| first(&found, column) == Some("t");
        let mut state = State { has_tables: has(0) && has(1) && has(2), has_log: has(1), ..State::default() };
        let versions = format!("SELECT version_num FROM {} ORDER BY version_num COLLATE \"C\"", self.tables.version);
        let journal = format!(
            "SELECT revision, direction, statement, checksum, line, finished_at IS NOT NULL, error FROM {} ORDER BY revision COLLATE \"C\", direction, statement",
            self.tables.journal
        );
        // Both in one message: rows of one column and of several.
        let queries =
            [(0, versions), (2, journal)].into_iter().filter(|(table, _)| has(*table)).map(|(_, query)| query);
        for row in self.rows(&queries.collect::<Vec<_>>().join("; "))? {
            match row.len() {
                1 => state.rows.push(text(&row, 0)),
                _ => state.journal.push(journal_row(&row)),
            }
        }
        Ok(state)
    }

    /// The SQL that a revision was applied with, from the log.
    ///
    /// # Errors
    /// The server refuses.
    pub fn logged_upgrade(&mut self, revision: &str) -> Result<Option<String>, Error> {
        let query = format!(
            "SELECT upgrade_sql FROM {} WHERE revision = {} ORDER BY id DESC LIMIT 1",
            self.tables.log,
            quote_literal(revision)
        );
        Ok(first(&self.rows(&query)?, 0).map(str::to_owned))
    }
}

fn text(row: &Row, column: usize) -> String {
    row.get(column).cloned().flatten().unwrap_or_default()
}

/// `REVISION OPERATION CHECKSUM`.
fn log_row(line: &str) -> Option<(String, LogRow)> {
    let (revision, rest) = line.split_once(' ')?;
    let (operation, checksum) = rest.split_once(' ')?;
    let is_applied = matches!(operation, "upgrade" | "stamp" | "accept");
    Some((revision.to_owned(), LogRow { is_applied, checksum: from_hex(checksum) }))
}

fn journal_row(row: &Row) -> JournalRow {
    JournalRow {
        revision: text(row, 0),
        direction: text(row, 1),
        statement: text(row, 2).parse().unwrap_or_default(),
        checksum: text(row, 3),
        line: text(row, 4).parse().unwrap_or_default(),
        finished: text(row, 5) == "t",
        error: row.get(6).cloned().flatten(),
    }
}
