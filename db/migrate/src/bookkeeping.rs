//! What ends a revision: its version rows, its row of the log, and the notes in the journal, as SQL text.
//!
//! Pure. The executor sends this text and the offline renderer prints it, so that both do the same.

use connection::quote_literal;
use revision::{Direction, Node, RevisionGraph, Script, Statement, VersionChange};

use crate::logged_operation::LoggedOperation;
use crate::provenance::Provenance;
use crate::tables::Tables;

/// Every revision begins with the session as it was opened, whatever the one before has set.
pub(crate) const RESET_SESSION: &str = "RESET SESSION AUTHORIZATION; RESET ROLE; RESET ALL;\n";

/// The bookkeeping runs as the role that logged in, whatever the revision has set.
pub(crate) const RESET_ROLE: &str = "RESET SESSION AUTHORIZATION; RESET ROLE; RESET search_path;\n";

/// The same within a transaction, for what is noted between the statements of a revision: its settings apply again afterwards.
pub(crate) const AS_SESSION_USER: &str = "SET LOCAL SESSION AUTHORIZATION DEFAULT; SET LOCAL ROLE NONE;\n";

/// One row of the log.
pub(crate) struct LogRow<'a> {
    pub(crate) graph: &'a RevisionGraph,
    pub(crate) node: Node,
    pub(crate) operation: LoggedOperation,
    pub(crate) script: &'a Script,
    /// When it began, as an SQL expression.
    pub(crate) started: &'a str,
    pub(crate) provenance: &'a Provenance,
}

/// What a row of the log is given.
const LOG_COLUMNS: [&str; 12] = [
    "operation",
    "revision",
    "parents",
    "message",
    "checksum",
    "is_transactional",
    "upgrade_sql",
    "downgrade_sql",
    "started_at",
    "tool_version",
    "commit_id",
    "build_id",
];

impl LogRow<'_> {
    /// The values of these columns, as SQL.
    fn values(&self) -> Result<String, revision::Error> {
        let (graph, script) = (self.graph, self.script);
        let optional = |text: Option<&str>| text.map_or_else(|| "NULL".to_owned(), quote_literal);
        let parents: Vec<String> = graph.down(self.node).iter().map(|&down| quote_literal(graph.id(down))).collect();
        let downgrade = script.downgrade().map(|section| script.sql(section)).transpose()?;
        let values: [String; LOG_COLUMNS.len()] = [
            quote_literal(self.operation.name()),
            quote_literal(graph.id(self.node)),
            format!("ARRAY[{}]::text[]", parents.join(", ")),
            quote_literal(&script.header().message),
            quote_literal(&script.checksum().to_string()),
            script.is_transactional().to_string(),
            quote_literal(&script.sql(script.upgrade())?),
            optional(downgrade.as_deref()),
            self.started.to_owned(),
            quote_literal(&self.provenance.tool_version),
            optional(self.provenance.commit.as_deref()),
            optional(self.provenance.build_id.as_deref()),
        ];
        Ok(values.join(", "))
    }
}

impl Tables {
    /// One change of the version table.
    pub(crate) fn change_version(&self, graph: &RevisionGraph, change: &VersionChange) -> String {
        let id = |node: Node| quote_literal(graph.id(node));
        match *change {
            VersionChange::Insert(node) => {
                format!("INSERT INTO {} (version_num) VALUES ({});\n", self.version, id(node))
            }
            VersionChange::Delete(node) => format!("DELETE FROM {} WHERE version_num = {};\n", self.version, id(node)),
            VersionChange::Update { from, to } => {
                format!("UPDATE {} SET version_num = {} WHERE version_num = {};\n", self.version, id(to), id(from))
            }
        }
    }

    /// The same, failing if the row does not exist: then something migrates without the lock.
    pub(crate) fn change_version_checked(&self, graph: &RevisionGraph, change: &VersionChange) -> String {
        let sql = self.change_version(graph, change);
        match change {
            VersionChange::Insert(_) => sql,
            VersionChange::Delete(_) | VersionChange::Update { .. } => checked(&sql),
        }
    }

    /// Prepares what ends a revision: parsed and planned once, a run of a thousand small revisions takes a fifth less time.
    pub(crate) fn prepare(&self) -> String {
        let update = format!("UPDATE {} SET version_num = $1 WHERE version_num = $2", self.version);
        let values: Vec<String> = (1..=LOG_COLUMNS.len()).map(|number| format!("${number}")).collect();
        format!(
            "PREPARE migrate_version (text, text) AS {}PREPARE migrate_log AS {}",
            checked(&update),
            self.insert_log(&values.join(", "))
        )
    }

    /// As [`Self::change_version_checked`], with what [`Self::prepare`] has prepared.
    pub(crate) fn change_version_prepared(&self, graph: &RevisionGraph, change: &VersionChange) -> String {
        match *change {
            VersionChange::Update { from, to } => {
                let id = |node: Node| quote_literal(graph.id(node));
                format!("EXECUTE migrate_version ({}, {});\n", id(to), id(from))
            }
            VersionChange::Insert(_) | VersionChange::Delete(_) => self.change_version_checked(graph, change),
        }
    }

    fn insert_log(&self, values: &str) -> String {
        format!("INSERT INTO {} ({}) VALUES ({values});\n", self.log, LOG_COLUMNS.join(", "))
    }

    /// A row of the log.
    pub(crate) fn log(&self, row: &LogRow<'_>) -> Result<String, revision::Error> {
        Ok(self.insert_log(&row.values()?))
    }

    /// As [`Self::log`], with what [`Self::prepare`] has prepared.
    pub(crate) fn log_prepared(&self, row: &LogRow<'_>) -> Result<String, revision::Error> {
        Ok(format!("EXECUTE migrate_log ({});\n", row.values()?))
    }

    /// The reason of the row that was logged last.
    pub(crate) fn log_reason(&self, reason: &str) -> String {
        let (log, reason) = (&self.log, quote_literal(reason));
        format!("UPDATE {log} SET reason = {reason} WHERE id = (SELECT max(id) FROM {log});\n")
    }

    /// Empties the version table and the journal.
    pub(crate) fn purge(&self) -> String {
        format!("DELETE FROM {};\nDELETE FROM {};\n", self.version, self.journal)
    }

    /// Notes that a statement of a `Transaction: off` revision begins.
    pub(crate) fn journal_start(&self, note: &Note<'_>, statement: &Statement) -> String {
        format!(
            include_str!("sql/journal_start.sql"),
            journal = self.journal,
            revision = quote_literal(note.revision),
            direction = note.direction,
            number = note.number,
            checksum = statement.digest,
            line = statement.place.line,
        )
    }

    /// Notes that it has succeeded.
    pub(crate) fn journal_finish(&self, note: &Note<'_>) -> String {
        format!("UPDATE {} SET finished_at = clock_timestamp() WHERE {};\n", self.journal, note.condition())
    }

    /// Notes that the server refused it. A row with neither an end nor an error is one whose run died.
    pub(crate) fn journal_error(&self, note: &Note<'_>, error: &str) -> String {
        format!("UPDATE {} SET error = {} WHERE {};\n", self.journal, quote_literal(error), note.condition())
    }

    /// When a `Transaction: off` revision began, as an SQL expression.
    pub(crate) fn journal_started(&self, revision: &str) -> String {
        format!(
            "coalesce((SELECT min(started_at) FROM {} WHERE revision = {}), now())",
            self.journal,
            quote_literal(revision)
        )
    }

    /// Removes the journal of a revision that is done.
    pub(crate) fn journal_clear(&self, revision: &str) -> String {
        format!("DELETE FROM {} WHERE revision = {};\n", self.journal, quote_literal(revision))
    }
}

/// Which statement a row of the journal is about.
pub(crate) struct Note<'a> {
    pub(crate) revision: &'a str,
    pub(crate) direction: Direction,
    /// From 1.
    pub(crate) number: usize,
}

impl Note<'_> {
    fn condition(&self) -> String {
        let (revision, direction, number) = (quote_literal(self.revision), self.direction, self.number);
        format!("revision = {revision} AND direction = '{direction}' AND statement = {number}")
    }
}

/// The SQLSTATE that [`checked`] raises: division by zero.
pub(crate) const VERSION_ROW_GONE: &str = "22012";

/// A statement that changes a version row, failing if it does not exist.
fn checked(sql: &str) -> String {
    let sql = sql.trim_end().trim_end_matches(';');
    format!("WITH changed AS ({sql} RETURNING 1) SELECT 1 / count(*) AS the_version_row_was_there FROM changed;\n")
}
