//! The SQL that records a revision: its version rows, its log row, and the journal.
//!
//! Pure. A run sends this SQL and a script contains it, so both leave the same rows.

use connection::{OWN_PATH, quote_literal};
use revision::{Direction, Node, RevisionGraph, Script, Statement, VersionChange};

use crate::log_text::log_text;
use crate::logged_operation::LoggedOperation;
use crate::provenance::Provenance;
use crate::tables::{LOG_COLUMNS, Tables, is_lock};

/// Begins a transaction that returns the session to its initial state before each revision, regardless of what the
/// previous one has left behind. It must end before the revision begins, because a transaction keeps the
/// characteristics that it began with.
pub(crate) const RESET: &str = "BEGIN;\nRESET SESSION AUTHORIZATION; RESET ROLE; RESET ALL;\n";

/// Within that transaction, discards everything else that a revision may have left behind.
pub(crate) const DISCARD: &str = "CLOSE ALL; UNLISTEN *; DISCARD SEQUENCES; DISCARD TEMP;\n";

/// Part of the error message if another session holds the lock.
pub(crate) const LOCK_LOST: &str = "the migration lock is lost";

/// Part of the error message if a statement outside a transaction has released the lock.
pub(crate) const LOCK_RELEASED: &str = "the migration lock is released";

/// Part of the error message if a revision has left prepared statements behind.
pub(crate) const UNCLEAN: &str = "prepared statements are left";

/// Precedes the bookkeeping, which runs as the role that logged in and resolves names with [`OWN_PATH`], regardless of
/// what the revision has set. Deferred triggers run first, with the settings of the revision, as they would at its
/// COMMIT.
pub(crate) const AS_ENGINE: &str = concat!(
    "SET CONSTRAINTS ALL IMMEDIATE;\nRESET SESSION AUTHORIZATION; RESET ROLE;\n",
    "SET LOCAL search_path = pg_catalog, pg_temp;\n"
);

/// The same for the rest of a transaction only, to write the journal between statements without undoing their settings.
pub(crate) const AS_ENGINE_LOCALLY: &str = concat!(
    "SET CONSTRAINTS ALL IMMEDIATE;\nSET LOCAL SESSION AUTHORIZATION DEFAULT; SET LOCAL role TO DEFAULT;\n",
    "SET LOCAL search_path = pg_catalog, pg_temp;\n"
);

/// A journal entry in a separate transaction, which is read-write regardless of what the revision has set.
pub(crate) fn entry(sql: &str) -> String {
    format!("BEGIN READ WRITE;\n{AS_ENGINE_LOCALLY}{sql}COMMIT;\n")
}

/// The same before an entry that records the state of the session. Keeps the state for [`Tables::session_state`].
pub(crate) const BEFORE_ENTRY: &str = include_str!("sql/session_before_entry.sql");

/// The note that a statement is sent in one transaction with its journal entry: if the entry is missing, the statement
/// has not run.
pub(crate) const TOGETHER: &str = "together";

/// A row of the log.
pub(crate) struct LogRow<'a> {
    pub(crate) graph: &'a RevisionGraph,
    pub(crate) node: Node,
    pub(crate) operation: LoggedOperation,
    pub(crate) script: &'a Script,
    /// When the operation started, as an SQL expression.
    pub(crate) started: &'a str,
    pub(crate) provenance: &'a Provenance,
}

impl LogRow<'_> {
    /// The values of [`LOG_COLUMNS`], as SQL.
    fn values(&self) -> Result<String, revision::Error> {
        let (graph, script) = (self.graph, self.script);
        let optional = |text: Option<&str>| text.map_or_else(|| "NULL".to_owned(), quote_literal);
        let parents: Vec<String> = graph.down(self.node).iter().map(|&down| quote_literal(graph.id(down))).collect();
        let dependency = |name: &String| graph.find(name).or_else(|| graph.find_label(name)).map(|node| graph.id(node));
        let depends_on: Vec<String> =
            script.header().depends_on.iter().filter_map(dependency).map(quote_literal).collect();
        let downgrade = script.downgrade().map(|section| log_text(script, section)).transpose()?;
        let values: [String; LOG_COLUMNS.len()] = [
            quote_literal(self.operation.name()),
            quote_literal(graph.id(self.node)),
            format!("ARRAY[{}]::text[]", parents.join(", ")),
            quote_literal(&script.header().message),
            quote_literal(&script.checksum().to_string()),
            script.is_transactional().to_string(),
            quote_literal(&log_text(script, script.upgrade())?),
            optional(downgrade.as_deref()),
            self.started.to_owned(),
            quote_literal(&self.provenance.tool_version),
            optional(self.provenance.commit.as_deref()),
            optional(self.provenance.build_id.as_deref()),
            format!("ARRAY[{}]::text[]", depends_on.join(", ")),
            optional(script.downgrade().map(|section| section.checksum().to_string()).as_deref()),
        ];
        Ok(values.join(", "))
    }
}

impl Tables {
    /// A change to the version table.
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

    /// The same, but fails if the row is missing, which means that something else migrates without the lock.
    pub(crate) fn change_version_checked(&self, graph: &RevisionGraph, change: &VersionChange) -> String {
        let sql = self.change_version(graph, change);
        match change {
            VersionChange::Insert(_) => sql,
            VersionChange::Delete(_) | VersionChange::Update { .. } => checked(&sql),
        }
    }

    /// Prepares the statements that record a revision. Parsing and planning them once saves a fifth of the time of a
    /// thousand small revisions.
    pub(crate) fn prepare(&self) -> String {
        let update = format!("UPDATE {} SET version_num = $1 WHERE version_num = $2", self.version);
        let values: Vec<String> = (1..=LOG_COLUMNS.len()).map(|number| format!("${number}")).collect();
        format!(
            "PREPARE migrate_version (text, text) AS {}PREPARE migrate_log AS {}",
            checked(&update),
            self.keeping_the_lock(&self.insert_log(&values.join(", ")))
        )
    }

    /// Makes a statement that inserts a log row also take the lock again, in case the revision has released it, and
    /// release every other advisory lock of the session. Until the end of the transaction, the lock is held twice, so
    /// that no other session can take it in between.
    fn keeping_the_lock(&self, insert: &str) -> String {
        format!("{} RETURNING {};\n", insert.trim_end().trim_end_matches(';'), self.keep_lock())
    }

    fn keep_lock(&self) -> String {
        let sql = format!(include_str!("sql/keep_lock.sql"), key = self.lock_key, lost = LOCK_LOST);
        sql.trim_end().to_owned()
    }

    /// Discards what a revision may have left behind. Fails if prepared statements are left.
    pub(crate) fn clean(&self) -> String {
        let keep_lock = self.keep_lock();
        format!(
            "{DISCARD}{OWN_PATH}{}",
            format_args!(include_str!("sql/clean.sql"), keep_lock = keep_lock, unclean = UNCLEAN)
        )
    }

    /// Fails if a statement outside a transaction has released the lock.
    pub(crate) fn check_lock(&self) -> String {
        let sql = include_str!("sql/check_lock.sql");
        sql.replace("{is_lock}", &is_lock(self.lock_key)).replace("{released}", LOCK_RELEASED)
    }

    /// Takes the lock, unless another session has taken it.
    pub(crate) fn retake_lock(&self) -> String {
        let key = self.lock_key;
        format!("SELECT (CASE WHEN pg_try_advisory_lock({key}) THEN '1' ELSE '{LOCK_LOST}' END)::integer;\n")
    }

    /// Like [`Self::change_version_checked`], with the statements of [`Self::prepare`].
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

    /// Inserts a log row.
    pub(crate) fn log(&self, row: &LogRow<'_>) -> Result<String, revision::Error> {
        Ok(self.insert_log(&row.values()?))
    }

    /// Inserts the log row of a revision that has run. See [`Self::keeping_the_lock`].
    pub(crate) fn log_run(&self, row: &LogRow<'_>) -> Result<String, revision::Error> {
        Ok(self.keeping_the_lock(&self.log(row)?))
    }

    /// Like [`Self::log_run`], with the statements of [`Self::prepare`].
    pub(crate) fn log_prepared(&self, row: &LogRow<'_>) -> Result<String, revision::Error> {
        Ok(format!("EXECUTE migrate_log ({});\n", row.values()?))
    }

    /// Sets the reason of the last log rows.
    pub(crate) fn log_reason(&self, reason: &str, rows: usize) -> String {
        let (log, reason) = (&self.log, quote_literal(reason));
        format!(
            "UPDATE {log} SET reason = {reason} WHERE id IN (SELECT id FROM {log} ORDER BY id DESC LIMIT {rows});\n"
        )
    }

    /// Empties the version table and the journal.
    pub(crate) fn purge(&self) -> String {
        format!("DELETE FROM {};\nDELETE FROM {};\n", self.version, self.journal)
    }

    /// Records that a statement of a `Transaction: off` revision starts. `before` is what to inspect if the run stops
    /// during it, `session` an SQL expression.
    pub(crate) fn journal_start(&self, note: &Note<'_>, statement: &Statement, before: &str, session: &str) -> String {
        format!(
            include_str!("sql/journal_start.sql"),
            journal = self.journal,
            revision = quote_literal(note.revision),
            direction = note.direction,
            number = note.number,
            checksum = statement.digest,
            line = statement.place.line,
            before = quote_literal(before),
            session = session,
        )
    }

    /// Records that the statement succeeded.
    pub(crate) fn journal_finish(&self, note: &Note<'_>, session: &str) -> String {
        let (journal, condition) = (&self.journal, note.condition());
        format!(
            "UPDATE {journal} SET finished_at = pg_catalog.clock_timestamp(), session = {session} WHERE {condition};\n"
        )
    }

    /// The state of the session as an SQL expression, after [`BEFORE_ENTRY`]. The catalog does not list the settings that
    /// no extension defines, so `custom` names the ones to look up.
    pub(crate) fn session_state(&self, custom: &[String]) -> String {
        let custom: Vec<String> = custom.iter().map(|name| quote_literal(name)).collect();
        let expression = format!(
            include_str!("sql/session_state.sql"),
            custom = custom.join(", "),
            is_lock = is_lock(self.lock_key)
        );
        expression.trim_end().to_owned()
    }

    /// Records that the server refused the statement. A row without an end and without an error means that the run
    /// died.
    pub(crate) fn journal_error(&self, note: &Note<'_>, error: &str) -> String {
        format!("UPDATE {} SET error = {} WHERE {};\n", self.journal, quote_literal(error), note.condition())
    }

    /// When a `Transaction: off` revision started, as an SQL expression.
    pub(crate) fn journal_started(&self, revision: &str) -> String {
        format!(
            "coalesce((SELECT min(started_at) FROM {} WHERE revision = {}), now())",
            self.journal,
            quote_literal(revision)
        )
    }

    /// Removes the journal of a finished revision.
    pub(crate) fn journal_clear(&self, revision: &str) -> String {
        format!("DELETE FROM {} WHERE revision = {};\n", self.journal, quote_literal(revision))
    }
}

/// Identifies a row of the journal.
pub(crate) struct Note<'a> {
    pub(crate) revision: &'a str,
    pub(crate) direction: Direction,
    /// The number of the statement, from 1.
    pub(crate) number: usize,
}

impl Note<'_> {
    fn condition(&self) -> String {
        let (revision, direction, number) = (quote_literal(self.revision), self.direction, self.number);
        format!("revision = {revision} AND direction = '{direction}' AND statement = {number}")
    }
}

/// The text that the server's message quotes if a version row is missing. No error of a revision contains it.
pub(crate) const VERSION_ROW_GONE: &str = "migrate: the version row is gone";

/// Makes a statement that changes a version row fail if the row is missing: the text is not a number.
fn checked(sql: &str) -> String {
    let sql = sql.trim_end().trim_end_matches(';');
    format!(
        "WITH changed AS ({sql} RETURNING 1) SELECT CAST(CASE count(*) WHEN 0 THEN '{VERSION_ROW_GONE}' ELSE '1' END AS pg_catalog.int4) AS the_version_row_was_there FROM changed;\n"
    )
}
